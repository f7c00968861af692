using System.Net;
using System.Text;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Consents;
using Wellmet.Privacy.Contract;
using Wellmet.Privacy.Purposes;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Privacy;

/// <summary>What browsers refuse, and what the collection does not keep of those who object to being measured.</summary>
public sealed class SignalsTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Global_privacy_control_is_an_objection_that_keeps_no_views_but_orders(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var private_ = CollectionInShop.Page with { PrivacyControl = true };
        await shop.CollectAsync([Page("v1", "m1")], private_);
        await shop.CollectAsync([Page("v1", "m2"), Track("v1", "m3", "Product Viewed"), Track("v1", "m4", "Order Completed")], private_);
        await shop.CollectAsync([Page("v2", "m5")], CollectionInShop.Page);
        await shop.DrainAsync();

        (await shop.EventsAsync<EventCollected>()).Select(e => e.Source.MessageId).ShouldBe(["m5"]);
        (await shop.EventsAsync<ShopEventCollected>()).ShouldBeEmpty();
        (await shop.EventsAsync<OrderEventCollected>()).Count.ShouldBe(1);
        var visitor = await VisitorAsync(shop, "v1");
        foreach (var purpose in new[] { Purpose.Measurement, Purpose.Personalisation, Purpose.Export })
        {
            (await shop.AskAsync(new DataUse(purpose), visitor)).ShouldBe(new PurposeDecision(false, "objected"));
        }
        (await shop.AskAsync(new DataUse(Purpose.Marketing, Channel.Email, "US"), visitor, "v@example.com")).Allowed.ShouldBeTrue("it says nothing about messages");
        (await shop.CountAsync("privacy_consents")).ShouldBeLessThanOrEqualTo(6, "one of each for a minute, however many calls carry it");

        // Without the signal, too: it was said.
        await shop.CollectAsync([Page("v1", "m6")], CollectionInShop.Page);
        (await shop.EventsAsync<EventCollected>()).Select(e => e.Source.MessageId).ShouldBe(["m5"]);
        var answers = await shop.CollectAsync([Page("v1", "m6")], CollectionInShop.Page);
        answers.Single().Status.ShouldBe(Wellmet.Customers.Collection.CollectionStatus.Duplicate, "it was taken, though not kept");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_banners_choices_lower_and_never_raise(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.CollectAsync("""{"anonymousId": "v1", "messageId": "m1", "context": {"consent": {"categoryPreferences": {"Advertising": true, "Analytics": false, "Functional": true}}}}""", "page", CollectionInShop.Page);
        await shop.CollectAsync("""{"anonymousId": "v2", "messageId": "m2", "context": {"gpc": true}}""", "page");
        await shop.CollectAsync("""{"anonymousId": "v3", "messageId": "m0", "context": {"consent": {"categoryPreferences": {"C0001": true, "C0002": false}}}}""", "page", CollectionInShop.Page);
        await shop.DrainAsync();

        Guid v1 = await VisitorAsync(shop, "v1"), v2 = await VisitorAsync(shop, "v2");
        (await shop.AskAsync(new DataUse(Purpose.Measurement), v1)).Allowed.ShouldBeFalse();
        (await shop.AskAsync(new DataUse(Purpose.Personalisation), v1)).Allowed.ShouldBeTrue();
        (await shop.AskAsync(new DataUse(Purpose.Export), v2)).Allowed.ShouldBeFalse();
        foreach (var purpose in new[] { Purpose.Measurement, Purpose.Personalisation, Purpose.Export })
        {
            (await shop.AskAsync(new DataUse(purpose), await VisitorAsync(shop, "v3"))).Allowed.ShouldBeFalse("a category that only the shop's banner knows may stand for any of them");
        }
        (await shop.EventsAsync<EventCollected>()).ShouldBeEmpty();

        await shop.CollectAsync("""{"anonymousId": "v1", "messageId": "m3", "context": {"consent": {"categoryPreferences": {"Analytics": true}}}}""", "page", CollectionInShop.Page);
        await shop.DrainAsync();
        (await shop.AskAsync(new DataUse(Purpose.Measurement), v1)).Allowed.ShouldBeFalse("anybody could send an agreement");
        (await shop.EventsAsync<EventCollected>()).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_objection_that_staff_record_stops_the_next_view(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.CollectAsync([Page("v1", "m1")], CollectionInShop.Page);
        var visitor = await VisitorAsync(shop, "v1");
        await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(visitor, Purpose.Measurement), default));
        await shop.CollectAsync([Page("v1", "m2")], CollectionInShop.Page);
        await shop.UseAsync<WithdrawObjection>(w => w.RunAsync(new(visitor, Purpose.Measurement), default));
        await shop.CollectAsync([Page("v1", "m3")], CollectionInShop.Page);

        (await shop.EventsAsync<EventCollected>()).Select(e => e.Source.MessageId).ShouldBe(["m1", "m3"], ignoreOrder: true);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task One_refusal_speaks_for_all_that_the_same_request_carries_of_the_person(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.CollectAsync([Page("v1", "m1"), new { type = "page", anonymousId = "v1", messageId = "m2", context = new { gpc = true } }, Track("v1", "m3", "Product Viewed"), Page("v2", "m4")], CollectionInShop.Page);

        (await shop.EventsAsync<EventCollected>()).Select(e => e.Source.MessageId).ShouldBe(["m4"]);
        (await shop.EventsAsync<ShopEventCollected>()).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_refusal_that_stands_is_not_written_again_however_often_and_for_whatever_time_it_is_sent(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        for (var day = 1; day <= 5; day++)
        {
            await shop.CollectAsync([Refusal("v1", $"a{day}", $"2026-03-0{day}T09:00:00Z"), Refusal("v1", $"b{day}", $"2026-02-1{9 - day}T09:00:00Z")], CollectionInShop.Page);
            await shop.DrainAsync();
        }
        (await shop.CountAsync("privacy_consents")).ShouldBe(3);

        // A consent to a channel lifts it there, and the next signal says it again.
        var visitor = await VisitorAsync(shop, "v1");
        await shop.SayAsync(ConsentsInShop.Said(visitor, ConsentDecision.Given, 10, Channel.Web, purpose: Purpose.Measurement));
        (await shop.AskAsync(new DataUse(Purpose.Measurement, Channel.Web, "DE"), visitor)).Allowed.ShouldBeTrue();
        await shop.CollectAsync([Refusal("v1", "c", "2026-03-20T09:00:00Z")], CollectionInShop.Page);
        await shop.DrainAsync();
        (await shop.AskAsync(new DataUse(Purpose.Measurement, Channel.Web, "DE"), visitor)).Allowed.ShouldBeFalse();
        (await shop.CountAsync("privacy_consents")).ShouldBe(5);
    }

    [Fact]
    public async Task The_header_of_a_browser_is_heard()
    {
        await using var shop = await WebShop.OpenAsync();
        var key = (await shop.MakeWriteKeyAsync()).Text;
        using var http = new HttpClient { BaseAddress = shop.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/page") { Content = new StringContent($"{{\"writeKey\": \"{key}\", \"anonymousId\": \"v1\"}}", Encoding.UTF8, "text/plain") };
        request.Headers.Add("Sec-GPC", "1");

        (await http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);

        for (var i = 0; i < 200 && await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from privacy_consents"), default) == 0; i++)
        {
            await Task.Delay(50);
        }
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from privacy_consents where source = 'signal' and decision = 'withdrawn'"), default)).ShouldBe(3);
    }

    private static object Page(string visitor, string id) => new { type = "page", anonymousId = visitor, messageId = id, name = "Home" };

    private static object Refusal(string visitor, string id, string at) => new { type = "page", anonymousId = visitor, messageId = id, timestamp = at, context = new { gpc = true } };

    private static object Track(string visitor, string id, string name) =>
        new { type = "track", anonymousId = visitor, messageId = id, @event = name, properties = new { order_id = "1001", currency = "EUR", products = new[] { new { sku = "S1", price = 10, quantity = 1 } }, sku = "S1" } };

    private static async Task<Guid> VisitorAsync(TestShop shop, string visitor) =>
        (await shop.UseAsync<ICustomers, IReadOnlyList<ResolvedPerson>>(c => c.ResolveAsync([new PersonClaim(IdentityKind.AnonymousId, visitor, new PersonDetails())], null, default))).Single().SubjectId;
}
