using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Science.Predictions;
using Wellmet.Science.Statistics;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Lookalikes;
using Wellmet.Segments.Rules;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Segments;

/// <summary>Lists of those like others: found where there is something to find, refused where there is not, and without those who object.</summary>
public sealed class LookalikesTest
{
    private const int People = 240, Lovers = 80, Seeds = 40;

    /// <summary>The first eighty look at tea, the others at lamps; half of the eighty are the seeds, so that the other half is to be found.</summary>
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Those_like_the_seeds_are_found_without_who_objects_and_chance_is_refused(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var people = (await shop.SeeAsync([.. Enumerable.Range(0, People).Select(i => CollectionInShop.External($"p{i}"))])).Select(p => p.SubjectId).ToList();
        var random = new SeededRandom(5);
        await shop.TellAsync([.. people.SelectMany((p, i) => Enumerable.Range(0, 4).Select(_ => View(p, random.NextDouble() < (i < Lovers ? 0.9 : 0.1) ? "Tea Viewed" : "Lamp Viewed")))]);
        await shop.DrainAsync();
        var objects = people[Lovers - 1];
        await shop.UseAsync<Wellmet.Privacy.Purposes.ObjectToPurpose>(o => o.RunAsync(new(objects, Purpose.Personalisation), default));
        var seeds = await ListsTest.ListAsync(shop, "Seeds");
        await ListsTest.ChangeAsync(shop, seeds, true, [.. people[..Seeds]]);

        var found = await shop.UseAsync<AskForLookalikes, Guid>(a => a.RunAsync(seeds, "Like them", 30, default));
        var card = await MadeAsync(shop, found);
        card.Refused.ShouldBeNull();
        card.Auc!.Value.ShouldBeInRange(0.7, 0.95);
        (card.Seeds, card.Others, card.Chosen, card.Objected).ShouldBe((Seeds, People - Seeds - 1, 30, 1));
        card.Reasons.Select(r => r.Column).ShouldContain("kind:Tea Viewed");
        card.Reasons.First(r => r.Column == "kind:Tea Viewed").ShouldSatisfyAllConditions(r => r.Weight.ShouldBeGreaterThan(0), r => r.Seeds.ShouldBeGreaterThan(2 * r.Others));
        var members = await MembershipTest.MembersAsync(shop, found);
        members.Count.ShouldBe(30);
        members.ShouldNotContain(objects);
        members.Intersect(people[..Seeds]).ShouldBeEmpty();
        members.Count(m => people.IndexOf(m) < Lovers).ShouldBeGreaterThanOrEqualTo(24);
        (await MembershipTest.ExplainAsync(shop, found, members[0])).Why.Word!.Source.ShouldBe("lookalike");

        // Made anew, whoever became a seed is off it.
        await ListsTest.ChangeAsync(shop, seeds, true, members[0]);
        await shop.UseAsync<AskForLookalikes>(a => a.AgainAsync(found, default));
        await MadeAsync(shop, found);
        (await MembershipTest.MembersAsync(shop, found)).ShouldNotContain(members[0]);

        var any = await ListsTest.ListAsync(shop, "Anybody");
        await ListsTest.ChangeAsync(shop, any, true, [.. people.Where((_, i) => i % 6 == 0)]);
        var chance = await shop.UseAsync<AskForLookalikes, Guid>(a => a.RunAsync(any, "Like anybody", 30, default));
        (await MadeAsync(shop, chance)).Refused.ShouldBe("no_better_than_chance");
        (await MembershipTest.MembersAsync(shop, chance)).ShouldBeEmpty();

        var few = await ListsTest.ListAsync(shop, "Few");
        await ListsTest.ChangeAsync(shop, few, true, [.. people[..29]]);
        (await ListsTest.RefusedAsync(() => shop.UseAsync<AskForLookalikes>(a => a.RunAsync(few, "Like few", 30, default)))).ShouldBe("lookalike_seeds_few");
    }

    [Fact]
    public void What_the_rule_of_the_seeds_asks_about_is_left_out_also_behind_segments_that_it_names()
    {
        var (other, computed) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var rule = new AllOf([RuleJson.Read("""{"did":"Order Placed"}"""), new Not(new InSegment(other))]);
        var around = new RuleSurroundings("EUR", new Dictionary<Guid, ProductLabel?>(), new Dictionary<Guid, Rule> { [other] = RuleJson.Read("""{"any":[{"trait":"country","is":["DE"]},{"sequence":[{"did":"Product Viewed"},{"not":"Product Added","within":"1d"}]}]}""") })
        {
            Traits = new Dictionary<Guid, TraitFormula> { [computed] = new(new FactFilter("Review Written", []), Aggregation.Count, null, null) },
        };
        SketchMaker.AskedBy(rule, around).ShouldBe(["Order Placed", "trait:country", "Product Viewed", "Product Added"], ignoreOrder: true);
        SketchMaker.AskedBy(new ComputedTrait(computed, new Test(TestOperator.Exists, [])), around).ShouldBe(["Review Written"]);
        foreach (var score in new[] { "rfm_group", "rfm_recency", "lifecycle_stage" })
        {
            SketchMaker.AskedBy(new Trait(score, new Test(TestOperator.Exists, [])), around).ShouldBe(["Order Placed"]);
        }
    }

    /// <summary>Against the model that made the data: the order of scores is that of its probabilities, and a column of noise weighs little.</summary>
    [Fact]
    public void The_model_orders_by_what_made_the_seeds_and_held_out_quality_is_that_of_chance_for_noise()
    {
        var random = new SeededRandom(9);
        var x = Enumerable.Range(0, 2_000).Select(_ => new[] { random.NextDouble() * 100, random.NextDouble(), 7 }).ToList();
        var seeds = x.ConvertAll(row => random.NextDouble() < 1 / (1 + Math.Exp(-((row[0] - 70) / 8))) * 0.5);
        var model = SeedModel.Fit(x, seeds);
        model.Score([90, 0.5, 7]).ShouldBeGreaterThan(model.Score([60, 0.5, 7]));
        (Math.Abs(model.Weights[1]) * 5).ShouldBeLessThan(model.Weights[0]);
        model.Weights[2].ShouldBe(0);
        SeedModel.HeldOut(x, seeds).Auc.ShouldBeInRange(0.8, 0.92);
        var (auc, error) = SeedModel.HeldOut(x, x.ConvertAll(_ => random.NextDouble() < 0.2));
        auc.ShouldBeInRange(0.5 - (3 * error), 0.5 + (3 * error));
    }

    private static ILogEvent View(Guid subject, string name) =>
        new ShopEventCollected(subject, TimeProvider.System.GetUtcNow().AddDays(-3), name, new CollectedFacts(Id.New(), null, Id.New().ToString(), Trusted: true, Anonymous: false, new EventProperties("{}"), null));

    private static async Task<ModelCard> MadeAsync(TestShop shop, Guid list)
    {
        for (var i = 0; i < 400 && await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from segments_lookalikes where state = 'waiting'"), default) > 0; i++)
        {
            await shop.UseAsync<BuildLookalikes>(b => b.RunAsync(default));
        }
        await ListsTest.FilledAsync(shop);
        return (await shop.UseAsync<AskForLookalikes, LookalikeRow?>(a => a.OfAsync(list, default)))!.Card!;
    }
}
