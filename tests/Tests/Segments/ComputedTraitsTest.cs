using Wellmet.Customers.Contract;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Segments.ComputedTraits;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Rules;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Segments;

/// <summary>Segments that ask computed traits follow what happens, the clock, and changes of the formula.</summary>
public sealed class ComputedTraitsTest
{
    private const string Lately = """{"did":"Order Placed","count":true,"window":{"last":"30d"}}""", Ever = """{"did":"Order Placed","count":true}""";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_order_and_the_end_of_a_window_change_who_belongs_and_a_changed_formula_asks_everybody(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var people = (await shop.SeeAsync([CollectionInShop.External("ann"), CollectionInShop.External("bob")])).Select(p => p.SubjectId).ToList();
        var trait = await SaveAsync(shop, null, Lately);
        var segment = await MembershipTest.SaveAsync(shop, "Twice lately", $$"""{"computed":"{{trait}}","at_least":2}""");
        var ends = TimeProvider.System.GetUtcNow().AddDays(-30).AddSeconds(4);
        await shop.TellAsync([Order(people[0], ends), Order(people[0], ends.AddDays(20)), Order(people[1], ends.AddDays(20))]);
        await shop.DrainAsync();
        Assert.Equal([people[0]], await MembershipTest.MembersAsync(shop, segment));
        var before = TimeProvider.System.GetUtcNow();
        Assert.Equal(2m, (await MembershipTest.ExplainAsync(shop, segment, people[0])).Why.Children[0].Measured);

        for (var i = 0; i < 100 && (await MembershipTest.MembersAsync(shop, segment)).Count > 0; i++)
        {
            await Task.Delay(50);
        }
        var left = Assert.Single(await shop.EventsAsync<SegmentLeft>());
        Assert.Equal((people[0], "time", ends.AddDays(30).ToUnixTimeMilliseconds()), (left.SubjectId, left.Why, left.OccurredAt.ToUnixTimeMilliseconds()));

        await SaveAsync(shop, trait, Ever);
        await MembershipTest.FilledAsync(shop.Database);
        Assert.Equal([people[0]], await MembershipTest.MembersAsync(shop, segment));
        var value = Assert.Single(await shop.UseAsync<ComputeTraits, IReadOnlyList<TraitValue>>(c => c.RunAsync(people[0], default)));
        Assert.Equal((2m, 2, Verdict.Never, 2), (value.Computed.Value?.Number, value.Computed.Facts, value.Computed.ChangesAt, value.Trait.Version));
        // A moment of the past is answered with the formula of then: the same two orders, by another reason.
        var then = await MembershipTest.ExplainAsync(shop, segment, people[0], before);
        Assert.Equal((true, ends.AddDays(30).ToUnixTimeMilliseconds()), (then.Why.Holds, then.Why.Children[0].ChangesAt?.ToUnixTimeMilliseconds()));
        Assert.Null((await MembershipTest.ExplainAsync(shop, segment, people[0])).Why.Children[0].ChangesAt);
        Assert.False((await MembershipTest.ExplainAsync(shop, segment, people[0], left.OccurredAt)).Why.Holds);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task One_that_segments_ask_is_not_archived_and_a_name_is_taken_once(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var trait = await SaveAsync(shop, null, Ever);
        var segment = await MembershipTest.SaveAsync(shop, "Regulars", $$$"""{"any":[{"not":{"computed":"{{{trait}}}","less_than":2}}]}""");
        Task ArchiveAsync() => shop.UseAsync<ArchiveComputedTrait>(a => a.RunAsync(trait, archived: true, default));
        var refused = await Assert.ThrowsAsync<ProblemException>(ArchiveAsync);
        Assert.Equal(("computed_trait_in_use", 409), (refused.Code, refused.Status));
        Assert.Contains("Regulars", refused.Message, StringComparison.Ordinal);
        Assert.Equal("computed_trait_name_taken", (await Assert.ThrowsAsync<ProblemException>(() => SaveAsync(shop, null, Lately))).Code);
        var row = Assert.Single(await shop.UseAsync<ListComputedTraits, IReadOnlyList<ComputedTraitRow>>(l => l.RunAsync(false, default)));
        Assert.Equal((segment, "Regulars"), (row.UsedBy.Single().SegmentId, row.UsedBy.Single().Name));

        await shop.UseAsync<ArchiveSegment>(a => a.RunAsync(segment, archived: true, default));
        await ArchiveAsync();
        Assert.Equal("computed_trait_missing", (await Assert.ThrowsAsync<ProblemException>(ArchiveAsync)).Code);
        Assert.Equal("computed_trait_missing", (await Assert.ThrowsAsync<ProblemException>(() => SaveAsync(shop, trait, Lately))).Code);
        Assert.Empty(await shop.UseAsync<ListComputedTraits, IReadOnlyList<ComputedTraitRow>>(l => l.RunAsync(false, default)));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_favourite_category_is_what_the_catalogue_says_of_the_products_ordered(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        foreach (var (number, sku, category) in new[] { ("1", "L1", "Lamps"), ("2", "T1", "Tea"), ("3", "L2", "Lamps") })
        {
            await shop.CollectAsync([new
            {
                type = "track", userId = "ann", @event = "Order Completed", messageId = Id.New().ToString(), timestamp = TimeProvider.System.GetUtcNow(),
                properties = new { order_id = number, currency = "EUR", products = new[] { new { product_id = sku, sku, name = sku, category, price = 5, quantity = 1 } } },
            }], CollectionInShop.Server);
        }
        await shop.DrainAsync();
        var formula = TraitFormulaJson.Read("""{"did":"Product Ordered","most_frequent":"category"}""");
        var preview = await shop.UseAsync<PreviewTrait, TraitPreview>(p => p.RunAsync(formula, default));
        // A word that one customer alone has is shown with the customer, not in the distribution.
        Assert.Equal((1L, 1L, null), (preview.Known, preview.Total, preview.Distribution.Bars.Single().Text));
        Assert.Equal((2, "Lamps"), (preview.Examples.Single().Computed.Facts, preview.Examples.Single().Computed.Value?.Text));
    }

    private static Task<Guid> SaveAsync(TestShop shop, Guid? trait, string formula) =>
        shop.UseAsync<SaveComputedTrait, Guid>(s => s.RunAsync(trait, new ComputedTraitDraft("Orders", "", TraitFormulaJson.Read(formula)), default));

    internal static OrderPlaced Order(Guid subject, DateTimeOffset at, long minor = 1000) => new(subject, at, Id.New(), Id.New().ToString(), Guid.Empty, "EUR", minor, 1, null, Anonymous: false, []);
}
