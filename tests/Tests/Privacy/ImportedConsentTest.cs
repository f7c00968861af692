using Wellmet.Customers.Contract;
using Wellmet.Customers.Imports;
using Wellmet.Platform;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Consents;
using Wellmet.Privacy.Contract;
using Wellmet.Tests.Customers;
using static Wellmet.Tests.Privacy.ConsentsInShop;

namespace Wellmet.Tests.Privacy;

/// <summary>Files lower what is allowed, and never raise it.</summary>
public sealed class ImportedConsentTest
{
    private const string Header = "Name,Created at,Email,Lineitem sku,Lineitem quantity,Lineitem price,Currency,Accepts Marketing\n";
    private const string Anna = "anna@example.com", Ben = "ben@example.com";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_column_withdraws_or_claims_and_its_undo_takes_both_back(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.SayAsync(Said(await SeeAsync(shop, Ben), ConsentDecision.Given, 0, address: Ben));

        var import = await shop.ImportTextAsync(Header + "#1,2026-04-01,anna@example.com,T-1,1,10,EUR,yes\n#2,2026-04-01,ben@example.com,T-1,1,10,EUR,no\n#2,,,T-2,1,10,,\n", "orders-csv");

        Guid anna = await SeeAsync(shop, Anna), ben = await SeeAsync(shop, Ben);
        (await shop.MayMailAsync(anna, Anna)).ShouldBe(new PurposeDecision(false, "consent_missing"), "a file is no proof");
        (await RecordsAsync(shop, anna)).ShouldBe([ConsentDecision.Claimed]);
        (await shop.MayMailAsync(ben, Ben)).ShouldBe(new PurposeDecision(false, "withdrawn"));
        (await shop.MayMailAsync(ben, Ben, "US")).Allowed.ShouldBeFalse();

        await shop.UndoImportAsync(import.ImportId);
        await shop.DrainAsync();

        (await shop.CountAsync("privacy_consents")).ShouldBe(1);
        (await shop.MayMailAsync(ben, Ben)).Allowed.ShouldBeTrue("as if the file had never been");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task No_import_takes_an_unsubscribe_back(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.SayAsync(Said(await SeeAsync(shop, Anna), ConsentDecision.Withdrawn, 0));

        await shop.ImportTextAsync(Header + "#1,2026-06-01,anna@example.com,T-1,1,10,EUR,yes\n", "orders-csv");
        // The same address at another customer, whom the file knows by the shop's number.
        await shop.ImportTextAsync(Header.Replace("Email", "Email,Customer ID", StringComparison.Ordinal) + "#2,2026-06-01,anna@example.com,17,T-1,1,10,EUR,yes\n", "orders-csv");

        (await shop.MayMailAsync(await SeeAsync(shop, Anna), Anna, "US")).ShouldBe(new PurposeDecision(false, "objected"));
        var other = (await shop.SeeAsync([PeopleTest.External("17")])).Single().SubjectId;
        other.ShouldNotBe(await SeeAsync(shop, Anna));
        (await shop.MayMailAsync(other, Anna, "US")).ShouldBe(new PurposeDecision(false, "objected"), "the address was withdrawn, whoever holds it");
    }

    private static async Task<Guid> SeeAsync(TestShop shop, string email) => (await shop.SeeAsync([PeopleTest.Email(email)])).Single().SubjectId;

    private static async Task<IEnumerable<ConsentDecision>> RecordsAsync(TestShop shop, Guid subject) =>
        (await shop.UseAsync<ConsentHistory, IReadOnlyList<ConsentRecord>>(h => h.ReadAsync([subject], default))).Select(r => r.Decision);
}
