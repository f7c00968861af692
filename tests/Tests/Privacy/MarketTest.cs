using System.Text;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Profiles;
using Wellmet.Platform;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Consents;
using Wellmet.Privacy.Purposes;
using Wellmet.Privacy.Rules;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Privacy;

/// <summary>Whoever uses data without naming a country is answered by the rules of each person's own.</summary>
public sealed class MarketTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_view_is_kept_as_the_rules_where_its_visitor_lives_say(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var german = await SeeAsync(shop, "de", "Germany");
        await SeeAsync(shop, "us", "United States");
        await SeeAsync(shop, "somewhere", "Atlantis");

        await shop.CollectAsync([View("de", "m0")]);
        await shop.CollectAsync([await PageViewAsync(shop, "de", "m1"), await PageViewAsync(shop, "us", "m2"), await PageViewAsync(shop, "somewhere", "m3"),
            new { type = "page", anonymousId = "unknown-1", messageId = "m4", name = "Home" }], CollectionInShop.Page);
        (await KeptAsync(shop)).ShouldBe(["m0", "m2", "m3", "m4"], "what the server tells was read from nobody's device");

        await shop.SayAsync(ConsentsInShop.Said(german, Wellmet.Privacy.Contract.ConsentDecision.Given, 1, Channel.Web, purpose: Purpose.Measurement));
        await shop.UseAsync<SaveRule>(s => s.RunAsync(new PurposeRule("us", Purpose.Measurement, Channel.Web, LegalBasis.Forbidden), default));
        await shop.CollectAsync([await PageViewAsync(shop, "de", "m5"), await PageViewAsync(shop, "us", "m6")], CollectionInShop.Page);
        (await KeptAsync(shop)).ShouldBe(["m0", "m2", "m3", "m4", "m5"]);
    }

    /// <summary>A view that a page tells of a person whom the shop's server proves.</summary>
    private static async Task<object> PageViewAsync(TestShop shop, string user, string messageId)
    {
        var proof = await shop.SignAsync(CollectionInShop.Page.SourceId, new { sub = user, exp = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds() });
        return new { type = "page", messageId, userId = user, identityProof = proof, name = "Home" };
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_file_and_the_pages_follow_the_rules_where_each_customer_lives(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        Guid chinese = await SeeAsync(shop, "C0", "CN"), german = await SeeAsync(shop, "C1", "Deutschland"), lost = await SeeAsync(shop, "C2", "Atlantis");

        var file = await shop.UseAsync<ExportCustomers, string>(async export =>
        {
            using var stream = new MemoryStream();
            await export.RunAsync(new(new ListCustomers.Request(), []), stream, default);
            return Encoding.UTF8.GetString(stream.ToArray());
        });

        (file.Contains("Name C0", StringComparison.Ordinal), file.Contains("Name C1", StringComparison.Ordinal)).ShouldBe((false, true));
        file.TrimEnd().ShouldEndWith("# 1 left out: consent_missing");
        (await LineAsync(shop, chinese, Purpose.Export)).Rule.Market.ShouldBe("cn");
        (await LineAsync(shop, german, Purpose.Export)).Rule.Market.ShouldBe("*");
        (await CountryAsync(shop, german)).ShouldBe("DE");
        (await CountryAsync(shop, lost)).ShouldBeNull("the page says by whose rules it is, and those are everywhere's");
    }

    [Fact]
    public void A_country_is_known_by_its_code_or_its_name()
    {
        foreach (var (said, code) in new[]
        {
            ("DE", "DE"), (" de ", "DE"), ("DEU", "DE"), ("Germany", "DE"), ("GERMANY", "DE"), ("Deutschland", "DE"), ("United Kingdom", "GB"), ("UK", "GB"), ("England", "GB"),
            ("EIRE", "IE"), ("USA", "US"), ("United States of America", "US"), ("Czech Republic", "CZ"), ("China", "CN"), ("Netherlands", "NL"), ("Switzerland", "CH"), ("Canada", "CA"),
        })
        {
            CountryCode.Of(said).ShouldBe(code, said);
        }
        foreach (var said in new[] { null, "", "  ", "Atlantis", "XX", "European Community", "001", "Unspecified" })
        {
            CountryCode.Of(said).ShouldBeNull(said);
        }
        (CountryCode.NameOf("DE", "en"), CountryCode.NameOf("DE", "zh-CN"), CountryCode.NameOf("GB", "en")).ShouldBe(("Germany", "德国", "United Kingdom"));
    }

    private static object View(string user, string id) => new { type = "page", userId = user, messageId = id, name = "Home" };

    private static async Task<IEnumerable<string>> KeptAsync(TestShop shop) => (await shop.EventsAsync<EventCollected>()).Select(e => e.Source.MessageId).Order();

    private static async Task<Guid> SeeAsync(TestShop shop, string id, string country) =>
        (await shop.SeeAsync([PeopleTest.External(id, new PersonDetails($"Name {id}", Country: country))])).Single().SubjectId;

    private static async Task<PurposeLine> LineAsync(TestShop shop, Guid customer, Purpose purpose) =>
        (await shop.UseAsync<ReadPurposes, IReadOnlyList<PurposeLine>>(r => r.RunAsync(customer, default))).Single(l => l.Rule.Purpose == purpose);

    private static async Task<string?> CountryAsync(TestShop shop, Guid customer) => (await shop.UseAsync<ReadConsents, CustomerConsents>(r => r.RunAsync(customer, default))).Country;
}
