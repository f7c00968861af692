using System.Text.Json;
using Wellmet.Commerce.Connectors;
using Wellmet.Commerce.Mappings;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Privacy.Consents;
using Wellmet.Privacy.Contract;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Privacy;

namespace Wellmet.Tests.Commerce.Connectors;

/// <summary>What a mapping makes of what a program sends.</summary>
public sealed class MappingTest
{
    /// <summary>Orders of an imaginary till: several in a payload, money in minor units, days before months.</summary>
    private const string Till = """
        {"delivery_id":"$.msg","rules":[
          {"kind":"order","when":"$.type == 'sale'","each":"$.sales[?@.test != true]","lines":"@.lines[*]","fields":{
            "number":{"path":"@.no"},"placed_at":{"path":"@.at","format":"day_first"},"changed_at":{"path":"$.sent","format":"unix"},"currency":{"path":"@.cur","value":"CHF"},"discount":{"path":"@.off","format":"minor"},
            "shipping":{"path":"@.extra[*].cents","format":"minor"},"customer_id":{"path":"@.who.id"},"email":{"path":"@.who.mail ?? $.mail"},"first_name":{"path":"@.who.first"},"last_name":{"path":"@.who.last"},"country":{"path":"@.who.cc"},
            "line_sku":{"path":"@.code"},"line_name":{"path":"@.text"},"line_quantity":{"path":"@.n","format":"comma"},"line_total":{"path":"@.cents","format":"minor"}}},
          {"kind":"order","when":"$.type == 'void'","fields":{"number":{"path":"$.no"},"changed_at":{"path":"$.sent","format":"unix"},"cancelled":{"value":"true"},"goods":{"path":"$.sum"}}},
          {"kind":"refund","when":"$.type == 'back'","lines":"$.lines[*]","fields":{"refund_id":{"path":"$.id"},"order_id":{"path":"$.no"},"amount":{"path":"$.sum","format":"comma"},"line_sku":{"path":"@.code"},"line_quantity":{"path":"@.n"}}}]}
        """;

    private static object Sale(string message, int sent, params object[] sales) => new { msg = message, type = "sale", sent = 1772359200 + sent, mail = "till@shop.test", sales };

