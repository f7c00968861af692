using System.Text.Json;
using Wellmet.Customers.Erasure;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;
using Wellmet.Recommendations.Effects;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Platform.Access.Keys;
using Wellmet.Tests.Privacy;

namespace Wellmet.Tests.Recommendations;

/// <summary>What pages tell of what was seen and chosen, and what is put down to a placement of it.</summary>
public sealed class EffectsTest
{
    private const string Shown = "/v1/recommendations/page/shown", Ann = "1057", Ben = "1058";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_is_seen_and_chosen_is_counted_of_nobody(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await GiftShop.OpenAsync(engine, storage: storage);
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        var key = (await web.MakeWriteKeyAsync()).Text;

        await web.AskAsync(new { writeKey = key, placement = "for-you", shown = new[] { "E0", "E1", "E1", "NO SUCH CODE" } }, path: Shown);
        await web.AskAsync(new { writeKey = key, placement = "for-you", shown = new[] { "E0" }, chosen = "E0" }, path: Shown);
        await web.AskAsync(new { writeKey = key, placement = "bestsellers", chosen = "NO SUCH CODE" }, path: Shown);
        await web.Get<ShownCounter>().FlushAsync(default);
        await web.AskAsync(new { writeKey = key, placement = "for-you", shown = new[] { "E0" } }, path: Shown);
        await web.Get<ShownCounter>().FlushAsync(default);

        var effects = await OfAsync(shop, "for-you");
        (effects.Shown, effects.Chosen, effects.Orders, effects.Revenue).ShouldBe((4, 1, 0, null));
        (await OfAsync(shop, "bestsellers")).Seen.ShouldBeEmpty();
        (await ChoicesAsync(shop)).ShouldBe(0, "nobody was proved to be there");
        (await web.RefusedAsync(Shown, JsonSerializer.Serialize(new { writeKey = key, placement = "nowhere" }))).ShouldBe((404, "placement_unknown"));
        (await web.RefusedAsync(Shown, JsonSerializer.Serialize(new { writeKey = key, placement = "for-you", shown = Enumerable.Repeat("E0", 101) }))).ShouldBe((400, "json_unexpected"));
        (await web.RefusedAsync(Shown, JsonSerializer.Serialize(new { writeKey = key, placement = "for-you", shown = new string?[] { null } }))).ShouldBe((400, "json_unexpected"));
        (await web.RefusedAsync(Shown, JsonSerializer.Serialize(new { placement = "for-you" }))).ShouldBe((401, "key_missing"));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_order_is_put_down_to_where_its_product_was_chosen_last_in_the_week_before(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await GiftShop.OpenAsync(engine, storage: storage);
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        var key = await web.MakeWriteKeyAsync();
        var (ann, ben) = (await SignedProof.OfUserAsync(web, key.KeyId, Ann), await SignedProof.OfUserAsync(web, key.KeyId, Ben));
        await ChooseAsync(ann, "for-you", "E0");
        (await ChoicesAsync(shop)).ShouldBe(0, "in her country measuring needs a consent");
        await shop.SayAsync(ConsentsInShop.Said(await shop.CustomerAsync(1057), ConsentDecision.Given, 1, Channel.Web, purpose: Purpose.Measurement));
        await ChooseAsync(ann, "for-you", "E0");
        await ChooseAsync(ann, "for-you", "E0");
        await ChooseAsync(ann, "bestsellers", "F0");
        await ChooseAsync(ann, "bestsellers", "E0", privacyControl: true);
        await ChooseAsync(ben, "for-you", "E0");
        (await ChoicesAsync(shop)).ShouldBe(2);
        var now = TimeProvider.System.GetUtcNow();

        // Ann buys what she chose, and more; Ben, who may not be measured, buys the same.
        await shop.ImportTextAsync(ImportsInShop.Header + GiftShop.Line("9001", "E0", 4, now.AddMinutes(1), 1057) + GiftShop.Line("9001", "E1", 2, now.AddMinutes(1), 1057) + GiftShop.Line("9002", "E0", 1, now.AddMinutes(1), 1058)
            + GiftShop.Line("9003", "E0", 1, now.AddDays(8), 1057));
        var effects = await OfAsync(shop, "for-you");
        (effects.Orders, effects.Revenue!.Value.Minor, effects.Returned).ShouldBe((1, 1000, 0));
        (await OfAsync(shop, "bestsellers")).Orders.ShouldBe(0, "she did not buy what she chose there");

        // One of the four is cancelled; and where two places showed it, the last one before the order counts.
        await shop.ImportTextAsync(ImportsInShop.Header + GiftShop.Line("C9001", "E0", -1, now.AddMinutes(2), 1057));
        effects = await OfAsync(shop, "for-you");
        (effects.Revenue!.Value.Minor, effects.Returned).ShouldBe((750, 0.25));
        await ChooseAsync(ann, "similar", "E0");
        (await OfAsync(shop, "for-you")).Orders.ShouldBe(0);
        (await OfAsync(shop, "similar")).Orders.ShouldBe(1);

        var customer = await shop.CustomerAsync(1057);
        var held = await shop.UseAsync<ExportCustomer, IReadOnlyList<Wellmet.Platform.Vault.PersonalRecord>>(e => e.RunAsync(customer, default));
        held.Count(r => r.Kind == "chosen_recommendation").ShouldBe(3);
        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(customer, EraseCustomer.Word), default));
        (await ChoicesAsync(shop)).ShouldBe(0);

        Task<JsonElement> ChooseAsync(string proof, string placement, string chosen, bool privacyControl = false) =>
            web.AskAsync(new { writeKey = key.Text, identityProof = proof, placement, chosen }, privacyControl, Shown);
    }

    [Fact]
    public async Task The_pages_of_placements_show_it()
    {
        var storage = TestShop.NewStorage(Engine.Sqlite);
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite, storage: storage);
        await using var web = await WebShop.OpenAsync(storage: storage);
        using var owner = await web.SignInAsync();
        (await owner.PageAsync("/console/recommendations/placements/for-you")).ShouldContain("Nobody saw it yet");
        await web.AskAsync(new { writeKey = (await web.MakeWriteKeyAsync()).Text, placement = "for-you", shown = new[] { "E0", "E1" }, chosen = "E1" }, path: Shown);
        await web.Get<ShownCounter>().FlushAsync(default);

        (await owner.PageAsync("/console/recommendations/placements/for-you")).ShouldContain("Orders after it");
        (await owner.PageAsync("/console/recommendations/placements")).ShouldContain("50.0%");
    }

    private static Task<PlacementEffects> OfAsync(TestShop shop, string placement) => shop.UseAsync<ReadEffects, PlacementEffects>(r => r.RunAsync(placement, default));

    private static Task<long> ChoicesAsync(TestShop shop) => shop.Database.ReadAsync(s => s.CountAsync("select count(*) from recommendations_choices"), default);
}
