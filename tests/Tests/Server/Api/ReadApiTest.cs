using System.Net;
using System.Text.Json;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Server.Api;

/// <summary>The read API as programs use it.</summary>
public sealed class ReadApiTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Customers_are_listed_looked_up_and_read(Engine engine)
    {
        await using var shop = await ApiShop.OpenAsync(engine);

        var all = await shop.AllAsync("/v1/customers?sort=revenue", limit: 1);
        all.Count.ShouldBe(2);
        all[0].GetProperty("revenue").GetRawText().ShouldBe("""{"amount_minor":3834,"currency":"GBP"}""");
        var found = (await shop.GetAsync("/v1/customers?email=ann%40EXAMPLE.com")).GetProperty("data").EnumerateArray().Single();
        found.GetProperty("name").GetString().ShouldBe("Ann Lee");
        found.GetProperty("orders").GetInt64().ShouldBe(1);
        (await shop.GetAsync("/v1/customers?email=ann%40example.co")).GetProperty("data").GetArrayLength().ShouldBe(0, "a beginning is not the address");
        var id = (await shop.GetAsync("/v1/customers?external_id=17850")).GetProperty("data").EnumerateArray().Single().GetProperty("id").GetGuid();
        id.ShouldBe(found.GetProperty("id").GetGuid());
        (await shop.GetAsync("/v1/customers?min_orders=2")).GetProperty("data").GetArrayLength().ShouldBe(0);
        (await shop.GetAsync("/v1/customers?anonymous=true")).GetProperty("data").GetArrayLength().ShouldBe(1, "the visitor");

        var customer = await shop.GetAsync($"/v1/customers/{id}");
        customer.GetProperty("email").GetString().ShouldBe("Ann@Example.com");
        customer.GetProperty("identifiers").EnumerateArray().ShouldContain(i => i.GetProperty("kind").GetString() == "external_id" && i.GetProperty("value").GetString() == "17850");
        customer.GetProperty("purchases")[0].GetProperty("average_order").GetProperty("amount_minor").GetInt64().ShouldBe(3834);
        var timeline = await shop.AllAsync($"/v1/customers/{id}/timeline", limit: 1);
        timeline.ShouldContain(l => l.GetProperty("text").GetString()!.StartsWith("Order 1: 6 items", StringComparison.Ordinal));
        timeline.Select(l => l.GetProperty("id").GetString()).Distinct().Count().ShouldBe(timeline.Count);
        (await shop.AllAsync($"/v1/customers/{id}/timeline?kind=order", limit: 10)).ShouldAllBe(l => l.GetProperty("kind").GetString() == "order");
    }

    [Fact]
    public async Task Personal_fields_are_for_keys_with_the_scope_for_them()
    {
        await using var shop = await ApiShop.OpenAsync();
        var key = await shop.KeyAsync("customers.read", "events.read", "orders.read");
        var id = (await shop.GetAsync("/v1/customers?external_id=17850", key)).GetProperty("data")[0].GetProperty("id").GetGuid();

        foreach (var path in new[] { "/v1/customers", $"/v1/customers/{id}", $"/v1/customers/{id}/timeline", "/v1/events", "/v1/orders", $"/v1/orders/{await shop.IdAsync("select order_id from commerce_orders where number = '1'")}" })
        {
            var text = (await shop.GetAsync(path, key)).GetRawText();
            foreach (var personal in new[] { "Ann", "ann@", "7946", "17850", "•" })
            {
                text.ShouldNotContain(personal, Case.Sensitive, path);
            }
        }
        (await shop.RefusedAsync("/v1/customers?email=ann%40example.com", HttpStatusCode.Forbidden, key)).Code.ShouldBe("key_scope_missing", "whether somebody is a customer is personal");
        var whole = (await shop.GetAsync("/v1/events?name=Product%20Viewed")).GetProperty("data")[0];
        whole.GetProperty("personal_properties").GetProperty("note").GetString().ShouldBe("call me at ann@example.com");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Orders_are_listed_and_read_with_what_happened_to_them(Engine engine)
    {
        await using var shop = await ApiShop.OpenAsync(engine);
        var id = await shop.IdAsync("select order_id from commerce_orders where number = '1'");
        using var owner = await shop.Web.SignInAsync();
        (await owner.PostAsync($"/console/orders/{id}/cancellations", ("quantity.71053", "1"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await owner.PostAsync($"/console/orders/{id}/shipments", ("carrier", "DHL"), ("tracking", "T-1"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await owner.PostAsync($"/console/orders/{id}/returns", ("reason", "damaged"), ("quantity.71053", "2"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        (await shop.AllAsync("/v1/orders", limit: 1)).Select(o => o.GetProperty("number").GetString()).ShouldBe(["2", "1"]);
        var row = (await shop.GetAsync("/v1/orders?number=1")).GetProperty("data").EnumerateArray().Single();
        row.GetProperty("state").GetString().ShouldBe("part_returned");
        row.GetProperty("placed_at").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2010, 12, 1, 8, 26, 0, TimeSpan.Zero));
        var customer = row.GetProperty("customer_id").GetGuid();
        (await shop.GetAsync($"/v1/orders?customer_id={customer}&state=part_returned&from=2010-12-01&to=2010-12-01")).GetProperty("data").GetArrayLength().ShouldBe(1);
        (await shop.GetAsync($"/v1/orders?customer_id={Guid.CreateVersion7()}")).GetProperty("data").GetArrayLength().ShouldBe(0);

        var order = await shop.GetAsync($"/v1/orders/{id}");
        order.GetProperty("order").GetRawText().ShouldBe(row.GetRawText());
        var line = order.GetProperty("lines").EnumerateArray().Single(l => l.GetProperty("sku").GetString() == "71053");
        (line.GetProperty("quantity").GetInt64(), line.GetProperty("quantity_left").GetInt64(), line.GetProperty("unit_price").GetProperty("amount_minor").GetInt64()).ShouldBe((6, 3, 339));
        order.GetProperty("shipments")[0].GetProperty("tracking").GetString().ShouldBe("T-1");
        order.GetProperty("returns")[0].GetProperty("units").GetInt64().ShouldBe(2);
        order.GetProperty("cancellations")[0].GetProperty("amount").GetProperty("amount_minor").GetInt64().ShouldBe(339);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Products_are_listed_and_read_by_id_or_code(Engine engine)
    {
        await using var shop = await ApiShop.OpenAsync(engine);

        (await shop.AllAsync("/v1/products?sort=price", limit: 1)).Select(p => p.GetProperty("sku").GetString()).ShouldBe(["22423", "71053"]);
        var lantern = (await shop.GetAsync("/v1/products?q=lantern")).GetProperty("data").EnumerateArray().Single();
        lantern.GetProperty("price").GetRawText().ShouldBe("""{"amount_minor":339,"currency":"GBP"}""");
        (await shop.GetAsync("/v1/products/71053")).GetRawText().ShouldBe(lantern.GetRawText());
        (await shop.GetAsync($"/v1/products/{lantern.GetProperty("id").GetGuid()}")).GetRawText().ShouldBe(lantern.GetRawText());
        (await shop.RefusedAsync("/v1/products/none", HttpStatusCode.NotFound)).Code.ShouldBe("product_unknown");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Events_are_listed_newest_first_and_what_comes_in_later_moves_no_page(Engine engine)
    {
        await using var shop = await ApiShop.OpenAsync(engine);
        await shop.SendAsync("/v1/batch", JsonSerializer.Serialize(new
        {
            batch = Enumerable.Range(0, 120).Select(i => new { type = "track", userId = "u" + (i % 40), @event = "Step " + (i % 3), messageId = "s" + i }),
        }));

        var all = await shop.AllAsync("/v1/events", limit: 100);
        all.Count.ShouldBe(123);
        all.Select(e => e.GetProperty("received_at").GetDateTimeOffset()).ShouldBeInOrder(SortDirection.Descending);
        var first = await shop.GetAsync("/v1/events?limit=7");
        await shop.SendAsync("/v1/track", """{"userId": "late", "event": "Late", "messageId": "late"}""");
        var rest = new List<string?>(first.GetProperty("data").EnumerateArray().Select(e => e.GetProperty("message_id").GetString()));
        for (var cursor = first.GetProperty("next_cursor").GetString(); cursor is not null;)
        {
            var page = await shop.GetAsync($"/v1/events?limit=7&cursor={cursor}");
            rest.AddRange(page.GetProperty("data").EnumerateArray().Select(e => e.GetProperty("message_id").GetString()));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        rest.ShouldBe(all.Select(e => e.GetProperty("message_id").GetString()));

        (await shop.AllAsync("/v1/events?name=Step%201", limit: 9)).Count.ShouldBe(40);
        (await shop.AllAsync("/v1/events?type=page", limit: 9)).Single().GetProperty("properties").GetProperty("path").GetString().ShouldBe("/lanterns");
        var customer = all[0].GetProperty("customer_id").GetGuid();
        (await shop.AllAsync($"/v1/events?customer_id={customer}", limit: 2)).ShouldAllBe(e => e.GetProperty("customer_id").GetGuid() == customer);
        (await shop.AllAsync($"/v1/events?customer_id={customer}", limit: 2)).Count.ShouldBe(3);
        (await shop.AllAsync("/v1/events?received_before=2020-01-01T00:00:00Z", limit: 9)).ShouldBeEmpty();
        (await shop.AllAsync("/v1/events?received_from=2020-01-01T00:00:00%2B01:00", limit: 100)).Count.ShouldBe(124);
    }

    [Fact]
    public async Task Bad_requests_say_which_parameter_is_wrong()
    {
        await using var shop = await ApiShop.OpenAsync();
        var cursor = (await shop.GetAsync("/v1/customers?limit=1")).GetProperty("next_cursor").GetString();

        foreach (var (path, code, parameter) in new[]
        {
            ("/v1/customers?mail=a", "parameter_unknown", "mail"),
            ("/v1/customers?limit=1&limit=2", "parameter_repeated", "limit"),
            ("/v1/customers?limit=0", "parameter_malformed", "limit"),
            ("/v1/customers?limit=101", "parameter_malformed", "limit"),
            ("/v1/customers?limit=", "parameter_malformed", "limit"),
            ("/v1/customers?sort=name", "parameter_malformed", "sort"),
            ("/v1/customers?anonymous=yes", "parameter_malformed", "anonymous"),
            ("/v1/customers?last_order_from=2026-01-31", "parameter_malformed", "last_order_from"),
            ("/v1/customers?last_order_from=2026-01-31T09:30:00", "parameter_malformed", "last_order_from"),
            ("/v1/customers?last_order_from=2026-02-31T09:30:00Z", "parameter_malformed", "last_order_from"),
            ("/v1/customers?cursor=x", "cursor_unknown", "cursor"),
            ("/v1/customers?cursor=%00%FF'--", "cursor_unknown", "cursor"),
            ($"/v1/customers?limit=1&country=GB&cursor={cursor}", "cursor_unknown", "cursor"),
            ($"/v1/orders?cursor={cursor}", "cursor_unknown", "cursor"),
            ("/v1/customers?email=a&external_id=b", "parameters_conflict", "external_id"),
            ("/v1/customers/17850", "parameter_malformed", "id"),
            ("/v1/customers/17850/timeline", "parameter_malformed", "id"),
            ("/v1/orders?from=2026-13-01", "parameter_malformed", "from"),
            ("/v1/orders?state=lost", "parameter_malformed", "state"),
            ("/v1/orders?storefront_id=1", "parameter_malformed", "storefront_id"),
            ("/v1/products?q=", "parameter_malformed", "q"),
            ("/v1/events?type=identify", "parameter_malformed", "type"),
            ("/v1/recommendations/for-you?costumer=1", "parameter_unknown", "costumer"),
        })
        {
            (await shop.RefusedAsync(path)).ShouldBe((code, parameter), path);
        }
        (await shop.RefusedAsync($"/v1/customers/{Guid.CreateVersion7()}", HttpStatusCode.NotFound)).Code.ShouldBe("customer_unknown");
        (await shop.RefusedAsync($"/v1/orders/{Guid.CreateVersion7()}", HttpStatusCode.NotFound)).Code.ShouldBe("order_unknown");
        (await shop.GetAsync($"/v1/customers?limit=2&cursor={cursor}")).GetProperty("data").GetArrayLength().ShouldBe(1, "another limit is the same list");
    }
}
