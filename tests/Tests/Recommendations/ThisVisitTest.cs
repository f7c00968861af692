using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Placements;
using Wellmet.Recommendations.Serving;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Sessions;
using Wellmet.Science.Statistics;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Recommendations;

/// <summary>What people look at next in a visit: learnt from visits, in their direction, and served to somebody unknown.</summary>
public sealed class ThisVisitTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task It_follows_the_direction_of_visits_and_the_last_look_says_most(Engine engine)
    {
        await using var shop = await OpenAsync(engine);

        var afterX = await ServeAsync(shop, ["X"]);
        (afterX.Products[0].Product.Sku, afterX.Products[0].Reason.Kind, afterX.Personalised).ShouldBe(("F0", ReasonKind.BecauseViewed, false));
        afterX.Products[0].Reason.Because.Select(b => (b.Product.Sku, b.Viewed)).ShouldBe([("X", true)]);
        (await ServeAsync(shop, ["F0"])).Products[0].Product.Sku.ShouldBe("F1", "nobody goes back from there to X first");
        var both = await ServeAsync(shop, ["X", "Y"]);
        both.Products.Take(4).Select(p => p.Product.Sku).ShouldBe(["F2", "F3", "F0", "F1"], "Y was looked at last");
        (await ServeAsync(shop, ["Y", "X"])).Products.Take(4).Select(p => p.Product.Sku).ShouldBe(["F0", "F1", "F2", "F3"]);
        both.Products.SelectMany(p => new[] { p.Product.Sku }).Intersect(["X", "Y"]).ShouldBeEmpty();
        both.Products.Where(p => p.Reason.Kind == ReasonKind.BecauseViewed).ShouldAllBe(p => p.Reason.Because.Count > 2 || Math.Abs(p.Score - p.Reason.Because.Sum(b => b.Contribution)) < 1e-5f);
        (await ServeAsync(shop, ["X", "F0", "X"])).Products[0].Product.Sku.ShouldBe("F1");
        (await ServeAsync(shop, ["A0"])).Products.ShouldAllBe(p => p.Reason.Kind == ReasonKind.Bestseller, "of fewer than three people nothing is told");
        (await ServeAsync(shop, [])).Products.ShouldAllBe(p => p.Reason.Kind == ReasonKind.Bestseller);

        var kept = shop.Get<ModelStore>();
        kept.Load();
        (await ServeAsync(shop, ["X"])).Products.Select(p => (p.Product.Sku, p.Score)).ShouldBe(afterX.Products.Select(p => (p.Product.Sku, p.Score)), "the file holds it, too");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_known_customer_is_not_offered_what_they_have_and_nobody_learns_from_who_objects(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        // 1000 bought A0, B0, E0 and F0.
        var known = await ServeAsync(shop, ["X"], 1000);
        known.Personalised.ShouldBeTrue();
        known.Products.Select(p => p.Product.Sku).Intersect(["A0", "B0", "E0", "F0", "X"]).ShouldBeEmpty();
        known.Products[0].Product.Sku.ShouldBe("F1");
        await shop.ObjectAsync(1000);
        (await ServeAsync(shop, ["X"], 1000)).ShouldSatisfyAllConditions(l => l.Personalised.ShouldBeFalse(), l => l.Products[0].Product.Sku.ShouldBe("F0"));

        foreach (var visitor in Enumerable.Range(2000, 8))
        {
            await shop.ObjectAsync(visitor);
        }
        await shop.TrainAsync();
        (await ServeAsync(shop, ["X"])).Products.ShouldAllBe(p => p.Reason.Kind == ReasonKind.Bestseller);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_page_asks_for_whoever_sits_there(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await OpenAsync(engine, storage);
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        var key = (await web.MakeWriteKeyAsync()).Text;

        var first = (await web.AskAsync(new { placement = "this-visit", products = new[] { "NEVER SOLD", "X" }, writeKey = key })).GetProperty("recommendations")[0];
        first.GetProperty("sku").GetString().ShouldBe("F0");
        first.GetProperty("reason").GetProperty("text").GetString().ShouldBe("Because you looked at X PRODUCT");
        using var owner = await web.SignInAsync();
        (await owner.PageAsync("/console/recommendations/placements/this-visit?q=X")).ShouldContain("Because you looked at X PRODUCT");
    }

    [Fact]
    public async Task Permissions_and_limits_are_checked()
    {
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite);
        var nobody = new Actor(Guid.CreateVersion7(), "auditor", Role.Auditor, _ => false);
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<RecommendForVisit, RecommendedProducts>(r => r.RunAsync(new([]), default), nobody));
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<RecommendForVisit, RecommendedProducts>(r => r.RunAsync(new([], null, 0), default)))).Code.ShouldBe("limit_out_of_range");
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<RecommendForVisit, RecommendedProducts>(
            r => r.RunAsync(new([.. Enumerable.Range(0, 51).Select(_ => Guid.CreateVersion7())]), default)))).Code.ShouldBe("basket_too_large");
    }

    [Fact]
    public void What_each_look_adds_is_the_score_and_a_saved_model_scores_alike()
    {
        var random = new SeededRandom(3);
        var model = NextItem.Train(ItemSequences.Of([.. Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, 2 + random.Next(8)).Select(_ => random.Next(30)).ToArray())], 30));
        var again = NextItem.Of(model.Settings, model.ToNeighbours());
        int[] history = [3, 7, 3, 12];
        var (scores, other, parts) = (new float[30], new float[30], new float[4]);
        model.Score(history, scores);
        again.Score(history, other);
        other.ShouldBe(scores);
        for (var item = 0; item < 30; item++)
        {
            model.Contributions(history, item, parts);
            parts.Sum().ShouldBe(scores[item], 1e-5f);
        }
    }

    /// <summary>Eight visitors look at X, F0 and F1; eight at Y, F2 and F3; two at A0 and A1. Some of them look at others a day later.</summary>
    private static async Task<TestShop> OpenAsync(Engine engine, StorageOptions? storage = null)
    {
        var shop = await GiftShop.OpenAsync(engine, workers: true, storage: storage);
        await shop.CollectAsync(
        [
            .. Enumerable.Range(2000, 8).SelectMany(i => Visit(i, 0, "X", "F0", "F1").Concat(Visit(i, 24, "Z", "B2"))), .. Enumerable.Range(2008, 8).SelectMany(i => Visit(i, 0, "Y", "F2", "F3")),
            .. Enumerable.Range(2016, 2).SelectMany(i => Visit(i, 0, "A0", "A1")),
        ]);
        await shop.DrainAsync();
        await shop.TrainAsync();
        return shop;
    }

    private static IEnumerable<object> Visit(int visitor, int hours, params string[] skus) => skus.Select((sku, i) => new
    {
        type = "track", messageId = $"{visitor}-{sku}", userId = visitor.ToString(System.Globalization.CultureInfo.InvariantCulture), @event = "Product Viewed", properties = new { sku },
        timestamp = TimeProvider.System.GetUtcNow().AddDays(-3).AddHours(hours).AddMinutes(i),
    });

    private static async Task<RecommendedProducts> ServeAsync(TestShop shop, string[] looks, int? customer = null)
    {
        var all = (await shop.ProductsAsync()).ToDictionary(p => p.Sku, p => p.ProductId);
        var id = customer is { } number ? (await shop.CustomerAsync(number)).ToString() : null;
        return await shop.UseAsync<ServePlacement, RecommendedProducts>(serve => serve.RunAsync(new("this-visit", id, null, string.Join(',', looks.Select(s => all[s])), "5"), default));
    }
}
