using Microsoft.Extensions.DependencyInjection;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Segments;

/// <summary>Who belongs to a segment is always whom its rule holds of: whatever happens, when time passes, and when customers or rules change.</summary>
public sealed class MembershipTest
{
    private const string Shoes = """{"did":"Product Viewed","where":[{"property":"category","is":["shoes"]}],"at_least":2,"window":{"last":"30d"}}""";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_event_changes_who_belongs_and_so_does_the_end_of_a_window_at_the_instant(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var segment = await SaveAsync(shop, "Shoes", Shoes);
        var ends = TimeProvider.System.GetUtcNow().AddDays(-30).AddSeconds(4);
        await ViewAsync(shop, "ann", "shoes", ends);
        await ViewAsync(shop, "ann", "Shoes", ends.AddDays(20));
        await ViewAsync(shop, "bob", "shoes", ends.AddDays(20));
        await ViewAsync(shop, "bob", "lamps", ends.AddDays(20));
        await shop.DrainAsync();

        Assert.Empty(await shop.Database.ReadAsync(s => s.QueryAsync("select reason from log_parked where reason is not null", null, r => r.Text(0), default), default));
        var ann = Assert.Single(await MembersAsync(shop, segment));
        Assert.Equal(ann, Assert.Single(await shop.EventsAsync<SegmentEntered>()).SubjectId);

        for (var i = 0; i < 100 && (await MembersAsync(shop, segment)).Count > 0; i++)
        {
            await Task.Delay(50);
        }
        var left = Assert.Single(await shop.EventsAsync<SegmentLeft>());
        Assert.Equal((ann, segment, "time"), (left.SubjectId, left.SegmentId, left.Why));
        Assert.Equal(ends.AddDays(30).ToUnixTimeMilliseconds(), left.OccurredAt.ToUnixTimeMilliseconds());
        Assert.InRange(TimeProvider.System.GetUtcNow() - left.OccurredAt, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        var why = await ExplainAsync(shop, segment, ann);
        Assert.Equal((false, 1m), (why.Why.Holds, why.Why.Children[0].Measured));
        Assert.True((await ExplainAsync(shop, segment, ann, left.OccurredAt.AddMilliseconds(-1)))!.Why.Holds);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_new_segment_holds_everybody_whom_it_should_and_a_changed_one_tells_nobody(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        foreach (var (who, views) in new[] { ("ann", 3), ("bob", 1), ("cid", 2) })
        {
            for (var i = 0; i < views; i++)
            {
                await ViewAsync(shop, who, "shoes", TimeProvider.System.GetUtcNow().AddDays(-i));
            }
        }
        await shop.DrainAsync();
        var segment = await SaveAsync(shop, "Shoes", Shoes);
        Assert.Equal(2, (await MembersAsync(shop, segment)).Count);
        var row = (await shop.UseAsync<ListSegments, IReadOnlyList<SegmentRow>>(l => l.RunAsync(archived: false, default))).ShouldHaveSingleItem();
        Assert.Equal((2L, 2 / 3d, SegmentState.Live), (row.Size, row.Share!.Value, row.State));

        await shop.UseAsync<SaveSegment>(s => s.RunAsync(segment, new SegmentDraft("Shoes", "", RuleJson.Read(Shoes.Replace("2,", "3,", StringComparison.Ordinal))), default));
        await FilledAsync(shop.Database);
        Assert.Single(await MembersAsync(shop, segment));
        Assert.Empty(await shop.EventsAsync<SegmentEntered>());
        Assert.Empty(await shop.EventsAsync<SegmentLeft>());
        Assert.Equal(1, await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from segments_stays where why = 'rule'"), default));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Taking_a_merger_back_gives_back_both_with_their_segments_as_they_were(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var segment = await SaveAsync(shop, "Shoes", Shoes);
        await ViewAsync(shop, "ann", "shoes", TimeProvider.System.GetUtcNow().AddDays(-1));
        await ViewAsync(shop, "ann", "shoes", TimeProvider.System.GetUtcNow().AddDays(-2));
        await ViewAsync(shop, "bob", "shoes", TimeProvider.System.GetUtcNow().AddDays(-3));
        await shop.DrainAsync();
        var people = (await shop.SeeAsync([CollectionInShop.External("ann"), CollectionInShop.External("bob")])).Select(p => p.SubjectId).ToList();
        var before = await RowsAsync(shop);
        Assert.NotEmpty(before);

        await shop.UseAsync<MergeCustomers>(m => m.RunAsync(new(people[1], people[0], MergeReason.CustomerSaidSo), default));
        await shop.DrainAsync();
        Assert.Equal([people[1]], await MembersAsync(shop, segment));

        var merge = await shop.Database.ReadAsync(s => s.FirstAsync("select merge_id from customers_merges", null, r => r.Guid(0), default), default);
        await shop.UseAsync<UnmergeCustomer>(u => u.RunAsync(new(people[0], merge), default));
        await shop.DrainAsync();
        Assert.Equal(before, await RowsAsync(shop));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_import_that_is_taken_back_takes_its_facts_and_whom_they_brought_in(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var segment = await SaveAsync(shop, "Twice", """{"did":"Order Placed","at_least":2}""");
        var people = (await shop.SeeAsync([CollectionInShop.External("ann"), CollectionInShop.External("bob")])).Select(p => p.SubjectId).ToList();
        var import = Id.New();
        await shop.TellAsync([.. people.Select(p => OrderOf(p))]);
        await shop.TellAsync([OrderOf(people[0])], import);
        await shop.TellAsync([OrderOf(people[1])]);
        await shop.DrainAsync();
        Assert.Equal(people.Order(), (await MembersAsync(shop, segment)).Order());
        // Whom only the past brought in is told of as the past.
        Assert.Equal([(people[0], false), (people[1], true)], (await shop.Database.ReadAsync(s => s.QueryAsync("select subject_id, live from log_events where type = 'segments.entered'", null, r => (r.Guid(0), r.Bool(1)), default), default)).OrderBy(e => e.Item2));

        await shop.ForgetEventsAsync(import);
        await shop.DrainAsync();
        await shop.UseAsync<ForgetImports>(f => f.RunAsync(default));
        Assert.Equal([people[1]], await MembersAsync(shop, segment));
        Assert.Equal(1m, (await ExplainAsync(shop, segment, people[0])).Why.Children[0].Measured);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_product_that_is_newer_than_the_segment_counts_by_what_the_catalogue_says(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var segment = await SaveAsync(shop, "Lanterns", """{"did":"Product Ordered","where":[{"property":"name","contains":["lantern"]}]}""");
        await OrderAsync(shop, "ann", "1", "P1", "Paper lantern");
        await shop.DrainAsync();
        Assert.Single(await MembersAsync(shop, segment));
        await OrderAsync(shop, "bob", "2", "P2", "Tin lantern");
        await OrderAsync(shop, "cid", "3", "P3", "Teapot");
        await shop.DrainAsync();
        Assert.Equal(2, (await MembersAsync(shop, segment)).Count);
    }

    private static async Task OrderAsync(TestShop shop, string who, string number, string sku, string name) => await shop.CollectAsync([new
    {
        type = "track", userId = who, @event = "Order Completed", messageId = Id.New().ToString(), timestamp = TimeProvider.System.GetUtcNow(),
        properties = new { order_id = number, currency = "EUR", products = new[] { new { product_id = sku, sku, name, price = 5, quantity = 1 } } },
    }], CollectionInShop.Server);

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Tens_of_thousands_come_and_leave_with_a_rule(Engine engine)
    {
        const int People = 21_000;
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        await shop.Database.WriteAsync(async tx =>
        {
            var words = await shop.Get<Vocabulary>().AddAsync(tx, [FactKinds.Appeared, "anonymous"], default);
            var facts = PackedHistory.Pack([new PackedFact(words[FactKinds.Appeared], 0, 0, 1, 0, PackedProperties.Pack([new FactProperty("anonymous", FactValue.Of(false))], words))]);
            await new BulkInsert<Guid>("segments_histories", new("subject_id", typeof(Guid), id => id), new("customer_id", typeof(Guid), id => id), new("revised", typeof(long), _ => 0L), new("facts", typeof(byte[]), _ => facts))
                .RunAsync(tx, [.. Enumerable.Range(0, People).Select(_ => Id.New())], default);
        }, default);
        Task<long?> FillAsync(Guid id) => shop.UseAsync<FillSegment, long?>(f => f.RunAsync(id, default));
        var segment = await shop.UseAsync<SaveSegment, Guid>(s => s.RunAsync(null, new SegmentDraft("All", "", new AllOf([])), default));
        Assert.Equal(People, await FillAsync(segment));
        await shop.UseAsync<SaveSegment>(s => s.RunAsync(segment, new SegmentDraft("All", "", RuleJson.Read("""{"trait":"first_seen","in_last_days":30}""")), default));
        Assert.Equal(0, await FillAsync(segment));
        Assert.Equal(People, await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from segments_stays where why = 'rule'"), default));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_is_foretold_is_a_trait_as_long_as_it_is_foretold(Engine engine)
    {
        var foretold = new Foretold();
        await using var shop = await TestShop.OpenAsync(engine, configure: s => s.AddSingleton<IPredictions>(foretold));
        var segment = await SaveAsync(shop, "Soon", """{"all":[{"trait":"next_order_chance","at_least":50},{"trait":"next_type","is":["Lamp"]}]}""");
        var people = (await shop.SeeAsync([CollectionInShop.External("ann"), CollectionInShop.External("bob")])).Select(p => p.SubjectId).ToList();
        await shop.DrainAsync();
        foretold.Of[people[0]] = (0.57, "lamp");
        foretold.Of[people[1]] = (0.49, "lamp");
        Assert.Equal(2, await TakeAsync(shop));
        Assert.Equal([people[0]], await MembersAsync(shop, segment));
        Assert.Equal("55", (await ExplainAsync(shop, segment, people[0])).Why.Children[0].Children[0].Value);
        foretold.Of[people[0]] = (0.58, "lamp");
        Assert.Equal(0, await TakeAsync(shop));

        foretold.Of.Remove(people[0]);
        Assert.Equal(1, await TakeAsync(shop));
        Assert.Empty(await MembersAsync(shop, segment));
    }

    private static Task<int> TakeAsync(TestShop shop) => shop.UseAsync<TakePredictions, int>(t => t.RunAsync(default));

    private sealed class Foretold : IPredictions
    {
        public Dictionary<Guid, (double Chance, string Type)> Of { get; } = [];

        public Task<IReadOnlyDictionary<Guid, CustomerPrediction>> OfAsync(IReadOnlyCollection<Guid> asked, CancellationToken ct) => Task.FromResult<IReadOnlyDictionary<Guid, CustomerPrediction>>(
            asked.Where(Of.ContainsKey).ToDictionary(a => a, a => new CustomerPrediction(a, Of[a].Chance, Of[a].Type, 0.5, [], [], CustomersInShop.Day, CustomersInShop.Day)));

        public Task<PredictionPage> PageAsync(Guid after, int limit, CancellationToken ct) => throw new NotSupportedException();
    }

    private static OrderPlaced OrderOf(Guid subject) => new(subject, CustomersInShop.Day, Id.New(), Id.New().ToString(), Guid.Empty, "EUR", 1000, 2, null, Anonymous: false, []);

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task After_any_edits_events_and_mergers_explanation_and_membership_agree(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await new RandomShop(shop, seed: 11).PlayAsync(edits: 60);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop)), Trait("tier", "long")]
    public async Task After_a_thousand_edits_explanation_and_membership_agree(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await new RandomShop(shop, seed: 12).PlayAsync(edits: 1000);
    }

    internal static async Task<Guid> SaveAsync(TestShop shop, string name, string rule)
    {
        var segment = await shop.UseAsync<SaveSegment, Guid>(s => s.RunAsync(null, new SegmentDraft(name, "", RuleJson.Read(rule)), default));
        await FilledAsync(shop.Database);
        return segment;
    }

    internal static async Task FilledAsync(Database database)
    {
        for (var i = 0; await database.ReadAsync(s => s.CountAsync("select count(*) from segments_segments where state = 'filling'"), default) > 0; i++)
        {
            Assert.True(i < 400, "not filled within 20 seconds");
            await Task.Delay(50);
        }
    }

    private static async Task ViewAsync(TestShop shop, string who, string category, DateTimeOffset at) =>
        await shop.CollectAsync([new { type = "track", userId = who, @event = "Product Viewed", messageId = Id.New().ToString(), timestamp = at, properties = new { product_id = "p1", category } }], CollectionInShop.Server);

    internal static async Task<List<Guid>> MembersAsync(TestShop shop, Guid segment) =>
        [.. await shop.UseAsync<ISegments, IReadOnlyList<Guid>>(s => s.MembersAsync(segment, Guid.Empty, 1000, default))];

    internal static async Task<ExplainedMembership> ExplainAsync(TestShop shop, Guid segment, Guid customer, DateTimeOffset? at = null) =>
        (await shop.UseAsync<ExplainMembership, ExplainedMembership?>(e => e.RunAsync(segment, customer, at, default)))!;

    private static Task<List<string>> RowsAsync(TestShop shop) => shop.Database.ReadAsync(s => s.QueryAsync("select subject_id, segment_id, entered_at from segments_members order by 1, 2", null, r => $"{r.Guid(0)} {r.Guid(1)} {r.Time(2):O}", default), default);
}
