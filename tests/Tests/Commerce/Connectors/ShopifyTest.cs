using System.Text.Json;
using Wellmet.Commerce.Connectors;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Profiles;
using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Commerce.Connectors;

/// <summary>What becomes of Shopify's webhooks.</summary>
public sealed class ShopifyTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_order_ends_the_same_in_whatever_order_its_deliveries_come_and_however_often(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var connected = await ConnectedShop.OpenAsync(shop, ShopSystem.Shopify);
        string[] runs = ["01234", "43210", "20413201", "31420314", "1430214", "4023140"];
        for (var run = 0; run < runs.Length; run++)
        {
            var deliveries = Story(run).ToList();
            foreach (var (topic, payload) in runs[run].Select(place => deliveries[place - '0']))
            {
                await connected.TellAsync(topic, payload);
            }
        }

        (await connected.OrdersAsync()).ShouldBe(Enumerable.Range(0, runs.Length).Select(run =>
            $"#{run}A shop part_returned 7500 DE 2026-03-01, back 2000, cancelled 0: LAMP x2 4000, SHIPPING x1 500, VASE x2 3000, parcel of 3 by DHL tracked arrived"));
        (await shop.EventsAsync<Wellmet.Commerce.Contract.ItemsReturned>()).Count.ShouldBe(runs.Length, "each refund once");
        (await connected.DeliveriesAsync()).ShouldAllBe(d => d.EndsWith(" done", StringComparison.Ordinal) || d.EndsWith(" older", StringComparison.Ordinal));
        (await shop.ProfileAsync("77")).Email.ShouldBe("new@shop.test");
    }

    /// <summary>Told, changed, sent, arrived, given back in part.</summary>
    private static IEnumerable<(string Topic, object Payload)> Story(int run)
    {
        var (id, number) = (1000 + run, $"#{run}A");
        var lamps = Line(1, "LAMP", 20, 2);
        var vases = Line(2, "VASE", 15, 2);
        yield return ("orders/create", Order(id, number, "10:00", [lamps, Line(2, "VASE", 15, 1)], 55));
        yield return ("orders/updated", Order(id, number, "11:00", [lamps, vases], 70, email: "new@shop.test"));
        yield return ("fulfillments/create", Parcel(id, "12:00", [lamps, Line(2, "VASE", 15, 1)], null));
        yield return ("fulfillments/update", Parcel(id, "13:00", [lamps, Line(2, "VASE", 15, 1)], "delivered"));
        yield return ("refunds/create", new { id = 9000 + run, order_id = id, created_at = At("14:00"), refund_line_items = new[] { new { quantity = 1, restock_type = "return", subtotal = 20.0, line_item = lamps } }, transactions = new[] { new { kind = "refund", status = "success", amount = "23.80" } } });
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_cancellation_takes_what_is_left_and_what_was_never_sent_is_no_return(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var connected = await ConnectedShop.OpenAsync(shop, ShopSystem.Shopify);
        var lamps = Line(1, "LAMP", 20, 2);
        for (var run = 0; run < 2; run++)
        {
            var id = 10 + run;
            var refund = ("refunds/create", (object)new
            {
                id = 90 + run, order_id = id, created_at = At("11:00"), refund_line_items = new[] { new { quantity = 1, restock_type = "cancel", subtotal = 20.0, line_item = lamps } },
                transactions = new[] { new { kind = "refund", status = "success", amount = "20.00" } },
            });
            var cancelled = ("orders/cancelled", Order(id, $"#{run}", "12:00", [lamps], 40, cancelled: "12:00"));
            await connected.TellAsync("orders/create", Order(id, $"#{run}", "10:00", [lamps], 40));
            foreach (var (topic, payload) in run == 0 ? [refund, cancelled, refund] : new[] { cancelled, refund, cancelled })
            {
                await connected.TellAsync(topic, payload);
            }
        }

        (await connected.OrdersAsync()).ShouldBe([
            "#0 shop cancelled 4500 DE 2026-03-01, back 0, cancelled 4000: LAMP x2 4000, SHIPPING x1 500", "#1 shop cancelled 4500 DE 2026-03-01, back 0, cancelled 4000: LAMP x2 4000, SHIPPING x1 500"]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_cannot_be_taken_is_kept_with_its_reason_and_tried_again_and_what_was_taken_is_not_kept(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var connected = await ConnectedShop.OpenAsync(shop, ShopSystem.Shopify);
        (await connected.SendAsync("themes/publish", new { id = 1 })).ShouldBe(DeliveryAnswer.Ignored);
        (await connected.SendAsync("orders/create", new { id = 5, name = "#5" }, "bad")).ShouldBe(DeliveryAnswer.Accepted);
        (await connected.SendAsync("orders/create", "[1,", "worse")).ShouldBe(DeliveryAnswer.Accepted);
        await connected.SendAsync("orders/create", Order(6, "#6", "10:00", [Line(1, "LAMP", 20, 1)], 20, test: true));
        await connected.SendAsync("fulfillments/create", Parcel(7, "10:00", [Line(1, "LAMP", 20, 1)], null));
        (await connected.SendAsync("orders/create", new { id = 5, name = "#5" }, "bad")).ShouldBe(DeliveryAnswer.Duplicate);
        await connected.WorkAsync();

        (await connected.DeliveriesAsync()).ShouldBe([
            "themes/publish ignored topic_unknown", "orders/create failed payload_incomplete kept", "orders/create failed payload_invalid kept", "orders/create ignored test_order", "fulfillments/create held order_unknown kept"]);
        await connected.TellAsync("orders/create", Order(7, "#7", "09:00", [Line(1, "LAMP", 20, 1)], 20));
        await connected.WorkAsync();
        (await shop.UseAsync<ReplayDeliveries, int>(r => r.RunAsync(new(connected.ConnectionId, null), default))).ShouldBe(2);
        await connected.WorkAsync();

        (await connected.DeliveriesAsync()).Skip(1).ShouldBe([
            "orders/create failed payload_incomplete kept", "orders/create failed payload_invalid kept", "orders/create ignored test_order", "fulfillments/create done", "orders/create done"]);
        (await connected.OrdersAsync()).ShouldBe(["#7 shop shipped 2500 DE 2026-03-01, back 0, cancelled 0: LAMP x1 2000, SHIPPING x1 500, parcel of 1 by DHL tracked"]);
        (await shop.Database.ReadAsync(s => s.QueryAsync("select body from commerce_deliveries where body is not null", null, r => System.Text.Encoding.UTF8.GetString(r.Bytes(0)), default), default)).ShouldAllBe(b => !b.Contains("order", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Products_are_those_of_the_catalogue_and_nothing_older_brings_one_back(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var connected = await ConnectedShop.OpenAsync(shop, ShopSystem.Shopify);
        object Product(string at, decimal price, params string[] skus) => new
        {
            id = 1, title = "Lamp", vendor = "Acme", product_type = "Lights", status = "active", updated_at = At(at), images = new[] { new { id = 3, src = "https://cdn.shop.test/l.jpg" } },
            variants = skus.Select((sku, i) => new { id = 10 + i, sku, title = sku, price = $"{price}", inventory_management = "shopify", inventory_quantity = 4, inventory_policy = "deny" }),
        };

        await connected.TellAsync("products/update", Product("11:00", 25, "RED", "BLUE"));
        await connected.TellAsync("products/create", Product("10:00", 20, "RED", "BLUE", "GREEN"));
        (await ProductsAsync(shop)).ShouldBe(["BLUE Lamp - BLUE 250000 Acme 4 sold", "RED Lamp - RED 250000 Acme 4 sold"]);

        await connected.TellAsync("products/update", Product("12:00", 25, "RED"));
        (await ProductsAsync(shop)).ShouldBe(["BLUE Lamp - BLUE 250000 Acme 4 gone", "RED Lamp - RED 250000 Acme 4 sold"]);
        await connected.TellAsync("products/delete", new { id = 1 }, triggered: new DateTimeOffset(2026, 3, 1, 13, 0, 0, TimeSpan.Zero));
        await connected.TellAsync("products/update", Product("12:30", 25, "RED", "BLUE"));
        (await ProductsAsync(shop)).ShouldAllBe(p => p.EndsWith(" gone", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_shop_raises_no_consent_and_what_customers_ask_for_is_left_to_people(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var connected = await ConnectedShop.OpenAsync(shop, ShopSystem.Shopify);
        await connected.TellAsync("customers/create", Customer(1, "10:00", "a@shop.test", "subscribed"));
        await connected.TellAsync("customers/create", Customer(2, "10:00", "b@shop.test", "unsubscribed"));
        await connected.TellAsync("customers/update", Customer(1, "09:00", "old@shop.test", "not_subscribed"));
        foreach (var time in new[] { "10:10", "10:20" })
        {
            await connected.TellAsync("customers/update", new { id = 3, email = "c@shop.test", updated_at = At(time), created_at = At("08:00"), accepts_marketing = true });
        }
        await connected.TellAsync("orders/create", Order(5, "#5", "12:00", [Line(1, "LAMP", 20, 1)], 20, email: "a@shop.test", customer: 1));
        var (first, second) = ((await FindAsync(shop, "1"))!.Value, (await FindAsync(shop, "2"))!.Value);

        var said = await shop.Database.ReadAsync(s => s.QueryAsync("select subject_id, decision from privacy_consents order by recorded_at, consent_id", null, r => (r.Guid(0), r.Text(1)), default), default);
        said.ShouldBe([(first, "claimed"), (second, "withdrawn"), ((await FindAsync(shop, "3"))!.Value, "claimed")], ignoreOrder: true);
        var asked = await shop.UseAsync<IPurposeGate, PurposeAnswer>(g => g.AskAsync(new DataUse(Purpose.Marketing, Channel.Email), [first, second], default));
        asked[first].Allowed.ShouldBeFalse();
        (await shop.ProfileAsync("1")).Email.ShouldBe("a@shop.test", "what is older changes nothing");

        await connected.TellAsync("customers/redact", new { shop_id = 1, customer = new { id = 1, email = "a@shop.test" }, orders_to_redact = new[] { 5 } }, "redact");
        await connected.TellAsync("customers/data_request", new { shop_id = 1, customer = new { id = 99, email = "nobody@shop.test" } });
        var requests = (await shop.UseAsync<ReadConnections, ConnectionDetails>(r => r.OneAsync(connected.ConnectionId, default))).Requests;
        requests.ShouldHaveSingleItem().SubjectId.ShouldBe(first);
        (await connected.DeliveriesAsync())[^1].ShouldBe("customers/data_request done nobody_known");

        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(first, EraseCustomer.Word), default));
        await connected.TellAsync("orders/updated", Order(5, "#5", "13:00", [Line(1, "LAMP", 20, 2)], 40, email: "a@shop.test", customer: 1));
        (await FindAsync(shop, "1")).ShouldBeNull("an order that is told again brings nobody back");
        (await connected.OrdersAsync()).Single().ShouldContain("LAMP x2 4000");
        await shop.UseAsync<CloseShopRequest>(c => c.RunAsync(connected.ConnectionId, requests[0].RequestId, default));
        (await shop.UseAsync<ReadConnections, ConnectionDetails>(r => r.OneAsync(connected.ConnectionId, default))).Status.Open.ShouldBe(0);
    }

    [Fact]
    public async Task What_is_old_is_forgotten_with_its_key()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false, configure: s => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<TimeProvider>(s, clock));
        var connected = await ConnectedShop.OpenAsync(shop, ShopSystem.Shopify);
        await connected.TellAsync("orders/create", "broken");
        clock.Advance(TimeSpan.FromDays(29));
        await connected.TellAsync("orders/create", "broken, too");
        clock.Advance(TimeSpan.FromDays(2));
        var expiry = shop.Get<IEnumerable<Wellmet.Platform.IExpiry>>().OfType<DeliveryExpiry>().Single();

        (await expiry.DeleteExpiredAsync(default)).ShouldBe(1);

        var keys = await shop.Get<Wellmet.Platform.Vault.KeyStore>().KeysAsync([ShopIds.BodyKeyOf(connected.ConnectionId, clock.GetUtcNow().AddDays(-31)), ShopIds.BodyKeyOf(connected.ConnectionId, clock.GetUtcNow().AddDays(-2))], create: false, default);
        keys.Has(ShopIds.BodyKeyOf(connected.ConnectionId, clock.GetUtcNow().AddDays(-31))).ShouldBeFalse();
        keys.Has(ShopIds.BodyKeyOf(connected.ConnectionId, clock.GetUtcNow().AddDays(-2))).ShouldBeTrue();
    }

    /// <summary>Payloads as Shopify's own documentation and libraries show them.</summary>
    [Theory]
    [InlineData("order.json", "orders/create", "done")]
    [InlineData("refund.json", "refunds/create", "held order_unknown kept")]
    [InlineData("fulfillment.json", "fulfillments/create", "held order_unknown kept")]
    [InlineData("customer.json", "customers/create", "done")]
    [InlineData("product.json", "products/create", "done")]
    [InlineData("inventory_level.json", "inventory_levels/update", "ignored topic_unknown")]
    public async Task Real_payloads_pass(string file, string topic, string becomes)
    {
        var payload = string.Join('\n', RealData.Lines("shopify/admin-json/" + file));
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var connected = await ConnectedShop.OpenAsync(shop, ShopSystem.Shopify);

        await connected.TellAsync(topic, payload);

        (await connected.DeliveriesAsync()).ShouldBe([$"{topic} {becomes}"]);
    }

    [Fact]
    public async Task All_real_payloads_together_make_one_order_with_what_happened_to_it_and_none_stops_the_others()
    {
        var order = RealData.Find("shopify/admin-json/order.json");
        Assert.SkipWhen(order is null, "The data set shopify/admin-json is not at hand in a folder shared/data beside the repository.");
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var connected = await ConnectedShop.OpenAsync(shop, ShopSystem.Shopify);
        foreach (var topic in new[] { "refunds/create", "fulfillments/create", "products/create", "customers/create", "orders/create" })
        {
            await connected.TellAsync(topic, File.ReadAllText(Path.Combine(Path.GetDirectoryName(order)!, $"{(topic == "fulfillments/create" ? "fulfillment" : topic.Split('/')[0].TrimEnd('s'))}.json")));
        }
        await connected.WorkAsync();

        (await connected.OrdersAsync()).ShouldBe(["#1001 shop part_returned 39800 US 2008-01-10, back 20900, cancelled 0: DISCOUNT x1 -19900, IPOD2008BLACK x1 19900, IPOD2008GREEN x1 19900, IPOD2008RED x1 19900"]);
        (await connected.DeliveriesAsync()).ShouldAllBe(d => d.EndsWith(" done", StringComparison.Ordinal));
        (await shop.ProfileAsync("207119551")).Name.ShouldBe("Bob Norman");

        // Whatever else the API knows, sent under every topic: it may be refused, and stops nothing.
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(order)!, "*.json"))
        {
            foreach (var topic in new[] { "orders/updated", "refunds/create", "fulfillments/update", "products/update", "customers/update", "customers/redact" })
            {
                await connected.SendAsync(topic, File.ReadAllText(file));
            }
        }
        await connected.WorkAsync();
        (await connected.DeliveriesAsync()).ShouldAllBe(d => !d.Contains("waiting", StringComparison.Ordinal) && !d.Contains("not_now", StringComparison.Ordinal));
    }

    private static string At(string time) => $"2026-03-01T{time}:00Z";

    private static object Line(int id, string sku, decimal price, int quantity) => new { id, variant_id = 100 + id, sku, title = sku, name = sku, price = $"{price}", quantity };

    private static object Order(int id, string number, string updated, object[] lines, decimal subtotal, string email = "old@shop.test", string? cancelled = null, bool test = false, int customer = 77) => new
    {
        id, name = number, created_at = At("09:30"), updated_at = At(updated), currency = "EUR", test, subtotal_price = $"{subtotal}", cancelled_at = cancelled is null ? null : At(cancelled), email, line_items = lines,
        shipping_lines = new[] { new { price = "5.00", discounted_price = "5.00" } }, shipping_address = new { country_code = "DE" }, refunds = Array.Empty<object>(), fulfillments = Array.Empty<object>(),
        customer = new { id = customer, email, first_name = "Ann", last_name = "Example", updated_at = At(updated) },
    };

    private static object Customer(int id, string updated, string email, string state) =>
        new { id, email, first_name = "Ann", updated_at = At(updated), created_at = At("08:00"), email_marketing_consent = new { state, consent_updated_at = At(updated) } };

    private static object Parcel(int order, string updated, object[] lines, string? status) =>
        new { id = 500 + order, order_id = order, status = "success", created_at = At("12:00"), updated_at = At(updated), tracking_company = "DHL", tracking_number = "00340", shipment_status = status, line_items = lines };

    private static Task<List<string>> ProductsAsync(TestShop shop) => shop.Database.ReadAsync(s => s.QueryAsync("select sku, name, unit_price, listed_price, brand, stock, active from commerce_products order by sku", null,
        r => $"{r.Text(0)} {r.Text(1)} {r.LongOrNull(3) ?? r.LongOrNull(2)} {r.TextOrNull(4)} {r.LongOrNull(5)} {(r.Bool(6) ? "sold" : "gone")}", default), default);

    private static Task<Guid?> FindAsync(TestShop shop, string number) => shop.UseAsync<ICustomerStatements, Guid?>(c => c.FindAsync(IdentityKind.ExternalId, number, default));
}
