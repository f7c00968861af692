using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Voice;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Serving;
using Wellmet.Recommendations.Suggestions;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Recommendations;

/// <summary>What people look at says what belongs together, and what a customer may like.</summary>
public sealed class ViewsSpeakTest
{
    /// <summary>Bought A0 and B0; bought nothing.</summary>
    private const int Ann = 1057, Newcomer = 2000;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_is_looked_at_together_is_learnt_and_counted(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true);
        // Nobody bought X with F0; eight visitors look at both in one visit, two more in two visits, twenty at other pairs.
        await shop.CollectAsync([
            .. Enumerable.Range(0, 8).SelectMany(i => Visit($"v{i}", 0, "X", "F0")), .. Enumerable.Range(8, 2).SelectMany(i => Visit($"v{i}", 0, "X").Concat(Visit($"v{i}", 300, "F0"))),
            .. Enumerable.Range(10, 10).SelectMany(i => Visit($"v{i}", 0, "Y", "F1")), .. Enumerable.Range(20, 10).SelectMany(i => Visit($"v{i}", 0, "Z", "F2"))]);
        await shop.DrainAsync();
        await shop.TrainAsync();

        var also = await shop.WithAsync("X", ProductQuestion.AlsoViewed, 5);
        (also.Products[0].Product.Sku, also.Products[0].Reason.Kind, also.Products[0].Reason.Count).ShouldBe(("F0", ReasonKind.AlsoViewed, 10));
        also.Products.Count.ShouldBe(5);
        also.Products.Skip(1).ShouldAllBe(p => p.Reason.Kind == ReasonKind.Bestseller);
        (await shop.WithAsync("A0", ProductQuestion.AlsoViewed, 3)).Products.ShouldAllBe(p => p.Reason.Kind == ReasonKind.Bestseller);

        // Four of them do not want personal recommendations; nothing is learnt from what they look at.
        foreach (var visitor in new[] { "v0", "v1", "v2", "v8" })
        {
            await ObjectAsync(shop, visitor);
        }
        await shop.TrainAsync();
        (await shop.WithAsync("X", ProductQuestion.AlsoViewed, 1)).Products[0].Reason.Count.ShouldBe(6);

        var kept = shop.Get<ModelStore>();
        kept.Load();
        kept.Current!.Viewed.Viewers.All.ToArray().ShouldContain(6, "the file holds it, too");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Who_bought_nothing_is_shown_what_goes_with_what_they_looked_at_and_the_reason_adds_up(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true);
        await shop.TrainAsync();
        (await shop.ForAsync(Newcomer, 3)).Products.ShouldAllBe(p => p.Reason.Kind == ReasonKind.Bestseller);
        await shop.LookAsync(Newcomer, ("A1", 2), ("B1", 1));

        var first = (await shop.ForAsync(Newcomer, 1)).Products.Single();

        first.Product.Sku.ShouldBe("E1");
        first.Reason.Kind.ShouldBe(ReasonKind.BecauseViewed);
        first.Reason.Because.Select(b => (b.Product.Sku, b.Viewed)).ShouldBe([("A1", true), ("B1", true)], ignoreOrder: true);
        first.Reason.Because.Sum(b => b.Contribution).ShouldBe(first.Score, 1e-5f);
        (await shop.ForAsync(Newcomer, 100)).Products.Select(p => (p.Product.Sku, p.Reason.Kind)).ShouldContain(("A1", ReasonKind.Bestseller), "what they looked at fills as it would for anybody");

        await shop.ObjectAsync(Newcomer);
        (await shop.ForAsync(Newcomer, 100)).Products.ShouldAllBe(p => p.Reason.Because.Count == 0 && p.Reason.Kind != ReasonKind.BecauseViewed);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Looks_say_less_than_purchases_and_what_was_looked_at_comes_up_where_purchases_speak_for_it(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true);
        await shop.TrainAsync();
        var before = (await shop.ForAsync(Ann, 1)).Products.Single();
        await shop.LookAsync(Ann, ("E0", 3), ("A1", 2), ("A0", 1));

        var list = (await shop.ForAsync(Ann, 100)).Products;

        (list[0].Product.Sku, list[0].Reason.Kind, list[0].Score).ShouldBe(("E0", ReasonKind.BecauseBought, before.Score));
        var looked = list.First(p => p.Reason.Kind == ReasonKind.BecauseViewed);
        looked.Product.Sku.ShouldBeOneOf("B1", "E1");
        looked.Reason.Because[0].Product.Sku.ShouldBe("A1");
        list.Select(p => p.Product.Sku).Intersect(["A0", "B0"]).ShouldBeEmpty();
        list.SelectMany(p => p.Reason.Because).Where(b => b.Product.Sku == "A0").ShouldAllBe(b => !b.Viewed, "they have it");
        list.DistinctBy(p => p.Product.ProductId).Count().ShouldBe(list.Count);
    }

    /// <summary>The page of thanks may ask before the order is known.</summary>
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_look_at_what_is_said_to_be_a_gift_says_nothing_without_an_order_too(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true);
        await shop.TrainAsync();
        await shop.LookAsync(Newcomer, ("A1", 2), ("B1", 1));
        var looked = (await shop.ForAsync(Newcomer, 1)).Products.Single().Reason.Because.Single(b => b.Product.Sku == "A1").Product.ProductId;
        var customer = await shop.CustomerAsync(Newcomer);

        await shop.UseAsync<GiveOpinion>(give => give.RunAsync(new(customer, looked, ProductOpinion.Gift), default));

        (await shop.ForAsync(Newcomer, 1)).Products.Single().Reason.Because.Select(b => b.Product.Sku).ShouldBe(["B1"]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_list_that_is_saved_says_of_nothing_that_it_was_bought_which_was_looked_at(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true);
        await shop.TrainAsync();
        await shop.LookAsync(Newcomer, ("A1", 2), ("B1", 1));
        var customer = await shop.CustomerAsync(Newcomer);

        await shop.UseAsync<MakeSuggestions>(make => make.RunAsync(customer, default));

        var first = (await shop.UseAsync<ReadSuggestions, SuggestionList>(read => read.RunAsync(customer, default))).Suggestions[0].Product;
        (first.Product.Sku, first.Reason.Kind).ShouldBe(("E1", ReasonKind.BecauseViewed));
        first.Reason.Because.Select(b => (b.Product.Sku, b.Viewed)).ShouldBe([("A1", true), ("B1", true)], ignoreOrder: true);
    }

    private static IEnumerable<object> Visit(string visitor, int minutes, params string[] skus) => skus.Select((sku, i) => new
    {
        type = "track", messageId = $"{visitor}-{sku}", userId = visitor, @event = "Product Viewed", properties = new { sku }, timestamp = TimeProvider.System.GetUtcNow().AddHours(-20).AddMinutes(minutes + i),
    });

    private static async Task ObjectAsync(TestShop shop, string visitor)
    {
        var id = (await shop.UseAsync<ICustomers, IReadOnlyList<ResolvedPerson>>(c => c.ResolveAsync([CollectionInShop.External(visitor)], null, default))).Single().SubjectId;
        await shop.UseAsync<Wellmet.Privacy.Purposes.ObjectToPurpose>(o => o.RunAsync(new(id, Wellmet.Platform.Purposes.Purpose.Personalisation), default));
    }
}
