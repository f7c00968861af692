using System.Globalization;
using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Experiments;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Effects;
using Wellmet.Recommendations.Experiments;
using Wellmet.Recommendations.Placements;
using Wellmet.Recommendations.Serving;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Recommendations;

/// <summary>One list mixed from two placements: what is shown of it, to whom, and which of both is found to be preferred.</summary>
public sealed class MixedListTest
{
    private const string Shown = "/v1/recommendations/page/shown", ForYou = "for-you", Other = "bestsellers";
    private const int Limit = 4;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_customer_sees_the_same_mixed_list_again_and_what_they_choose_and_order_counts_for_the_placement_that_gave_it(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await GiftShop.OpenAsync(engine, storage: storage);
        await shop.TrainAsync();
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        var key = await web.MakeWriteKeyAsync();
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_storefronts set currency = 'GBP'"), default);
        var id = await StartAsync(shop);
        web.Get<ExperimentDirectory>().Forget();
        var proof = await SignedProof.OfUserAsync(web, key.KeyId, "1000");
        object question = new { writeKey = key.Text, identityProof = proof, placement = ForYou, limit = Limit };
        (await web.AskAsync(question)).GetProperty("experiment").ValueKind.ShouldBe(JsonValueKind.Null, "nobody agreed that they are measured");
        await shop.MeasureAsync(1000);

        var answer = await web.AskAsync(question);
        answer.GetProperty("experiment").GetGuid().ShouldBe(id);
        answer.GetProperty("variant").ValueKind.ShouldBe(JsonValueKind.Null);
        var items = answer.GetProperty("recommendations").EnumerateArray().Select(r => (Sku: r.GetProperty("sku").GetString()!, Variant: r.GetProperty("variant").GetString()!)).ToArray();
        items.Length.ShouldBe(Limit);
        items.Select(i => i.Sku).Distinct().Count().ShouldBe(Limit);
        items.Count(i => i.Variant.StartsWith(ForYou + ".", StringComparison.Ordinal)).ShouldBe(Limit / 2);
        (await web.AskAsync(question)).GetProperty("recommendations").EnumerateArray().Select(r => (r.GetProperty("sku").GetString()!, r.GetProperty("variant").GetString()!)).ShouldBe(items);

        var variants = items.ToDictionary(i => i.Sku, i => i.Variant);
        await web.AskAsync(new { writeKey = key.Text, identityProof = proof, placement = ForYou, experiment = id, shown = items.Select(i => i.Sku), variants }, path: Shown);
        var chosen = items.First(i => i.Variant.StartsWith(Other + ".", StringComparison.Ordinal)).Sku;
        var codeOfAnother = variants[items.First(i => i.Sku != chosen && i.Variant.StartsWith(Other + ".", StringComparison.Ordinal)).Sku];
        await shop.MeasureAsync(1003);
        var theirs = (await web.AskAsync(new { writeKey = key.Text, identityProof = await SignedProof.OfUserAsync(web, key.KeyId, "1003"), placement = ForYou, limit = Limit })).GetProperty("recommendations").EnumerateArray()
            .ToDictionary(r => r.GetProperty("sku").GetString()!, r => r.GetProperty("variant").GetString()!);
        // What the page makes up, what belongs to another product or another person, and a choice that says nothing of where it came from, count for neither.
        foreach (var (sku, claim) in new[] { ("X", "similar"), ("X", Other), (chosen, codeOfAnother), (chosen, $"{ForYou}.{variants[chosen].Split('.')[1]}"), (chosen, theirs.GetValueOrDefault(chosen, "none")), (theirs.First().Key, theirs.First().Value), ("Y", null) })
        {
            await ChooseAsync(sku, claim);
        }
        (await shop.ResultsAsync(id)).Results.Choices!.Score.ShouldBe(new(0, 0, 1));
        await ChooseAsync(chosen, variants[chosen]);
        var now = TimeProvider.System.GetUtcNow();
        await shop.ImportTextAsync(ImportsInShop.Header + GiftShop.Line("9001", chosen, 4, now.AddMinutes(1), 1000) + GiftShop.Line("C9001", chosen, -1, now.AddMinutes(2), 1000) + GiftShop.Line("9002", "A1", 1, now.AddMinutes(1), 1000));
        await shop.DrainAsync();
        await web.Get<ShownCounter>().FlushAsync(default);

        var read = await shop.ResultsAsync(id);
        read.Results.Choices!.Score.ShouldBe(new(0, 1, 0));
        read.Results.Variants.Sum(v => v.Units).ShouldBe(1);
        read.Mixed!.Score.ShouldBe(new(0, 1, 0));
        read.Mixed.Sales.ShouldBe([new CreditedSales(0, 0, 0, 0), new CreditedSales(1, 750, 4, 3)]);
        read.Sides.Select(s => s.Coverage).ShouldAllBe(c => Math.Abs(c - 2.0 / GiftShop.Products) < 1e-9);
        using var owner = await web.SignInAsync();
        (await owner.PageAsync($"/console/recommendations/experiments/{id}")).ShouldContain("Which is preferred?");

        Task<JsonElement> ChooseAsync(string sku, string? claim) => web.AskAsync(new
        {
            writeKey = key.Text, identityProof = proof, placement = ForYou, experiment = id, chosen = sku, variants = claim is null ? null : new Dictionary<string, string> { [sku] = claim },
        }, path: Shown);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_order_counts_once_for_a_customer_who_was_several_and_for_the_placement_from_which_it_was_chosen_last(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();
        await shop.MeasureAsync(1000, 1001);
        var id = await StartAsync(shop);
        Guid[] subjects = [await shop.CustomerAsync(1000), await shop.CustomerAsync(1001)];
        var (now, product, experiments) = (TimeProvider.System.GetUtcNow(), await shop.ProductAsync("X"), shop.Get<IExperiments>());
        foreach (var subject in subjects)
        {
            var assigned = (await experiments.AssignAsync(PlacementVariants.AreaOf(ForYou), [subject], default))!;
            await experiments.RecordExposuresAsync([new Exposure(assigned, now)], default);
        }
        // Chosen from the one first, and again from the other before they ordered.
        await shop.Database.WriteAsync(tx => experiments.RecordOutcomesAsync(tx, [Choice(subjects[0], 0, 0.1), Choice(subjects[1], 1, 9)], default), default);
        await shop.UseAsync<MergeCustomers>(m => m.RunAsync(new(subjects[0], subjects[1], MergeReason.Other), default));
        await shop.ImportTextAsync(ImportsInShop.Header + GiftShop.Line("9001", "X", 1, now.AddDays(6), 1000) + GiftShop.Line("9002", "X", 1, now.AddDays(10), 1001) + GiftShop.Line("9003", "X", 1, now.AddDays(17), 1000));
        var read = (await shop.ResultsAsync(id)).Results.Experiment;
        var units = await experiments.UnitsAsync(id, 10, default);

        // As far from each other as two pages.
        var mixed = await shop.UseAsync<MixedOrders, MixedSales>(m => m.RunAsync(read, [units[0], .. Enumerable.Range(0, 600).Select(_ => new ExperimentUnit(Guid.CreateVersion7(), 0, now)), units[1]], "GBP", default));

        mixed.Sales.Select(s => s.Orders).ShouldBe([1, 1]);
        mixed.Score.ShouldBe(new(0, 0, 601));

        Outcome Choice(Guid subject, int variant, double days) => new(subject, ExperimentMetric.Clicks, product, now.AddDays(days), Area: PlacementVariants.AreaOf(ForYou)) { Variant = variant };
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_placement_that_customers_like_better_is_found_and_of_two_equal_ones_neither_is(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine);
        await shop.TrainAsync();
        var numbers = Enumerable.Range(1000, 48).ToList();
        await shop.MeasureAsync(numbers);
        // Seven of eight open what was picked out for them, whatever its place.
        var liked = await StartAsync(shop);
        await VisitAsync(liked, (products, at) => products.FirstOrDefault(p => p.GivenBy == (at % 8 == 0 ? 1 : 0)));
        var found = (await shop.ResultsAsync(liked)).Results;
        await shop.UseAsync<StopExperiment>(s => s.RunAsync(new(liked, null), default));
        // All open what stands first, whoever gave it.
        var same = await StartAsync(shop);
        await VisitAsync(same, (products, _) => products[0]);
        var none = (await shop.ResultsAsync(same)).Results;

        found.Choices!.Score.ShouldBe(new(42, 6, 0));
        found.Choices.PValue.ShouldBeLessThan(0.05);
        found.Choices.Days[^1].AlwaysValid.High.ShouldBeLessThan(0.5);
        none.Choices!.PValue.ShouldBeGreaterThan(0.05);
        none.Choices.Days[^1].AlwaysValid.Holds(0.5).ShouldBeTrue();
        foreach (var results in new[] { found, none })
        {
            results.Variants.Sum(v => v.Units).ShouldBe(numbers.Count);
            results.SampleRatio.IsMismatch.ShouldBeFalse();
        }

        async Task VisitAsync(Guid id, Func<IReadOnlyList<RecommendedProduct>, int, RecommendedProduct?> choose)
        {
            for (var i = 0; i < numbers.Count; i++)
            {
                var customer = await shop.CustomerAsync(numbers[i]);
                var answer = await shop.UseAsync<ServePlacement, RecommendedProducts>(s => s.RunAsync(new(ForYou, customer.ToString(), null, null, Text(Limit)), default));
                answer.Products.Count.ShouldBe(Limit);
                var givenBy = answer.Products.ToDictionary(p => p.Product.ProductId, p => p.GivenCode!);
                await shop.UseAsync<CountVariant>(c => c.RunAsync(new(id, ForYou, customer, [.. answer.Products.Select(p => p.Product.ProductId)], choose(answer.Products, i)?.Product.ProductId) { GivenCodes = givenBy }, default));
            }
        }
    }

    [Fact]
    public async Task A_mixed_list_is_made_in_a_form_and_what_cannot_be_mixed_is_refused()
    {
        await using var web = await WebShop.OpenAsync();
        using var owner = await web.SignInAsync();
        foreach (var (against, metric, words) in new[] { ((string[])[Other, "buy-again"], "clicks", "Name one other alone"), ([Other], "revenue", "by what is chosen or ordered") })
        {
            var refused = await owner.PostAsync("/console/recommendations/experiments", [.. Fields(against, metric)]);
            ((int)refused.StatusCode).ShouldBe(400, metric);
            (await refused.Content.ReadAsStringAsync()).ShouldContain(words);
        }

        var page = (await owner.PostAsync("/console/recommendations/experiments", [.. Fields([Other], "clicks")])).Headers.Location!.ToString();
        var text = await owner.PageAsync(page);
        text.ShouldContain("Which is preferred?");
        text.ShouldContain("Too little is known yet");
        text.ShouldNotContain("Revenue each");

        static IEnumerable<(string, string)> Fields(string[] against, string metric) =>
        [
            ("name", "Which is liked?"), ("placement", ForYou), .. against.Select(a => ("against", a)), ("design", "interleaved"), ("metric", metric), ("effect", "10"), ("share", "100"), ("ordersDrop", "10"), ("revenueDrop", ""),
        ];
    }

    private static async Task<Guid> StartAsync(TestShop shop)
    {
        var experiment = await shop.UseAsync<PlanExperiment, Experiment>(p => p.RunAsync(new("Which is liked?", ForYou, [Other], ExperimentMetric.Clicks, 0.1, 100, []) { Mixed = true }, default));
        await shop.UseAsync<StartExperiment>(s => s.RunAsync(experiment.Id, default));
        return experiment.Id;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
