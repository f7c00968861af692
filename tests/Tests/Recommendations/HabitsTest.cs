using Wellmet.Commerce.Contract;
using Wellmet.Demo.Generator;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Serving;
using Wellmet.Science.Products;
using Wellmet.Science.Statistics;
using Wellmet.Tests.Demo;

namespace Wellmet.Tests.Recommendations;

/// <summary>What the demo shop's orders say of its types, and what follows for each customer: nothing twice that is kept, what is used up in time.</summary>
public sealed class HabitsTest(ITestOutputHelper output)
{
    private const int Length = 20, CoolDown = 180;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Nobody_is_offered_what_they_have_and_what_is_used_up_comes_back(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await ReplayAsync(shop, customers: 700, replayed: engine == Engine.Sqlite ? 700 : 100);
    }

    [Fact, Trait("tier", "long")]
    public async Task Ten_thousand_customers_are_replayed()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        await ReplayAsync(shop, customers: 10_000, replayed: 10_000);
    }

    [Fact]
    public async Task What_goes_together_is_found_from_the_orders_alone()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        await shop.MakeDemoAsync(2_000, DemoPlan.DefaultMonths);
        await shop.TrainAsync();
        var habits = shop.Get<ModelStore>().Current!.Habits;

        // A type is called by the noun of its products.
        var kinds = (await shop.ProductsAsync()).ToDictionary(p => p.Sku, p => p.Kind);
        var nouns = Catalogue.Products.Select((product, index) => (Catalogue.TypeOf(index).Name, Noun: kinds[product.Sku])).DistinctBy(n => n.Name).ToDictionary(n => n.Name, n => n.Noun);
        var planted = Habits.Complements.Select(c => (nouns[c.Type]!, nouns[c.With]!)).ToHashSet();
        var found = Enumerable.Range(0, habits.TypeNames.Count)
            .SelectMany(type => habits.Relations.ComplementsOf(type).ToArray().Select(c => (habits.TypeNames[type], habits.TypeNames[c.Type]))).ToHashSet();
        var recovered = planted.Count(found.Contains);
        output.WriteLine($"{recovered} of {Habits.Complements.Count} complements; types: {string.Join(", ", habits.TypeNames)}");

        ((double)recovered / Habits.Complements.Count).ShouldBeGreaterThanOrEqualTo(0.9);
        var machine = (await shop.ProductsAsync()).First(p => p.Kind == nouns["Coffee Machine"]);
        var with = await shop.WithAsync(machine.Sku, ProductQuestion.GoesWith, 5);
        with.Products.ShouldNotBeEmpty();
        with.Products.ShouldAllBe(p => p.Product.Kind == nouns["Coffee"] && p.Reason.Kind == ReasonKind.GoesWith);
    }

    [Fact]
    public async Task The_habits_are_the_same_after_a_restart()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        await shop.MakeDemoAsync(300);
        await shop.TrainAsync();
        var before = shop.Get<ModelStore>().Current!;

        shop.Get<ModelStore>().Load();

        var after = shop.Get<ModelStore>().Current!;
        after.ShouldNotBeSameAs(before);
        after.Habits.TypeNames.ShouldBe(before.Habits.TypeNames);
        after.Habits.Clocks.Clocks.ToArray().ShouldBe(before.Habits.Clocks.Clocks.ToArray());
        after.Habits.Relations.Entries.ToArray().ShouldBe(before.Habits.Relations.Entries.ToArray());
        for (var item = 0; item < before.Products.Count; item++)
        {
            after.Habits.Clocks.Types.Of(item).ShouldBe(before.Habits.Clocks.Types.Of(item));
            after.Habits.Complements.Of(item).ToArray().ShouldBe(before.Habits.Complements.Of(item).ToArray());
        }
    }

    private async Task ReplayAsync(TestShop shop, int customers, int replayed)
    {
        await shop.MakeDemoAsync(customers, DemoPlan.DefaultMonths);
        await shop.TrainAsync();
        var (model, now) = (shop.Get<ModelStore>().Current!, shop.Get<TimeProvider>().GetUtcNow());
        var labels = (await shop.ProductsAsync()).ToDictionary(p => p.ProductId);
        var (again, personal, recomputed) = (0, 0, 0);
        var lists = new List<(HashSet<Guid> Bought, HashSet<Guid> Shown)>();
        foreach (var subject in await SubjectsAsync(shop, replayed))
        {
            var bought = await shop.UseAsync<IOrders, IReadOnlyList<BoughtProduct>>(o => o.BoughtByAsync([subject], default));
            var kept = bought.Where(b => b.Kept > 0 && b.PlacedAt > now.AddDays(-CoolDown)).Select(b => labels[b.ProductId].Kind).OfType<string>()
                .Where(kind => KindOf(model, kind) == ProductKind.Durable).ToHashSet();
            var answer = await shop.UseAsync<RecommendForCustomer, RecommendedProducts>(r => r.RunAsync(new(subject, Length), default));
            var used = await shop.UseAsync<RecommendAgain, RecommendedProducts>(r => r.RunAsync(new(subject, Length), default));

            answer.Products.Select(p => p.Product.ProductId).Distinct().Count().ShouldBe(Length);
            answer.Products.ShouldAllBe(p => bought.All(b => b.ProductId != p.Product.ProductId));
            answer.Products.ShouldAllBe(p => p.Product.Kind == null || !kept.Contains(p.Product.Kind));
            used.Products.ShouldAllBe(p => bought.Any(b => b.ProductId == p.Product.ProductId && b.Kept > 0) && p.Reason.Due != null);
            lists.Add(([.. bought.Select(b => b.ProductId)], [.. answer.Products.Select(p => p.Product.ProductId)]));
            again += used.Products.Count;
            var interest = await shop.Get<ISignals>().OfAsync([subject], default);
            var own = answer.Products.Where(p => p.Reason.Kind is ReasonKind.BecauseBought or ReasonKind.BecauseViewed).ToList();
            personal += own.Count;
            recomputed += own.Count(p => Recomputes(model, bought, interest, shop.Get<TimeProvider>().GetUtcNow(), p));
        }
        output.WriteLine($"{personal} of {replayed * Length} personal, of them {recomputed} recomputed; {again} to buy again");
        again.ShouldBeGreaterThan(replayed / 10);
        recomputed.ShouldBe(personal);
        personal.ShouldBeGreaterThan(replayed * Length / 2);
        var shared = SharedOfStrangers(lists);
        output.WriteLine($"{shared.Count} pairs without a product in common share {shared.Average():F2} of {Length}; at most 4: {shared.Count(s => s <= 4) / (double)shared.Count:P1}");
        shared.Average().ShouldBeLessThan(4);
        shared.Count(s => s <= 4).ShouldBeGreaterThan(shared.Count * 9 / 10);
    }

    /// <summary>How many of their products two customers have in common who bought none in common, for many pairs.</summary>
    private static List<int> SharedOfStrangers(List<(HashSet<Guid> Bought, HashSet<Guid> Shown)> lists)
    {
        var random = new SeededRandom(1);
        return [.. Enumerable.Range(0, 20_000).Select(_ => (One: lists[random.Next(lists.Count)], Other: lists[random.Next(lists.Count)]))
            .Where(p => !p.One.Bought.Overlaps(p.Other.Bought)).Select(p => p.One.Shown.Count(p.Other.Shown.Contains))];
    }

    private static ProductKind KindOf(ShopModel model, string name) => model.Habits.Clocks.Clocks[model.Habits.TypeNames.ToList().IndexOf(name)].Kind;

    /// <summary>From all that they bought, less what came back, and the last twenty products that they looked at or put into the basket; what they looked at itself, from what they bought alone.</summary>
    private static bool Recomputes(ShopModel model, IReadOnlyList<BoughtProduct> bought, IReadOnlyList<ProductSignal> interest, DateTimeOffset now, RecommendedProduct recommended)
    {
        var owned = bought.Select(b => b.ProductId).Distinct().ToList();
        var viewed = interest.Where(s => !owned.Contains(s.ProductId)).GroupBy(s => s.ProductId).Take(20).Select(s => (ProductId: s.Key, Value: s.Max(ValueOf))).ToList();
        var speaking = viewed.Any(v => v.ProductId == recommended.Product.ProductId) ? [] : viewed;
        int[] items = [.. owned.Concat(speaking.Select(v => v.ProductId)).Select(p => model.ItemOf(p)!.Value)];
        float[] weights = [.. bought.GroupBy(b => b.ProductId).Select(b => b.Sum(o => o.Kept) == 0 && b.Sum(o => o.Unwanted) > 0 ? (float)(-0.25 * Math.Pow(2, -(now - b.Max(o => o.UnwantedAt ?? o.PlacedAt)).TotalDays / 365)) : 1), .. speaking.Select(v => v.Value)];
        var contributions = new float[items.Length];
        model.Recommender.ForYou.Contributions(items, weights, model.ItemOf(recommended.Product.ProductId)!.Value, contributions);
        return Math.Abs((contributions.Sum(c => (double)c) * recommended.Welcome) - recommended.Score) < 1e-5
            && recommended.Reason.Because.All(b => b.Viewed ? speaking.Any(v => v.ProductId == b.Product.ProductId) : owned.Contains(b.Product.ProductId));

        float ValueOf(ProductSignal signal) => (float)(signal.Kind == InterestKind.Cart ? 0.6 * Math.Pow(2, -(now - signal.At).TotalDays / 30) : 0.15 * Math.Pow(2, -(now - signal.At).TotalDays / 14));
    }

    private static Task<List<Guid>> SubjectsAsync(TestShop shop, int limit) => shop.Database.ReadAsync(s => s.QueryAsync(
        "select distinct subject_id from commerce_orders where kind = 'sale' and not anonymous order by subject_id limit @limit", new { limit }, r => r.Guid(0), default), default);
}