    private static object One(string no, int cents = 4000, string at = "28/02/2026 23:30", bool test = false, object? who = null, string? cur = null) => new
    {
        no, at, test, cur, who = who ?? new { id = 7, mail = "ann@shop.test", first = "Ann", last = "Example", cc = "ch" }, off = 500, extra = new[] { new { cents = 300 }, new { cents = 200 } },
        lines = new[] { new { code = "LAMP", text = "Lamp", n = "2", cents } },
    };

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_comes_before_a_mapping_waits_and_each_thing_of_a_payload_is_taken_once(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var connected = await MappedShop.OpenAsync(shop);
        await connected.TellMappedAsync(Sale("m1", 0, One("A1"), One("T", test: true), One("A2", who: new { id = 0 }, cur: "EUR")));
        (await connected.OutcomesAsync()).ShouldBe(["held mapping_missing kept"]);

        (await connected.MapAsync(Till)).ShouldBe(1);
        await connected.WorkAsync();
        (await connected.OutcomesAsync()).ShouldBe(["done kept"]);
        string[] orders = ["A1 shop placed 4000 CH 2026-02-28, back 0, cancelled 0: DISCOUNT x1 -500, LAMP x2 4000, SHIPPING x1 500", "A2 shop placed 4000  2026-02-28, back 0, cancelled 0: DISCOUNT x1 -500, LAMP x2 4000, SHIPPING x1 500"];
        (await connected.OrdersAsync()).ShouldBe(orders);
        (await shop.ProfileAsync("7")).Name.ShouldBe("Ann Example");
        (await shop.Database.ReadAsync(s => s.QueryAsync("select currency from commerce_orders order by number", null, r => r.Text(0), default), default)).ShouldBe(["CHF", "EUR"]);

        // The same message again, under the id in its body; an older one; and what happened to the order, with the refund first.
        (await connected.SendMappedAsync(Sale("m1", 0, One("A9")))).ShouldBe(DeliveryAnswer.Accepted, "the id was not known before the mapping");
        (await connected.SendMappedAsync(Sale("m2", 0, One("A3")))).ShouldBe(DeliveryAnswer.Accepted);
        (await connected.SendMappedAsync(Sale("m2", 0, One("A4")))).ShouldBe(DeliveryAnswer.Duplicate);
        await connected.TellMappedAsync(Sale("m3", -60, One("A1", 9900)));
        await connected.TellMappedAsync(new { msg = "m4", type = "back", id = "R1", no = "A5", sum = "1.020,50", lines = new[] { new { code = "LAMP", n = 1 } } });
        (await connected.OutcomesAsync())[^1].ShouldBe("held order_unknown kept");
        await connected.TellMappedAsync(Sale("m5", 0, One("A5", 200_000)));
        await connected.WorkAsync();
        await connected.TellMappedAsync(new { msg = "m6", type = "void", no = "A3", sent = 1772359300, sum = 35 });

        (await connected.OrdersAsync("A1")).ShouldBe(orders[..1]);
        (await connected.OrdersAsync("A5")).ShouldBe(["A5 shop part_returned 200000 CH 2026-02-28, back 102050, cancelled 0: DISCOUNT x1 -500, LAMP x2 200000, SHIPPING x1 500"]);
        (await connected.OrdersAsync("A3")).Single().ShouldContain("A3 shop cancelled");
        (await connected.OutcomesAsync()).ShouldAllBe(o => o.EndsWith("kept", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_cannot_be_taken_is_kept_with_its_place_stops_nothing_else_and_is_read_anew_by_another_mapping(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var connected = await MappedShop.OpenAsync(shop, Till);
        await connected.SendMappedAsync(Sale("m1", 0, One("A1", at: "2026-13-01"), One("A2"), One("", at: "1/3/2026")));
        await connected.SendMappedAsync("{\"msg\":\"m2\",");
        await connected.SendMappedAsync("\"text\"");
        await connected.SendMappedAsync(new string('[', 40) + new string(']', 40));
        await connected.SendMappedAsync(new { msg = "m3", type = "ping" });
        await connected.SendMappedAsync(Sale("m4", 0, One("A4", cur: "euro")));
        await connected.WorkAsync();

        (await connected.OutcomesAsync()).ShouldBe([
            "failed field_not_a_time placed_at (@.at) kept", "failed payload_invalid kept", "failed payload_invalid kept", "failed payload_invalid kept", "ignored mapping_none kept", "failed currency_unknown currency (@.cur) kept"]);
        (await connected.OrdersAsync()).ShouldHaveSingleItem().ShouldStartWith("A2 ");
        var trial = await shop.UseAsync<TryMapping, MappingTrial>(t => t.TryAsync(connected.ConnectionId, MappingJson.Read(Till), default));
        (trial.Tried, trial.Taken, trial.Ignored, trial.Things[MappingKind.Order]).ShouldBe((6, 0, 1, 1));
        trial.Refused.Select(r => $"{r.Deliveries} {r.Error.Field} {r.Error.Problem.Code}").ShouldBe(["3  payload_invalid", "1 currency currency_unknown", "1 placed_at field_not_a_time"], ignoreOrder: true);

        var mended = Till.Replace("\"placed_at\":{\"path\":\"@.at\",\"format\":\"day_first\"},", "", StringComparison.Ordinal).Replace("{\"path\":\"@.cur\",\"value\":\"CHF\"}", "{\"value\":\"EUR\"}", StringComparison.Ordinal)
            .Replace("\"number\":{\"path\":\"@.no\"}", "\"number\":{\"path\":\"@.no\",\"value\":\"A5\"}", StringComparison.Ordinal);
        (await connected.MapAsync(mended)).ShouldBe(2);
        (await shop.UseAsync<ReplayDeliveries, int>(r => r.RunAsync(new(connected.ConnectionId, null, Taken: true), default))).ShouldBe(6);
        await connected.WorkAsync();
        (await connected.OutcomesAsync()).Where(o => o.StartsWith("done", StringComparison.Ordinal)).Count().ShouldBe(2);
        (await connected.OrdersAsync()).Select(o => o[..2]).ShouldBe(["A1", "A2", "A4", "A5"]);
        (await shop.UseAsync<MappingStore, List<MappingVersion>>(m => m.VersionsAsync(connected.ConnectionId, default))).Select(v => v.Version).ShouldBe([2, 1]);

        await shop.UseAsync<RemoveConnection>(r => r.RunAsync(connected.ConnectionId, default));
        (await connected.OutcomesAsync()).ShouldAllBe(o => !o.EndsWith("kept", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_waits_for_something_later_in_its_payload_is_taken_and_waiting_goes_before_failing()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var connected = await MappedShop.OpenAsync(shop, """
            {"rules":[{"kind":"refund","each":"$.back[*]","fields":{"refund_id":{"path":"@.id"},"order_id":{"path":"@.no"},"amount":{"path":"@.sum"}}},
              {"kind":"order","each":"$.orders[*]","lines":"@.lines[*]","fields":{"number":{"path":"@.no"},"placed_at":{"path":"@.at"},"line_sku":{"path":"@.sku"},"line_price":{"path":"@.price"}}}]}
            """);
        object Order(string no, string at = "2026-03-01") => new { no, at, lines = new[] { new { sku = "LAMP", price = 40 } } };
        await connected.TellMappedAsync(new { back = new[] { new { id = "R1", no = "A1", sum = 10 } }, orders = new[] { Order("A1") } });
        await connected.TellMappedAsync(new { back = new[] { new { id = "R2", no = "A2", sum = 10 } }, orders = new[] { Order("A3", "soon") } });
        (await connected.OutcomesAsync()).ShouldBe(["done kept", "held order_unknown kept"]);
        (await connected.OrdersAsync("A1")).ShouldHaveSingleItem().ShouldContain("back 1000,");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_consent_is_raised_with_its_evidence_only(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        const string mapping = """
            {"rules":[{"kind":"customer","fields":{"customer_id":{"path":"$.id"},"email":{"path":"$.mail"},"changed_at":{"path":"$.at"},"accepts_marketing":{"path":"$.news"},
              "consent":{"path":"$.optin.yes"},"consent_at":{"path":"$.optin.at"},"consent_wording":{"path":"$.optin.words"},"consent_ip":{"path":"$.optin.ip"}}}]}
            """;
        var connected = await MappedShop.OpenAsync(shop, mapping);
        const string at = "2026-03-01T10:00:00Z";
        await connected.TellMappedAsync(new { id = "1", mail = "a@shop.test", at, news = true });
        await connected.TellMappedAsync(new { id = "2", mail = "b@shop.test", at, optin = new { yes = true, at } });
        await connected.TellMappedAsync(new { id = "3", mail = "c@shop.test", at, optin = new { yes = true, at, words = "Yes, send me news.", ip = "203.0.113.77" } });
        await connected.TellMappedAsync(new { id = "3", mail = "c@shop.test", at = "2026-03-01T11:00:00Z", optin = new { yes = true, at, words = "Yes, send me news.", ip = "203.0.113.77" } });
        await connected.TellMappedAsync(new { mail = "d@shop.test", at, optin = new { yes = true, at, words = "Yes, send me news." } });
        await connected.TellMappedAsync(new { id = "5", mail = "e@shop.test", at, news = "no" });
        await connected.TellMappedAsync(new { id = "6", mail = "f@shop.test", at, optin = new { yes = true, at = "2030-01-01T00:00:00Z", words = "Yes" } });

        (await connected.OutcomesAsync()).ShouldBe(["done kept", "done kept", "done kept", "done kept", "done kept", "done kept", "failed consent_time_invalid customer kept"]);
        var mail = new Dictionary<string, bool>();
        foreach (var (number, address) in new[] { ("1", "a@shop.test"), ("2", "b@shop.test"), ("3", "c@shop.test"), (null, "d@shop.test"), ("5", "e@shop.test"), ("6", "f@shop.test") })
        {
            var subject = await shop.UseAsync<ICustomerStatements, Guid?>(c => c.FindAsync(number is null ? IdentityKind.Email : IdentityKind.ExternalId, number ?? address, default));
            mail[address[..1]] = (await shop.MayMailAsync(subject!.Value, address)).Allowed;
        }
        mail.Where(m => m.Value).Select(m => m.Key).ShouldBe(["c", "d"]);
        var third = (await shop.UseAsync<ICustomerStatements, Guid?>(c => c.FindAsync(IdentityKind.ExternalId, "3", default)))!.Value;
        var record = (await shop.UseAsync<ConsentHistory, IReadOnlyList<ConsentRecord>>(h => h.ReadAsync([third], default))).ShouldHaveSingleItem();
        (record.Wording, record.Proof.Address, record.Proof.Network, record.Source).ShouldBe(("Yes, send me news.", "c@shop.test", "203.0.113.0/24", ConsentSource.Api));
        (await shop.EventsAsync<ConsentRecorded>()).Count.ShouldBe(2);

        string Without(string field) => mapping.Replace($"\"{field}\"", "\"phone\"", StringComparison.Ordinal);
        string With(string path, string field) => mapping.Replace($"{{\"path\":\"{path}\"}}", field, StringComparison.Ordinal);
        foreach (var bad in new[] { Without("consent_wording"), Without("consent_at"), With("$.optin.yes", "{\"value\":\"true\"}"), With("$.optin.yes", "{\"path\":\"$.optin.yes\",\"value\":\"true\"}"),
            With("$.optin.at", "{\"path\":\"$.optin.at\",\"value\":\"2026-03-01\"}"), With("$.mail", "{\"value\":\"a@shop.test\"}") })
        {
            (await Should.ThrowAsync<ProblemException>(() => connected.MapAsync(bad))).Code.ShouldStartWith("mapping_consent_");
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Events_are_told_once_of_whomever_the_program_knows_and_what_is_personal_is_sealed(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var connected = await MappedShop.OpenAsync(shop, """
            {"rules":[{"kind":"event","topic":"reviews/new","each":"$.reviews[*]","fields":{"event":{"value":"Product Reviewed"},"message_id":{"path":"@.id"},"at":{"path":"@.ms"},"email":{"path":"@.mail"},
              "property.product_id":{"path":"@.sku"},"property.rating":{"path":"@.stars"},"property.text":{"path":"@.text"}}},
              {"kind":"event","topic":"calls","fields":{"event":{"path":"$.what"},"phone":{"path":"$.phone"},"properties":{"path":"$.data"}}}]}
            """, topicHeader: "X-Topic", keyHeader: "X-Id");
        var now = TimeProvider.System.GetUtcNow();
        object Reviews(params string[] ids) => new { reviews = ids.Select(id => new { id, ms = now.AddMinutes(-5).ToUnixTimeMilliseconds(), mail = "Ann@Shop.test", sku = "LAMP", stars = 5, text = "bright" }) };

        await connected.TellMappedAsync(Reviews("r1", "r2"), ("X-Topic", "reviews/new"), ("X-Id", "1"));
        (await connected.SendMappedAsync(Reviews("r3"), ("X-Topic", "reviews/new"), ("X-Id", "1"))).ShouldBe(DeliveryAnswer.Duplicate);
        await connected.TellMappedAsync(Reviews("r2", "r3"), ("X-Topic", "reviews/new"), ("X-Id", "2"));
        await connected.TellMappedAsync(new { what = "Called", phone = "+49 30 123456", data = new { reason = "lamp", mood = "angry" } }, ("X-Topic", "calls"), ("X-Id", "3"));
        await connected.TellMappedAsync(new { what = "Called", data = new { } }, ("X-Topic", "calls"), ("X-Id", "4"));
        await connected.TellMappedAsync(new { what = "Called" }, ("X-Id", "5"));

        (await connected.OutcomesAsync()).ShouldBe(["done kept", "done kept", "done kept", "failed person_missing customer_id () kept", "ignored mapping_none kept"]);
        var told = await shop.EventsAsync<ShopEventCollected>();
        told.Count.ShouldBe(3);
        told.Select(e => e.SubjectId).Distinct().ShouldHaveSingleItem().ShouldBe((await shop.UseAsync<ICustomerStatements, Guid?>(c => c.FindAsync(IdentityKind.Email, "ann@shop.test", default)))!.Value);
        var first = told[0];
        (first.Name, first.Source.FromServer, first.Source.Anonymous, (now - first.OccurredAt).TotalMinutes < 6).ShouldBe(("Product Reviewed", true, false, true));
        first.Source.Properties.Json.ShouldNotContain("bright");
        first.Source.Properties.Number("rating").ShouldBe(5);
        var called = (await shop.EventsAsync<EventCollected>()).ShouldHaveSingleItem();
        (called.Name, called.Source.Properties.Text("reason"), called.Source.Sealed is null).ShouldBe(("Called", "lamp", false));
    }

    [Fact]
    public async Task Content_that_was_taken_stays_for_a_hundred_deliveries_and_a_week()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false, configure: s => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<TimeProvider>(s, clock));
        var connected = await MappedShop.OpenAsync(shop, """{"rules":[{"kind":"product","when":"$.sku","fields":{"sku":{"path":"$.sku"},"name":{"path":"$.sku"},"price":{"path":"$.price"}}}]}""");
        for (var i = 0; i < TryMapping.Most + 2; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await connected.SendMappedAsync(new { other = i });
        }
        await connected.TellMappedAsync(new { sku = "LAMP", price = "12.50" });
        Task<long> KeptAsync() => shop.Database.ReadAsync(s => s.CountAsync("select count(*) from commerce_deliveries where body is not null"), default);

        (await KeptAsync()).ShouldBe(TryMapping.Most);
        (await shop.Database.ReadAsync(s => s.CountAsync("select listed_price from commerce_products where sku = 'LAMP'"), default)).ShouldBe(125_000);
        clock.Advance(TimeSpan.FromDays(8));
        await shop.Get<IEnumerable<IExpiry>>().OfType<DeliveryExpiry>().Single().DeleteExpiredAsync(default);
        (await KeptAsync()).ShouldBe(0);
    }
}
