using Wellmet.Commerce.Connectors;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Commerce.Connectors;

/// <summary>What becomes of WooCommerce's webhooks.</summary>
public sealed class WooCommerceTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_order_ends_the_same_in_whatever_order_its_deliveries_come(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var connected = await ConnectedShop.OpenAsync(shop, ShopSystem.WooCommerce, "w-");
        string[] runs = ["0123", "3210", "2031", "1302"];
        for (var run = 0; run < runs.Length; run++)
        {
            object[] told =
            [
                Order(run, "pending", "10:00"), Order(run, "processing", "11:00"), Order(run, "completed", "12:00"), Order(run, "completed", "13:00", refund: "-10.00"),
            ];
            foreach (var place in runs[run])
            {
                await connected.TellAsync("order.updated", told[place - '0']);
            }
        }

        (await connected.OrdersAsync()).ShouldBe(Enumerable.Range(0, runs.Length).Select(run =>
            $"R{run} shop shipped 4100 FR 2026-03-01, back 1000, cancelled 0: DISCOUNT x1 -400, LAMP x2 4000, SHIPPING x1 500, parcel of 2 by "));
        (await shop.ProfileAsync("w-7")).Name.ShouldBe("Zoé Martin");
    }

    [Fact]
    public async Task Failed_and_cancelled_orders_are_cancelled_guests_are_known_by_their_address_and_two_shops_customers_are_kept_apart()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var connected = await ConnectedShop.OpenAsync(shop, ShopSystem.WooCommerce);
        await connected.TellAsync("order.created", Order(1, "cancelled", "10:00", customer: 0));
        await connected.TellAsync("order.created", Order(2, "checkout-draft", "10:00"));
        await connected.TellAsync("customer.created", new { id = 7, email = "z@shop.test", first_name = "Zoé", date_created_gmt = "2026-03-01T09:00:00", date_modified_gmt = "2026-03-01T09:00:00", billing = new { country = "FR" } });
        await connected.TellAsync("product.updated", new { id = 3, type = "simple", name = "Lamp", sku = "LAMP", regular_price = "20.00", status = "publish", manage_stock = true, stock_quantity = 0, stock_status = "outofstock", date_modified_gmt = "2026-03-01T09:00:00" });
        await connected.TellAsync("product.updated", new { id = 4, type = "variable", name = "Lamps" });

        (await connected.OrdersAsync()).ShouldBe(["R1 shop cancelled 4100 FR 2026-03-01, back 0, cancelled 4000: DISCOUNT x1 -400, LAMP x2 4000, SHIPPING x1 500"]);
        (await connected.DeliveriesAsync()).ShouldBe(["order.created done", "order.created ignored order_not_placed", "customer.created done", "product.updated done", "product.updated ignored product_of_variants"]);
        (await shop.Database.ReadAsync(s => s.CountAsync("select stock from commerce_products where sku = 'LAMP' and stock = 0"), default)).ShouldBe(0);
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from commerce_products where sku = 'LAMP' and stock = 0"), default)).ShouldBe(1);
        (await Should.ThrowAsync<ProblemException>(() => ConnectedShop.OpenAsync(shop, ShopSystem.WooCommerce))).Code.ShouldBe("prefix_taken");
    }

    [Fact]
    public async Task A_refund_that_names_its_lines_says_what_came_back_and_when()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var connected = await ConnectedShop.OpenAsync(shop, ShopSystem.WooCommerce);
        object With(int run, string status, string modified)
        {
            var order = System.Text.Json.Nodes.JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(Order(run, status, modified)))!.AsObject();
            order["refunds"] = System.Text.Json.JsonSerializer.SerializeToNode(new[] { new { id = 900 + run, date_created_gmt = "2026-03-02T08:00:00", amount = "18.00", line_items = new[] { new { product_id = 3, variation_id = 0, sku = "LAMP", quantity = -1, total = "-18.00" } } } });
            return order;
        }
        await connected.TellAsync("order.updated", With(1, "processing", "11:00"));
        await connected.TellAsync("order.updated", With(1, "completed", "12:00"));
        await connected.TellAsync("order.updated", With(2, "completed", "12:00"));

        var told = "shop part_returned 4100 FR 2026-03-01, back 1800, cancelled 0: DISCOUNT x1 -400, LAMP x2 4000, SHIPPING x1 500, parcel of 2 by ";
        (await connected.OrdersAsync()).ShouldBe(["R1 " + told, "R2 " + told]);
        (await shop.Database.ReadAsync(s => s.QueryAsync("select l.sku, l.quantity, r.returned_at from commerce_return_lines l join commerce_returns r on r.return_id = l.return_id", null,
            r => $"{r.Text(0)} {r.Long(1)} {r.Time(2):yyyy-MM-ddTHH:mm}", default), default)).ShouldAllBe(l => l == "LAMP 1 2026-03-02T08:00");
    }

    private static object Order(int run, string status, string modified, string? refund = null, int customer = 7) => new
    {
        id = 100 + run, number = $"R{run}", status, currency = "EUR", date_created_gmt = "2026-03-01T09:00:00", date_modified_gmt = $"2026-03-01T{modified}:00",
        date_completed_gmt = status == "completed" ? "2026-03-01T12:00:00" : null, customer_id = customer,
        billing = new { first_name = "Zoé", last_name = "Martin", email = "z@shop.test", phone = "+33 1 23", country = "FR" }, shipping = new { country = "FR" },
        line_items = new[] { new { id = 1, product_id = 3, variation_id = 0, sku = "LAMP", name = "Lamp", quantity = 2, subtotal = "40.00", total = "36.00", price = 18 } },
        shipping_lines = new[] { new { total = "5.00" } }, refunds = refund is null ? [] : new[] { new { id = 900 + run, reason = "", total = refund } },
    };
}
