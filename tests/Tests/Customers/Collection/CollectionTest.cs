using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Customers.Collection;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Profiles;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using static Wellmet.Tests.Customers.Collection.CollectionInShop;

namespace Wellmet.Tests.Customers.Collection;

/// <summary>Events as shops send them: answers, repetitions, order, and who may say what.</summary>
public sealed class CollectionTest
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Each_event_of_a_batch_gets_its_own_answer(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);

        var first = await shop.CollectAsync("""
            {"batch": [
              {"type": "track", "messageId": "m1", "userId": "u1", "event": "Product Viewed", "properties": {"product_id": "P1", "price": 12.5}},
              {"type": "track", "messageId": "m2", "userId": "u1"},
              {"type": "page", "messageId": "m3", "anonymousId": "a1", "properties": {"path": "/lamps"}},
              {"type": "track", "messageId": "m1", "userId": "u1", "event": "Product Viewed"},
              {"type": "dance", "messageId": "m4", "userId": "u1"},
              {"type": "track", "messageId": "m5", "userId": "null", "anonymousId": "0", "event": "x"},
              7
            ]}
            """);
        var again = await shop.CollectAsync("""{"messageId": "m3", "anonymousId": "a1"}""", "page");

        first.Select(o => (o.Status, o.Reason)).ShouldBe([
            (CollectionStatus.Accepted, null), (CollectionStatus.Rejected, "event_missing"), (CollectionStatus.Accepted, null), (CollectionStatus.Duplicate, null),
            (CollectionStatus.Rejected, "type_unknown"), (CollectionStatus.Rejected, "identity_missing"), (CollectionStatus.Rejected, "event_invalid")]);
        again.Single().Status.ShouldBe(CollectionStatus.Duplicate);
        var viewed = (await shop.EventsAsync<ShopEventCollected>()).Single();
        viewed.Source.Properties.Text("product_id").ShouldBe("P1");
        viewed.Source.Properties.Number("price").ShouldBe(12.5m);
        (await shop.EventsAsync<EventCollected>()).Single().Describe().Arguments.ShouldBe(["/lamps"]);
        (await shop.CountAsync("customers_subjects")).ShouldBe(2);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_profile_ends_the_same_in_whatever_order_events_come(Engine engine)
    {
        object[] events =
        [
            Identify("i1", Now.AddDays(-30), new { firstName = "Ann", email = "old@example.com", country = "FR" }),
            Identify("i2", Now.AddDays(-2), new { name = "Ann Lee", phone = "+4917012345" }),
            Identify("i3", Now.AddHours(-1), new { email = "ann@example.com", address = new { country = "DE" } }),
            // A clock that runs years ahead counts as now.
            Identify("i4", Now.AddYears(9), new { locale = "de-DE" }),
            Identify("i5", Now.AddDays(-3), new { phone = "+49000", name = (string?)null }),
        ];
        var profiles = new List<string>();
        foreach (var order in new[] { events, [.. events.Reverse()], [events[2], events[0], events[4], events[3], events[1]], [.. events, .. events] })
        {
            await using var shop = await TestShop.OpenAsync(engine, configure: s => s.AddSingleton<TimeProvider>(new ManualClock(Now)));
            foreach (var one in order)
            {
                await shop.CollectAsync([one]);
            }
            var profile = await shop.ProfileAsync("u1");
            var first = await shop.Database.ReadAsync(s => s.FirstAsync("select first_seen_at, country from customers_summaries", null, r => (r.Time(0), r.TextOrNull(1)), default), default);
            profiles.Add($"{profile.Name} {profile.Email} {profile.Phone} {profile.Country} {profile.Locale} {first}");
        }

        profiles.ShouldAllBe(p => p == $"Ann Lee ann@example.com +4917012345 DE de-DE ({Now.AddDays(-30)}, DE)");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_page_cannot_become_somebody_or_change_what_is_proved(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.CollectAsync([Identify("i1", Now, new { email = "ann@example.com" })]);

        await shop.CollectAsync([Identify("i2", Now, new { email = "thief@example.com", name = "Thief" }), Track("t1", "u1", "visitor", "Signed Up")], Page);

        var ann = await shop.ProfileAsync("u1");
        ann.Email.ShouldBe("ann@example.com");
        ann.Name.ShouldBeNull();
        (await shop.EventsAsync<EventCollected>()).Single().SubjectId.ShouldNotBe(ann.CustomerId);
        (await shop.EventsAsync<CustomerMerged>()).ShouldBeEmpty();
        (await shop.FindAsync("thief@example.com")).ShouldNotContain(ann.CustomerId);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_page_with_the_shops_signature_is_believed_and_joins_the_visitor(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, configure: s => s.AddSingleton<TimeProvider>(new ManualClock(Now)));
        await shop.CollectAsync([Track("t1", null, "visitor", "Looked Around")], Page);
        var proof = await shop.SignAsync(Page.SourceId, new { sub = "u1", exp = Now.AddHours(1).ToUnixTimeSeconds(), email = "ann@example.com" });

        await shop.CollectAsync([new { type = "identify", messageId = "i1", userId = "u1", anonymousId = "visitor", identityProof = proof, traits = new { } }], Page);

        var ann = await shop.ProfileAsync("u1");
        ann.Email.ShouldBe("ann@example.com");
        ann.Identities.Select(i => (i.Kind, i.Value)).ShouldBe([(IdentityKind.ExternalId, "u1"), (IdentityKind.Email, "ann@example.com"), (IdentityKind.AnonymousId, "visitor")]);
        (await shop.EventsAsync<CustomerMerged>()).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("u2", 60, "HS256", "")]
    [InlineData("u1", -1, "HS256", "")]
    [InlineData("u1", 60 * 24 * 3, "HS256", "")]
    [InlineData("u1", 60, "none", "")]
    [InlineData("u1", 60, "HS256", "x")]
    public async Task A_proof_that_does_not_hold_proves_nothing(string user, int minutes, string algorithm, string tail)
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, configure: s => s.AddSingleton<TimeProvider>(new ManualClock(Now)));
        var proof = await shop.SignAsync(Page.SourceId, new { sub = user, exp = Now.AddMinutes(minutes).ToUnixTimeSeconds(), email = "ann@example.com" }, algorithm) + tail;

        await shop.CollectAsync([new { type = "identify", messageId = "i1", userId = "u1", anonymousId = "visitor", identityProof = proof }], Page);

        (await shop.ProfileAsync("u1")).Email.ShouldBeNull();
        (await shop.EventsAsync<CustomerMerged>()).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_second_person_on_a_device_keeps_apart(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);

        await shop.CollectAsync([Track("t1", null, "device", "Came"), Track("t2", "u1", "device", "Signed In"), Track("t3", "u2", "device", "Signed In")]);

        (await shop.ProfileAsync("u1")).Identities.ShouldContain(i => i.Value == "device");
        (await shop.ProfileAsync("u2")).Identities.Select(i => i.Value).ShouldBe(["u2"]);
        (await shop.EventsAsync<CustomerMerged>()).Count.ShouldBe(1);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_looks_personal_is_sealed_and_goes_with_the_person(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.CollectAsync([new
        {
            type = "track", messageId = "m", userId = "u1", @event = "Product Viewed",
            properties = new { sku = "S1", nickname = "Canary-Nick", brand = "canary@example.com", url = "https://shop.example/p?email=canary%40x.example&utm_source=mail#top" },
            context = new { ip = "203.0.113.77", userAgent = "Mozilla/5.0 (iPhone) Mobile", campaign = new { source = "newsletter" } },
        }]);

        var log = await shop.Database.ReadAsync(s => s.FirstAsync("select payload from log_events where type = 'customers.shop_event_collected'", null, r => r.Text(0), default), default);
        log.ShouldNotBeNull().ShouldNotContain("anary");
        log.ShouldNotContain("203.0.113");
        var properties = (await shop.EventsAsync<ShopEventCollected>()).Single().Source.Properties;
        properties.Text("url").ShouldBe("https://shop.example/p?utm_source=mail");
        properties.Text("device").ShouldBe("mobile");
        properties.Root.GetProperty("campaign").GetProperty("source").GetString().ShouldBe("newsletter");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_message_id_is_remembered_for_thirty_days(Engine engine)
    {
        var clock = new ManualClock(Now);
        await using var shop = await TestShop.OpenAsync(engine, configure: s => s.AddSingleton<TimeProvider>(clock));
        async Task<CollectionStatus> SendAsync(string id)
        {
            foreach (var expiry in shop.Services.GetServices<IExpiry>())
            {
                await expiry.DeleteExpiredAsync(default);
            }
            return (await shop.CollectAsync([Track(id, "u1", null, "Came")])).Single().Status;
        }

        (await SendAsync("old")).ShouldBe(CollectionStatus.Accepted);
        clock.Advance(TimeSpan.FromDays(29));
        (await SendAsync("old")).ShouldBe(CollectionStatus.Duplicate);
        (await SendAsync("newer")).ShouldBe(CollectionStatus.Accepted);
        clock.Advance(TimeSpan.FromDays(2));
        (await SendAsync("old")).ShouldBe(CollectionStatus.Accepted);
        (await SendAsync("newer")).ShouldBe(CollectionStatus.Duplicate);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Many_at_once_are_all_kept_once(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => shop.CollectAsync([Track($"m{i % 150}", $"u{i % 40}", null, "Came")])));

        outcomes.SelectMany(o => o).Count(o => o.Status == CollectionStatus.Accepted).ShouldBe(150);
        (await shop.EventsAsync<EventCollected>()).Count.ShouldBe(150);
        (await shop.CountAsync("customers_subjects")).ShouldBe(40);
    }

    internal static object Track(string messageId, string? userId, string? anonymousId, string name) => new { type = "track", messageId, userId, anonymousId, @event = name };

    private static object Identify(string messageId, DateTimeOffset at, object traits) => new { type = "identify", messageId, userId = "u1", timestamp = at, traits };
}
