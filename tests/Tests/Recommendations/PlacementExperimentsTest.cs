using System.Globalization;
using System.Text.Json;
using Wellmet.Platform;
using Wellmet.Platform.Experiments;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Effects;
using Wellmet.Recommendations.Experiments;
using Wellmet.Recommendations.Placements;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Recommendations;

/// <summary>Two lists tried at one place: who sees which, what is counted of it, and what becomes of it.</summary>
public sealed class PlacementExperimentsTest
{
    private const string Shown = "/v1/recommendations/page/shown", ForYou = "for-you", Other = "bestsellers";

    /// <summary>Customers of the shop who may be measured.</summary>
    private static readonly int[] Numbers = [.. Enumerable.Range(1000, 24)];

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Each_sees_the_same_variant_each_time_and_what_they_see_choose_buy_and_send_back_is_counted_for_it(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await GiftShop.OpenAsync(engine, storage: storage);
        await shop.TrainAsync();
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        var key = await web.MakeWriteKeyAsync();
        // The key's storefront is the shop's first one, whose currency revenue is told in.
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_storefronts set currency = 'GBP'"), default);
        await shop.MeasureAsync(Numbers);
        var id = await StartAsync(shop);
        web.Get<ExperimentDirectory>().Forget();

        var variantOf = new Dictionary<int, string>();
        foreach (var number in Numbers)
        {
            var proof = await SignedProof.OfUserAsync(web, key.KeyId, Text(number));
            var answer = await web.AskAsync(new { writeKey = key.Text, identityProof = proof, placement = ForYou, limit = 3 });
            answer.GetProperty("experiment").GetGuid().ShouldBe(id);
            variantOf[number] = answer.GetProperty("variant").GetString()!;
            answer.GetProperty("recommendations")[0].GetProperty("reason").GetProperty("code").GetString().ShouldBe(variantOf[number] == ForYou ? "because_bought" : "bestseller");
            (await web.AskAsync(new { writeKey = key.Text, identityProof = proof, placement = ForYou, limit = 3 })).GetProperty("variant").GetString().ShouldBe(variantOf[number]);
            await web.AskAsync(new { writeKey = key.Text, identityProof = proof, placement = ForYou, shown = new[] { "E0", "E1" }, experiment = id }, path: Shown);
            await web.AskAsync(new { writeKey = key.Text, identityProof = proof, placement = ForYou, shown = new[] { "E0" }, experiment = id }, path: Shown);
        }
        variantOf.Values.Distinct().Count().ShouldBe(2);
        var chooser = Numbers[0];
        await web.AskAsync(new { writeKey = key.Text, identityProof = await SignedProof.OfUserAsync(web, key.KeyId, Text(chooser)), placement = ForYou, chosen = "E1", experiment = id }, path: Shown);

        // The first customer orders, has a part cancelled, and cancels something of an order from before; somebody who takes part in nothing orders, too.
        var now = TimeProvider.System.GetUtcNow();
        await shop.ImportTextAsync(ImportsInShop.Header + GiftShop.Line("9001", "E1", 4, now.AddMinutes(1), chooser) + GiftShop.Line("C9001", "E1", -1, now.AddMinutes(2), chooser)
            + GiftShop.Line("C5000", $"B{chooser % 3}", -1, now.AddMinutes(2), chooser) + GiftShop.Line("9002", "E1", 7, now.AddMinutes(1), 1050));
        await shop.DrainAsync();
        await web.Get<ShownCounter>().FlushAsync(default);

        var read = await shop.ResultsAsync(id);
        read.Results.Variants.Sum(v => v.Units).ShouldBe(Numbers.Length);
        read.Results.Variants.Single(v => v.Name == ForYou).Units.ShouldBe(variantOf.Values.Count(v => v == ForYou));
        var hers = read.Results.Variants.Single(v => v.Name == variantOf[chooser]);
        (hers.Clicked, hers.Converted, hers.RevenueMinor).ShouldBe((1, 1, 750));
        read.Results.Variants.Single(v => v.Name != variantOf[chooser]).ShouldSatisfyAllConditions(v => v.Converted.ShouldBe(0), v => v.RevenueMinor.ShouldBe(0));
        read.Placement.ShouldBe(ForYou);
        var at = read.Results.Variants.ToList().IndexOf(hers);
        read.Sides[at].Returned.ShouldBe(0.25);
        read.Sides[at].Coverage.ShouldBe(2.0 / GiftShop.Products, 1e-9);
        read.Sides[1 - at].Returned.ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Who_is_unknown_or_may_not_be_measured_takes_part_in_nothing_and_what_was_decided_is_for_everybody(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await GiftShop.OpenAsync(engine, storage: storage);
        await shop.TrainAsync();
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        var key = await web.MakeWriteKeyAsync();
        var id = await StartAsync(shop);
        web.Get<ExperimentDirectory>().Forget();
        // In their country measuring needs a consent, which nobody gave.
        var proof = await SignedProof.OfUserAsync(web, key.KeyId, "1000");
        object[] askers = [new { writeKey = key.Text, placement = ForYou, limit = 3 }, new { writeKey = key.Text, identityProof = proof, placement = ForYou, limit = 3 }];
        foreach (var asker in askers)
        {
            (await web.AskAsync(asker)).GetProperty("experiment").ValueKind.ShouldBe(JsonValueKind.Null);
        }
        await web.AskAsync(new { writeKey = key.Text, identityProof = proof, placement = ForYou, shown = new[] { "E0" }, experiment = id }, path: Shown);
        await shop.MeasureAsync(1000);
        // What stood there before the experiment began, or in another one, does not count for it.
        await web.AskAsync(new { writeKey = key.Text, identityProof = proof, placement = ForYou, shown = new[] { "E0" } }, path: Shown);
        await web.AskAsync(new { writeKey = key.Text, identityProof = proof, placement = ForYou, shown = new[] { "E0" }, experiment = Id.New() }, path: Shown);
        (await shop.ResultsAsync(id)).Results.Variants.Sum(v => v.Units).ShouldBe(0);

        await shop.UseAsync<StopExperiment>(s => s.RunAsync(new(id, null), default));
        await shop.UseAsync<ChooseWinner>(c => c.RunAsync(new(id, Other), default));
        web.Get<ExperimentDirectory>().Forget();
        foreach (var asker in askers)
        {
            var answer = await web.AskAsync(asker);
            answer.GetProperty("recommendations")[0].GetProperty("reason").GetProperty("code").GetString().ShouldBe("bestseller");
            answer.GetProperty("experiment").ValueKind.ShouldBe(JsonValueKind.Null);
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_visitor_whom_nobody_knows_takes_part_by_the_number_of_their_events_and_nothing_of_them_is_used(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await GiftShop.OpenAsync(engine, storage: storage);
        await shop.TrainAsync();
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        var key = (await web.MakeWriteKeyAsync()).Text;
        var id = await StartAsync(shop);
        web.Get<ExperimentDirectory>().Forget();
        (await web.AskAsync(new { writeKey = key, anonymousId = "v-1", placement = ForYou })).GetProperty("experiment").ValueKind.ShouldBe(JsonValueKind.Null, "nothing was told of this number yet");
        var visitors = Enumerable.Range(0, 12).Select(i => $"v-{i}").ToList();
        foreach (var visitor in visitors)
        {
            (await web.TellAsync("/v1/page", JsonSerializer.Serialize(new { writeKey = key, anonymousId = visitor, messageId = visitor, name = "Home" }))).EnsureSuccessStatusCode();
            var answer = await web.AskAsync(new { writeKey = key, anonymousId = visitor, placement = ForYou, limit = 3 });
            answer.GetProperty("experiment").GetGuid().ShouldBe(id);
            answer.GetProperty("personalised").GetBoolean().ShouldBeFalse();
            await web.AskAsync(new { writeKey = key, anonymousId = visitor, placement = ForYou, chosen = "E0", experiment = id }, path: Shown);
            (await web.AskAsync(new { writeKey = key, anonymousId = visitor, placement = ForYou }, privacyControl: true)).GetProperty("experiment").ValueKind.ShouldBe(JsonValueKind.Null);
        }

        var variants = (await shop.ResultsAsync(id)).Results.Variants;
        (variants.Sum(v => v.Units), variants.Sum(v => v.Clicked)).ShouldBe((visitors.Count, visitors.Count));
        variants.ShouldAllBe(v => v.Units > 0);
    }

    [Fact]
    public async Task What_cannot_be_tried_is_refused_in_words_and_the_pages_lead_from_a_draft_to_a_decision()
    {
        var storage = TestShop.NewStorage(Engine.Sqlite);
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite, storage: storage);
        await using var web = await WebShop.OpenAsync(storage: storage);
        using var owner = await web.SignInAsync();
        foreach (var (against, effect, words) in new[]
        {
            ("", "10", "Name at least one other placement"), (ForYou, "10", "cannot be compared with itself"), ("similar", "10", "cannot stand there"), ("nowhere", "10", "There is no placement nowhere"),
            (Other, "much", "is no percentage"), (Other, "0", "worth finding"),
        })
        {
            var refused = await owner.PostAsync("/console/recommendations/experiments", Fields(against, effect));
            ((int)refused.StatusCode).ShouldBe(400, against);
            (await refused.Content.ReadAsStringAsync()).ShouldContain(words);
        }
        (await owner.PageAsync("/console/recommendations/experiments")).ShouldContain("Nothing was tried yet");

        var made = await owner.PostAsync("/console/recommendations/experiments", Fields(Other, "10"));
        var page = made.Headers.Location!.ToString();
        var id = page[(page.LastIndexOf('/') + 1)..];
        (await owner.PageAsync(page)).ShouldContain("Draft");
        (await owner.PageAsync(PlacementPages.Href(ForYou))).ShouldNotContain("Which is better?");
        await owner.PostAsync("/console/recommendations/experiments/start", ("id", id));
        (await owner.PageAsync(page)).ShouldContain("Running");
        (await owner.PageAsync(PlacementPages.Href(ForYou))).ShouldContain("An experiment is running with this placement");
        (await owner.PageAsync(PlacementPages.Href(Other))).ShouldContain("An experiment is running with this placement");
        (await owner.PageAsync(PlacementPages.Href("similar"))).ShouldNotContain("Which is better?");
        await owner.PostAsync("/console/recommendations/experiments/stop", ("id", id));
        await owner.PostAsync("/console/recommendations/experiments/decide", ("id", id), ("variant", Other));
        (await owner.PageAsync(page)).ShouldContain("Decided: bestsellers");
        (await owner.PageAsync(PlacementPages.Href(ForYou))).ShouldContain("bestsellers stands here instead");
        (await owner.PageAsync(PlacementPages.Href(Other))).ShouldNotContain("Which is better?");
        (await owner.PageAsync("/console/recommendations/experiments")).ShouldContain("Which is better?");
    }

    private static (string Name, string Value)[] Fields(string against, string effect) =>
    [
        ("name", "Which is better?"), ("placement", ForYou), ("against", against), ("metric", "conversions"), ("effect", effect), ("share", "100"), ("ordersDrop", "10"), ("revenueDrop", ""),
    ];

    private static async Task<Guid> StartAsync(TestShop shop)
    {
        var experiment = await shop.UseAsync<PlanExperiment, Experiment>(p => p.RunAsync(new("Which is better?", ForYou, [Other], ExperimentMetric.Conversions, 0.1, 100, []), default));
        await shop.UseAsync<StartExperiment>(s => s.RunAsync(experiment.Id, default));
        return experiment.Id;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
