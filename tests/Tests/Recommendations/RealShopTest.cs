using Microsoft.Extensions.DependencyInjection;
using Wellmet.Commerce.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Predictions;
using Wellmet.Recommendations.Serving;
using Wellmet.Science.Statistics;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Recommendations;

/// <summary>A real shop's year: UCI Online Retail, imported whole.</summary>
public sealed class RealShopTest
{
    private const int Sample = 200, Length = 20;

    [Fact]
    public async Task Customers_of_a_real_shop_get_twenty_products_they_never_bought_each_with_a_reason_that_adds_up()
    {
        Assert.SkipUnless(File.Exists(ImportsInShop.OnlineRetail), "The data set online-retail is not at hand in a folder shared/data beside the repository.");
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        await shop.ImportFileAsync(ImportsInShop.OnlineRetail);
        var card = await shop.TrainAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"{card} {new FileInfo(shop.Get<ModelStore>().File).Length >> 20} MiB");
        card.Customers.ShouldBeInRange(4_200, 4_338);
        (card.ProductsCovered / (double)card.ProductsSold).ShouldBeGreaterThan(0.6);

        var personal = 0;
        foreach (var customer in await SampleAsync(shop))
        {
            var answer = await shop.UseAsync<RecommendForCustomer, RecommendedProducts>(r => r.RunAsync(new(customer, Length), default));
            var bought = (await shop.UseAsync<IOrders, IReadOnlyList<BoughtProduct>>(o => o.BoughtByAsync([customer], default))).Select(p => p.ProductId).ToHashSet();
            answer.Products.Select(p => p.Product.ProductId).Distinct().Count().ShouldBe(Length);
            answer.Products.ShouldAllBe(p => !bought.Contains(p.Product.ProductId) && p.Product.Active);
            Recompute(shop.Get<ModelStore>().Current!, bought, answer.Products);
            personal += answer.Products.Count(p => p.Reason.Kind == ReasonKind.BecauseBought);
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{personal} of {Sample * Length} are personal");
        personal.ShouldBeGreaterThan(Sample * Length * 9 / 10);
    }

    [Fact]
    public async Task Its_customers_of_the_last_month_are_told_apart_by_what_was_before_it()
    {
        Assert.SkipUnless(File.Exists(ImportsInShop.OnlineRetail), "The data set online-retail is not at hand in a folder shared/data beside the repository.");
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false, s => s.AddSingleton<TimeProvider>(new ManualClock(new(2011, 12, 10, 0, 0, 0, TimeSpan.Zero))));
        await shop.ImportFileAsync(ImportsInShop.OnlineRetail);
        await shop.TrainAsync();

        var card = (await PredictionsTest.MakeAsync(shop)).ShouldNotBeNull();

        TestContext.Current.TestOutputHelper!.WriteLine($"{card.Took}: {card}\n{string.Join("\n", card.Quality?.Bins ?? [])}");
        card.State.ShouldBe(ChanceState.Told);
        card.Quality!.Auc.ShouldBeGreaterThan(0.7);
        card.Quality.CalibrationError.ShouldBeLessThan(0.1);
    }

    /// <summary>Each score is the sum of what all purchases add, and the two that are named add most; what adds less than a hundredth is not named.</summary>
    private static void Recompute(ShopModel model, HashSet<Guid> bought, IReadOnlyList<RecommendedProduct> products)
    {
        var (weights, owned) = (model.Recommender.ForYou, bought.Select(model.ItemOf).OfType<int>().ToArray());
        foreach (var recommended in products.Where(p => p.Reason.Kind == ReasonKind.BecauseBought))
        {
            var item = model.ItemOf(recommended.Product.ProductId)!.Value;
            var contributions = new float[owned.Length];
            weights.Contributions(owned, [], item, contributions);
            var parts = contributions.Select(c => (double)c * recommended.Welcome).OrderDescending().ToList();
            recommended.Score.ShouldBe((float)parts.Sum(), 1e-5f);
            recommended.Reason.Because.Count.ShouldBe(Math.Min(2, parts.Count(p => p > 0.01 * recommended.Score)));
            recommended.Reason.Because.ShouldAllBe(b => bought.Contains(b.Product.ProductId));
            recommended.Reason.Because.Select(b => (double)b.Contribution).ShouldBe(parts.Take(recommended.Reason.Because.Count), 1e-6);
        }
    }

    private static async Task<List<Guid>> SampleAsync(TestShop shop)
    {
        var subjects = await shop.Database.ReadAsync(s => s.QueryAsync(
            "select distinct subject_id from commerce_orders where kind = 'sale' and not anonymous order by subject_id", null, r => r.Guid(0), default), default);
        var random = new SeededRandom(20111209);
        return [.. Enumerable.Range(0, Sample).Select(_ => subjects[random.Next(subjects.Count)])];
    }
}
