using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;
using Wellmet.Science.Statistics;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Privacy;
using Wellmet.Tests.Segments;

namespace Wellmet.Tests.Customers.Joining;

/// <summary>A merge that is taken back has never been: customers, events, orders, segments and consents are what they were, row by row.</summary>
public sealed class UnmergeIsIdentityTest
{
    private const int People = 5;

    /// <summary>Of a merge stay its lines in the merge log, the events that tell of it, and that people belonged to no segment while it lasted.</summary>
    private static readonly string[] Tables =
    [
        "select * from customers_links", "select * from customers_merges", "select * from customers_summaries", "select * from customers_traits", "select * from customers_identities",
        "select * from customers_profiles", "select * from customers_figures", "select * from customers_evidence", "select * from customers_subjects", "select * from commerce_orders",
        "select * from privacy_consents", "select * from segments_members", "select subject_id, customer_id from segments_histories",
        "select subject_id, type, occurred_at, payload from log_events where type not in ('customers.merged', 'customers.unmerged', 'segments.entered', 'segments.left')",
    ];

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Merging_and_taking_back_in_any_order_leaves_every_row(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var random = new SeededRandom(7);
        await MembershipTest.SaveAsync(shop, "Ordered twice", """{"did":"Order Placed","at_least":2}""");
        foreach (var i in Enumerable.Range(0, People))
        {
            await shop.CollectAsync([
                new { type = "track", userId = $"u{i}", anonymousId = $"b{i}", @event = "Product Viewed", properties = new { sku = $"{i}" } },
                new { type = "identify", userId = $"u{i}", traits = new { email = $"u{i}@example.com", country = i % 2 == 0 ? "DE" : "FR" } },
                .. Enumerable.Range(0, i % 3).Select(n => (object)new { type = "track", userId = $"u{i}", @event = "Order Completed", properties = new { order_id = $"{i}-{n}", revenue = 10, currency = "EUR" } })]);
        }
        var subjects = new List<Guid>();
        for (var i = 0; i < People; i++)
        {
            subjects.Add(await shop.SubjectAsync($"u{i}", IdentityKind.ExternalId));
        }
        await shop.SayAsync(ConsentsInShop.Said(subjects[1], ConsentDecision.Given, 0), ConsentsInShop.Said(subjects[2], ConsentDecision.Withdrawn, 1));
        await shop.DrainAsync();
        var before = await RowsAsync(shop);

        var merges = new List<MergeCustomers.Answer>();
        for (var i = 0; i < People - 1; i++)
        {
            merges.Add(await shop.UseAsync<MergeCustomers, MergeCustomers.Answer>(m => m.RunAsync(new(subjects[i], subjects[i + 1], MergeReason.Other), default)));
        }
        await shop.DrainAsync();
        (await RowsAsync(shop)).ShouldNotBe(before);
        while (merges.Count > 0)
        {
            var merge = merges[random.Next(merges.Count)];
            merges.Remove(merge);
            await shop.UseAsync<UnmergeCustomer>(u => u.RunAsync(new(merge.SubjectId, merge.MergeId), default));
        }
        await shop.DrainAsync();

        (await RowsAsync(shop)).ShouldBe(before);
    }

    private static Task<List<string>> RowsAsync(TestShop shop) => shop.Database.ReadAsync(async session =>
    {
        var rows = new List<string>();
        foreach (var sql in Tables)
        {
            await using var command = session.Command(sql);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                rows.Add(sql + ": " + string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) switch { byte[] b => Convert.ToHexString(b), var v => v.ToString() })));
            }
        }
        return rows.Order(StringComparer.Ordinal).ToList();
    }, default);
}
