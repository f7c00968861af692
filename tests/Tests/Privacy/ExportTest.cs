using System.Text;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Profiles;
using Wellmet.Platform;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.SafeHttp;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Privacy.Purposes;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Privacy;

/// <summary>Whoever objects is in no file and no request that goes out, but gets their own data.</summary>
public sealed class ExportTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_file_leaves_out_who_objected_and_says_how_many(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var seen = await shop.SeeAsync([.. Enumerable.Range(0, 3).Select(i => PeopleTest.External($"C{i}", new Wellmet.Customers.Contract.PersonDetails($"Name {i}")))]);
        (await FileAsync(shop)).ShouldNotContain("left out");
        await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(seen[1].SubjectId, Purpose.Export), default));

        var file = await FileAsync(shop);

        (file.Contains("Name 0", StringComparison.Ordinal), file.Contains("Name 1", StringComparison.Ordinal), file.Contains("Name 2", StringComparison.Ordinal)).ShouldBe((true, false, true));
        file.TrimEnd().ShouldEndWith("# 1 left out: objected");
        var own = await shop.UseAsync<ExportCustomer, IReadOnlyList<PersonalRecord>>(e => e.RunAsync(seen[1].SubjectId, default));
        own.ShouldContain(r => r.Kind == "consent" && r.Fields["decision"] == "withdrawn", "a person's own data is theirs");
    }

    [Fact]
    public async Task A_file_that_was_cut_says_where()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        await shop.SeeAsync([PeopleTest.External("1"), PeopleTest.External("2"), PeopleTest.External("3")]);

        (await FileAsync(shop, mostRows: 3)).ShouldNotContain("cut");
        var file = (await FileAsync(shop, mostRows: 2)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        (file.Length, file[^1]).ShouldBe((4, "# cut at 2 rows: file_full"));
    }

    [Fact]
    public async Task An_empty_list_is_an_empty_file()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        (await FileAsync(shop)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_request_about_somebody_goes_out_with_the_gates_permission_for_them_only()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var seen = await shop.SeeAsync([PeopleTest.External("1"), PeopleTest.External("2"), PeopleTest.External("3")]);
        Guid anna = seen[0].SubjectId, ben = seen[1].SubjectId, unasked = seen[2].SubjectId;
        await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(ben, Purpose.Export), default));
        var export = new DataUse(Purpose.Export);
        var grant = await shop.UseAsync<IPurposeGate, PurposeGrant>(async gate => (await gate.AskAsync(export, [anna, ben], default)).Grant());

        RequestBody.About(grant, export, [new(anna)], "{}"u8.ToArray()).ShouldNotBeNull();
        foreach (var subjects in new Guid[][] { [ben], [anna, ben], [unasked], [] })
        {
            Should.Throw<ProblemException>(() => RequestBody.About(grant, export, [.. subjects.Select(s => new Recipient(s))], "{}"u8.ToArray())).Code.ShouldBe("grant_missing");
        }
        foreach (var (use, recipient) in new[] { (new DataUse(Purpose.Marketing), new Recipient(anna)), (export with { Country = "US" }, new Recipient(anna)), (export, new Recipient(anna, "anna@example.com")) })
        {
            Should.Throw<ProblemException>(() => RequestBody.About(grant, use, [recipient], "{}"u8.ToArray())).Code.ShouldBe("grant_missing");
        }
    }

    private static Task<string> FileAsync(TestShop shop, int mostRows = 1000) => shop.UseAsync<ExportCustomers, string>(async export =>
    {
        using var stream = new MemoryStream();
        await export.RunAsync(new(new ListCustomers.Request(), []) { MostRows = mostRows }, stream, default);
        return Encoding.UTF8.GetString(stream.ToArray());
    });
}
