using Wellmet.Customers.Contract;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Science.Lifecycles;
using Wellmet.Segments.Console;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Lifecycles;
using Wellmet.Segments.Members;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Insights;

namespace Wellmet.Tests.Segments;

/// <summary>Customers are scored against each other and by their own rhythm, and rules ask it.</summary>
public sealed class ScoresTest
{
    [Fact]
    public async Task Nobody_is_read_twice_where_somebody_is_merged_meanwhile()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        // More than a page, the latest first.
        var ids = Enumerable.Range(0, 5_002).Select(i => new Guid(i, 0, 0, new byte[8])).ToList();
        await shop.Database.WriteAsync(async tx =>
        {
            foreach (var id in ids)
            {
                await tx.ExecuteAsync("insert into segments_histories (subject_id, customer_id, revised, facts) values (@id, @id, 1, @facts)", new { id, facts = PackedHistory.Empty }, default);
            }
        }, default);
        var visited = new List<Guid>();
        await shop.Get<EachCustomer>().VisitAsync((customer, _) =>
        {
            if (visited.Count == 0)
            {
                shop.Database.WriteAsync(tx => tx.ExecuteAsync("update segments_histories set customer_id = @customer where subject_id = @first", new { customer, first = ids[0] }, default), default).GetAwaiter().GetResult();
            }
            visited.Add(customer);
        }, null, default);
        visited.Order().ShouldBe(ids[1..]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Everybody_is_scored_and_only_what_changes_is_noted(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.OpenStorefrontAsync(currency: "EUR");
        var people = (await shop.SeeAsync([.. Enumerable.Range(0, 6).Select(i => CollectionInShop.External($"p{i}"))])).Select(p => p.SubjectId).ToList();
        var silent = await MembershipTest.SaveAsync(shop, "Silent", """{"trait":"lifecycle_stage","is":["lost"]}""");
        var best = await MembershipTest.SaveAsync(shop, "Best", """{"all":[{"trait":"rfm_group","is":["champions"]},{"trait":"rfm_recency","at_least":5}]}""");
        var now = TimeProvider.System.GetUtcNow();
        // The first four bought i + 1 times, every ten days, the last one i days ago; the fifth once, years ago; the sixth never.
        var orders = Enumerable.Range(0, 4).SelectMany(i => Enumerable.Range(0, i + 1).Select(k => ComputedTraitsTest.Order(people[i], now.AddDays(i - 4 - 10 * k), 1000 + i))).Append(ComputedTraitsTest.Order(people[4], now.AddDays(-900), 700));
        await shop.TellAsync([.. orders.Cast<ILogEvent>()]);
        await shop.DrainAsync();
        Assert.Equal(6, await ScoreAsync(shop));

        var scores = new List<CustomerScore?>();
        foreach (var person in people)
        {
            scores.Add(await shop.UseAsync<ReadScores, CustomerScore?>(r => r.OneAsync(person, default)));
        }
        // Fewer than ten bought again: the shop's rhythm is taken to be ninety days.
        Assert.Equal([LifecycleStage.FirstTimeBuyer, LifecycleStage.Active, LifecycleStage.Active, LifecycleStage.Active, LifecycleStage.Lost, LifecycleStage.Prospect], scores.Select(s => s!.Stage));
        Assert.Equal([2, 3, 4, 5, 1, null], scores.Select(s => s!.Recency));
        // The two who bought once share the middle of theirs: a fifth of five, between the first and the second.
        Assert.Equal([2, 3, 4, 5, 2, null], scores.Select(s => s!.Frequency));
        Assert.Equal(Math.Sqrt(10 * 90), scores[2]!.RhythmDays!.Value, 6);
        Assert.Equal([2, 3, 4, 5, 1, null], scores.Select(s => s!.Monetary));
        Assert.Equal((RfmGroup.Champions, 55, 4 * 1003), (scores[3]!.Group, scores[3]!.Cell, scores[3]!.SpentMinor));
        Assert.Equal([people[4]], await MembershipTest.MembersAsync(shop, silent));
        Assert.Equal([people[3]], await MembershipTest.MembersAsync(shop, best));

        var scoring = await shop.UseAsync<ReadScores, Scoring>(r => r.RunAsync(default));
        Assert.Equal((5L, 1L, false), (scoring.Figures!.Buyers, scoring.Figures.Stages.Single(s => s.Stage == LifecycleStage.Prospect).Customers, scoring.Figures.FromMeasured));
        Assert.Equal(6, (await shop.UseAsync<ReadScores, IReadOnlyList<(DateOnly Day, LifecycleStage Stage, long Customers)>>(r => r.StagesAsync(default))).Sum(s => s.Customers));
        Assert.Equal([people[3]], (await shop.UseAsync<ReadScores, ReadScores.Page>(r => r.ListAsync(new(Cells: [55]), default))).Rows.Select(r => r.CustomerId));

        // Again, and nothing changed: nothing is written.
        var before = await HistoriesAsync(shop);
        Assert.Equal(6, await ScoreAsync(shop));
        Assert.Equal(before, await HistoriesAsync(shop));
        // Who was lost comes back: this one changes alone, and at once for whoever asks.
        await shop.TellAsync([ComputedTraitsTest.Order(people[4], now)]);
        await shop.DrainAsync();
        await ScoreAsync(shop);
        Assert.Empty(await MembershipTest.MembersAsync(shop, silent));
        Assert.Equal(before[people[5]], (await HistoriesAsync(shop))[people[5]]);

        // Merged into the best one, whose own scores are older than those of whom they took in: scored again, they are what both bought.
        await shop.UseAsync<MergeCustomers>(m => m.RunAsync(new(people[3], people[4], MergeReason.CustomerSaidSo), default));
        await shop.DrainAsync();
        Assert.Empty(await MembershipTest.MembersAsync(shop, best));
        Assert.Equal(5, await ScoreAsync(shop));
        Assert.Equal([people[3]], await MembershipTest.MembersAsync(shop, best));
        Assert.Equal((people[3], 6), (await shop.UseAsync<ReadScores, CustomerScore?>(r => r.OneAsync(people[4], default))) is { } both ? (both.CustomerId, both.Orders) : default);

        var exported = await shop.UseAsync<IEnumerable<IPersonalData>, IReadOnlyList<PersonalRecord>>(async all => [.. (await Task.WhenAll(all.Select(a => a.ExportAsync([people[3]], default)))).SelectMany(r => r)]);
        Assert.Contains(exported, r => r.Kind == "score");
    }

    private static Task<int> ScoreAsync(TestShop shop) => shop.UseAsync<ScoreCustomers, int>(s => s.RunAsync(default));

    private static async Task<Dictionary<Guid, string>> HistoriesAsync(TestShop shop) => (await shop.Database.ReadAsync(s => s.QueryAsync("select subject_id, facts from segments_histories", null, r => (r.Guid(0), Convert.ToHexString(r.Bytes(1))), default), default)).ToDictionary(h => h.Item1, h => h.Item2);
}
