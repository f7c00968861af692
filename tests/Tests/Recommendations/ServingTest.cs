using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Serving;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Recommendations;

/// <summary>What is recommended, to whom, and why; in a shop whose patterns are known.</summary>
public sealed class ServingTest
{
    /// <summary>The last customer of taste 0, who never came back for E0.</summary>
    private const int WithoutE0 = 1057;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_product_names_what_shared_its_orders_and_what_its_customers_also_bought(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();

        var together = await shop.WithAsync("A0", ProductQuestion.BoughtTogether, 1);
        var also = await shop.WithAsync("A0", ProductQuestion.AlsoBought, 2);
        var anonymous = await shop.WithAsync("X", ProductQuestion.BoughtTogether, 1);

        together.Products.Select(p => (p.Product.Sku, p.Reason.Kind, p.Reason.Count)).ShouldBe([("B0", ReasonKind.BoughtTogether, GiftShop.PerTaste)]);
        also.Products.Select(p => (p.Product.Sku, p.Reason.Kind, p.Reason.Count)).ShouldBe(
            [("B0", ReasonKind.AlsoBought, GiftShop.PerTaste), ("E0", ReasonKind.AlsoBought, GiftShop.PerTaste - 1)]);
        anonymous.Products.Select(p => (p.Product.Sku, p.Reason.Count)).ShouldBe([("Y", GiftShop.Anonymous)]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_customer_is_offered_what_their_purchases_speak_for_and_the_reason_adds_up(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();

        var first = (await shop.ForAsync(WithoutE0, 1)).Products.Single();

        first.Product.Sku.ShouldBe("E0");
        first.Reason.Kind.ShouldBe(ReasonKind.BecauseBought);
        first.Reason.Because.Select(b => b.Product.Sku).ShouldBe(["A0", "B0"], ignoreOrder: true);
        first.Reason.Because.Sum(b => b.Contribution).ShouldBe(first.Score, 1e-5f);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task As_many_come_as_the_shop_has_none_of_them_bought_and_none_inactive(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_products set active = @off where sku in ('E0', 'F1')", new { off = false }), default);

        var skus = (await shop.ForAsync(WithoutE0, 100)).Products.Select(p => p.Product.Sku).ToList();
        var few = await shop.ForAsync(WithoutE0, 5);
        var together = await shop.WithAsync("A1", ProductQuestion.BoughtTogether, 10);

        skus.ShouldBe(AllSkus().Except(["A0", "B0", "E0", "F1"]), ignoreOrder: true);
        few.Products.Count.ShouldBe(5);
        together.Products.Count.ShouldBe(10);
        together.Products.Select(p => p.Product.Sku).ShouldNotContain("A1");
        together.Products.Skip(1).ShouldAllBe(p => p.Reason.Kind == ReasonKind.Bestseller || p.Reason.Kind == ReasonKind.Catalogue);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_was_bought_since_the_training_counts_at_once_and_products_of_today_fill_the_end(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();

        var today = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        await shop.ImportTextAsync(ImportsInShop.Header + GiftShop.Line("9000", "E0", 1, today, WithoutE0) + GiftShop.Line("9001", "NEW", 1, today, null));

        var skus = (await shop.ForAsync(WithoutE0, 100)).Products.Select(p => p.Product.Sku).ToList();
        skus.ShouldNotContain("E0");
        skus[^1].ShouldBe("NEW");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Before_anything_is_learnt_the_catalogue_answers(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);

        var answer = await shop.ForAsync(WithoutE0, 100);

        answer.Model.ShouldBeNull();
        answer.Products.Select(p => p.Product.Sku).ShouldBe(AllSkus().Except(["A0", "B0"]), ignoreOrder: true);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Who_refuses_gets_bestsellers_that_say_so_and_their_purchases_are_not_read(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();
        await shop.ObjectAsync(WithoutE0);

        var refused = await shop.ForAsync(WithoutE0, 100);
        var other = await shop.ForAsync(WithoutE0 + 1, 1);

        refused.Personalised.ShouldBeFalse();
        refused.Products.Count.ShouldBe(GiftShop.Products);
        refused.Products.ShouldContain(p => p.Product.Sku == "A0");
        refused.Products[0].Reason.Kind.ShouldBe(ReasonKind.NotPersonalised);
        refused.Products.ShouldAllBe(p => p.Reason.Because.Count == 0);
        other.Personalised.ShouldBeTrue();
    }

    [Fact]
    public async Task Limits_permissions_and_unknown_products_are_checked()
    {
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite);
        var nobody = new Actor(Guid.CreateVersion7(), "auditor", Role.Auditor, _ => false);

        foreach (var limit in new[] { 0, -1, 101 })
        {
            (await Should.ThrowAsync<ProblemException>(() => shop.ForAsync(WithoutE0, limit))).Code.ShouldBe("limit_out_of_range");
        }
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<RecommendForProduct, RecommendedProducts>(
            r => r.RunAsync(new(Guid.CreateVersion7(), ProductQuestion.AlsoBought), default)))).Code.ShouldBe("product_unknown");
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<RecommendForCustomer, RecommendedProducts>(r => r.RunAsync(new(Guid.Empty), default), nobody));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<RecommendForProduct, RecommendedProducts>(r => r.RunAsync(new(Guid.Empty, default), default), nobody));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<TrainModel, ModelCard>(t => t.RunAsync(default), nobody));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<RequestTraining>(t => t.RunAsync(default), nobody));
    }

    private static IEnumerable<string> AllSkus() =>
        [.. Enumerable.Range(0, GiftShop.Tastes).SelectMany(t => new[] { $"A{t}", $"B{t}", $"E{t}" }), .. Enumerable.Range(0, GiftShop.Fillers).Select(f => $"F{f}"), "X", "Y", "Z"];
}
