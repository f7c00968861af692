using System.Globalization;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Collection;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Insights;
using static Wellmet.Tests.Customers.Collection.CollectionInShop;

namespace Wellmet.Tests.Commerce;

/// <summary>Orders, their changes and views that shops tell by events.</summary>
public sealed class ShopEventsTest
{
    private static readonly object[] Lamps = [new { product_id = "L1", name = "Red lamp", price = 20.00, quantity = 2 }, new { sku = "C1", name = "Candle", price = "1.50", quantity = 4 }];
    private static int messages;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_order_is_made_once_whatever_the_dialect_and_however_often_it_is_told(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);

        await shop.CollectAsync(
        [
            Event("u1", "Order Completed", new { order_id = "1001", currency = "EUR", shipping = 5, tax = 7.3, discount = 6.00, products = Lamps }),
            Event("u1", "Order Completed", new { order_id = "1001", currency = "EUR", products = Lamps }),
            Event("u1", "Completed Order", new { orderId = "1002", currency = "eur", products = Lamps }),
            Event("u2", "purchase", new { transaction_id = "1003", currency = "EUR", value = 30, items = new[] { new { item_id = "L1", item_name = "Red lamp", price = 15.0, quantity = 2 } } }),
            Event("u2", "Order Completed", new { order_id = "1004", currency = "EUR", revenue = 12.34 }),
            Event("u2", "Order Completed", new { revenue = 99 }),
        ]);

        (await OrdersAsync(shop)).ShouldBe([
            "1001 shop sale placed 4500 minor 6 items 4 lines known", "1002 shop sale placed 4600 minor 6 items 2 lines known",
            "1003 shop sale placed 3000 minor 2 items 1 lines known", "1004 shop sale placed 1234 minor 0 items 1 lines known"]);
        (await FiguresAsync(shop)).ShouldBe("4 orders 13334; customers: 2 orders 4234, 2 orders 9100");
        (await shop.CountAsync("commerce_products")).ShouldBe(2);
        var totals = await shop.UseAsync<IOrders, SalesTotals>(o => o.TotalsAsync(default));
        (totals.Orders, totals.RevenueMinor, totals.RepeatCustomers).ShouldBe((4, 13334, 2));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_page_is_taken_at_its_word_until_the_shop_tells_the_order(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.CollectAsync([Event("u1", "Order Completed", new { order_id = "1", currency = "EUR", products = new[] { new { sku = "GOLD", name = "Gold", price = 9999, quantity = 100 } } })], Page);
        (await OrdersAsync(shop)).ShouldBe(["1 page sale placed 99990000 minor 100 items 1 lines nobody"]);
        (await shop.CountAsync("commerce_products")).ShouldBe(0, "anybody could fill the catalogue");

        await shop.CollectAsync([Event("u1", "Order Completed", new { order_id = "1", currency = "EUR", products = Lamps })]);
        await shop.CollectAsync([Event("u1", "Order Completed", new { order_id = "1", currency = "EUR", revenue = 1 }), Event("u1", "Order Cancelled", new { order_id = "1" })], Page);

        (await OrdersAsync(shop)).ShouldBe(["1 shop sale placed 4600 minor 6 items 2 lines known"]);
        (await FiguresAsync(shop)).ShouldBe("1 orders 4600; customers: 1 orders 4600");
        (await shop.EventsAsync<OrderPlaced>()).Single().RevenueMinor.ShouldBe(4600);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_update_takes_the_place_of_what_was_told_and_keeps_what_happened_to_the_order(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.CollectAsync([Event("u1", "Order Completed", new { order_id = "1", currency = "EUR", products = Lamps })]);
        await shop.CollectAsync([Event("u1", "Order Refunded", new { order_id = "1", products = new[] { new { sku = "C1", quantity = 1 } } })]);

        await shop.CollectAsync([Event("u1", "Order Updated", new { order_id = "1", currency = "EUR", products = new[] { new { sku = "C1", name = "Candle", price = 1.50, quantity = 10 } } })]);

        (await OrdersAsync(shop)).ShouldBe(["1 shop sale part_returned 1500 minor 10 items 1 lines known"]);
        (await FiguresAsync(shop)).ShouldBe("1 orders 1500; customers: 1 orders 1500");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Refunds_and_cancellations_take_at_most_what_is_left_also_when_they_come_first(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.CollectAsync([Event("u1", "Order Cancelled", new { order_id = "2" })]);
        await shop.CollectAsync([Event("u1", "Order Completed", new { order_id = "1", currency = "EUR", products = Lamps }), Event("u1", "Order Completed", new { order_id = "2", currency = "EUR", products = Lamps })]);

        var refund = new { order_id = "1", total = 20, products = new[] { new { product_id = "L1", quantity = 1 } } };
        await shop.CollectAsync([Event("u1", "Order Refunded", refund)]);
        (await OrdersAsync(shop)).ShouldBe(["1 shop sale part_returned 4600 minor 6 items 2 lines known", "2 shop sale cancelled 4600 minor 6 items 2 lines known"]);
        await shop.CollectAsync([Event("u1", "Order Refunded", new { order_id = "1" }), Event("u1", "Order Refunded", new { order_id = "1" }), Event("u1", "Order Cancelled", new { order_id = "2" })]);

        (await OrdersAsync(shop)).ShouldBe(["1 shop sale returned 4600 minor 6 items 2 lines known", "2 shop sale cancelled 4600 minor 6 items 2 lines known"]);
        (await shop.EventsAsync<ItemsReturned>()).Select(r => (r.RefundMinor, r.Reason)).ShouldBe([(2000, "refunded"), (2600, "refunded")]);
        (await shop.EventsAsync<OrderCancelled>()).Single().AmountMinor.ShouldBe(4600);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_file_takes_the_place_of_what_a_page_told_and_adds_to_what_the_shop_told(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.CollectAsync([Event("u1", "Order Completed", new { order_id = "1", currency = "EUR", products = new[] { new { sku = "GOLD", price = 9999 } } })], Page);
        await shop.CollectAsync([Event("u1", "Order Completed", new { order_id = "2", currency = "EUR", products = Lamps })]);
        (await OrdersAsync(shop)).Count.ShouldBe(2);

        var import = await shop.ImportTextAsync("order_number,date,customer_id,sku,product,quantity,unit_price,currency\n1,2026-03-01,u1,C1,Candle,2,1.50,EUR\n2,2026-03-01,u1,C1,Candle,4,1.50,EUR\n2,2026-03-01,u1,C1,Candle,1,1.00,EUR\n", "orders-csv");

        (await OrdersAsync(shop)).ShouldBe(["1 import sale placed 300 minor 2 items 1 lines known", "2 shop sale placed 4700 minor 7 items 3 lines known"]);
        (await FiguresAsync(shop)).ShouldBe("2 orders 5000; customers: 2 orders 5000");

        await shop.UndoImportAsync(import.ImportId);

        (await OrdersAsync(shop)).ShouldBe(["2 shop sale placed 4600 minor 6 items 2 lines known"]);
        (await FiguresAsync(shop)).ShouldBe("1 orders 4600; customers: 1 orders 4600");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_shoppers_look_at_is_on_the_timeline_and_counted(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.CollectAsync([Event("u1", "Order Completed", new { order_id = "1", currency = "EUR", products = Lamps })]);
        await shop.DrainAsync();

        await shop.CollectAsync(
        [
            Event("u1", "Product Viewed", new { product_id = "L1", name = "Red lamp" }), Event("u2", "view_item", new { item_id = "L1" }),
            Event("u1", "Product Added", new { sku = "L1" }), Event("u1", "Product Viewed", new { sku = "unheard of" }),
            Event("u1", "Product Added to Wishlist", new { sku = "C1", name = "Candle" }), Event("u1", "Products Searched", new { query = "lamps" }),
        ], Page);
        await shop.DrainAsync();

        (await shop.Database.ReadAsync(s => s.QueryAsync("""
            select p.sku, i.views, i.baskets, i.wishes from commerce_daily_interest i join commerce_products p on p.product_id = i.product_id order by p.sku
            """, null, r => (r.Text(0), r.Long(1), r.Long(2), r.Long(3)), default), default)).ShouldBe([("C1", 0, 0, 1), ("L1", 2, 1, 0)]);
        (await shop.EventsAsync<ShopEventCollected>()).Select(e => string.Format(CultureInfo.InvariantCulture, e.Describe().Text, [.. e.Describe().Arguments])).Order().ShouldBe(
            ["Looked at L1", "Looked at Red lamp", "Looked at unheard of", "Put Candle on the wish list", "Put L1 into the basket", "Searched for lamps"]);
    }

    [Fact]
    public async Task Google_Analytics_names_products_in_items_what_was_sought_by_its_word_and_refunds_by_item()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        var items = new[] { new { item_id = "L1", item_name = "Red lamp", item_brand = "Acme", price = 15.0, quantity = 2, location_id = "L_12", creative_slot = "top" }, new { item_id = "C1", item_name = "Candle", item_brand = "Acme", price = 3.0, quantity = 1, location_id = "L_12", creative_slot = "top" } };
        await shop.CollectAsync([Event("u1", "purchase", new { transaction_id = "T1", currency = "EUR", value = 33, shipping = 4, items })]);
        await shop.DrainAsync();
        await shop.CollectAsync(
        [
            Event("u1", "view_item", new { currency = "EUR", value = 15, items = items[..1] }), Event("u1", "add_to_cart", new { currency = "EUR", value = 33, items }), Event("u1", "add_to_wishlist", new { items = items[1..] }),
            Event("u1", "remove_from_cart", new { items = items[1..] }), Event("u1", "select_item", new { item_list_id = "home", items = items[..1] }), Event("u1", "view_item_list", new { item_list_name = "Home", items }),
            Event("u1", "view_search_results", new { search_term = "lamps" }), Event("u1", "refund", new { transaction_id = "T1", currency = "EUR", value = 15, items = new[] { new { item_id = "L1", quantity = 1, price = 15.0 } } }),
        ]);
        await shop.DrainAsync();

        (await OrdersAsync(shop)).ShouldBe(["T1 shop sale part_returned 3700 minor 3 items 3 lines known"]);
        (await shop.Database.ReadAsync(s => s.QueryAsync("select l.sku, l.quantity, r.refund_minor from commerce_return_lines l join commerce_returns r on r.return_id = l.return_id", null, r => (r.Text(0), r.Long(1), r.Long(2)), default), default)).ShouldBe([("L1", 1, 1500)]);
        (await shop.Database.ReadAsync(s => s.QueryAsync("""
            select p.sku, p.brand, i.views, i.baskets, i.wishes from commerce_daily_interest i join commerce_products p on p.product_id = i.product_id order by p.sku
            """, null, r => (r.Text(0), r.Text(1), r.Long(2), r.Long(3), r.Long(4)), default), default)).ShouldBe([("C1", "Acme", 0, 1, 1), ("L1", "Acme", 1, 1, 0)]);
        (await shop.EventsAsync<ShopEventCollected>()).Select(e => string.Format(CultureInfo.InvariantCulture, e.Describe().Text, [.. e.Describe().Arguments])).Order().ShouldBe(
            ["Clicked on Red lamp", "Looked at Red lamp", "Looked through Home", "Put Candle on the wish list", "Put Red lamp into the basket", "Searched for lamps", "Took Candle out of the basket"]);
    }

    [Fact]
    public async Task A_shopper_who_proves_who_they_are_changes_nobodys_order_and_no_price()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        await shop.CollectAsync([Event("u2", "Order Completed", new { order_id = "1", currency = "EUR", products = Lamps })]);
        await shop.DrainAsync();
        var proof = await shop.SignAsync(Page.SourceId, new { sub = "u1", exp = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds() });

        foreach (var (name, properties) in new (string, object)[]
        {
            ("Order Cancelled", new { order_id = "1" }), ("Order Refunded", new { order_id = "1" }), ("Order Updated", new { order_id = "1", currency = "EUR", revenue = 1 }),
            ("Order Completed", new { order_id = "2", currency = "EUR", products = new[] { new { sku = "L1", price = 0.01, quantity = 1 }, new { sku = "NEW", price = 1.00, quantity = 1 } } }),
        })
        {
            await shop.CollectAsync([new { type = "track", messageId = $"m{Interlocked.Increment(ref messages)}", userId = "u1", identityProof = proof, @event = name, properties }], Page);
        }

        (await OrdersAsync(shop)).ShouldBe(["1 shop sale placed 4600 minor 6 items 2 lines known", "2 page sale placed 101 minor 2 items 2 lines known"]);
        (await shop.Database.ReadAsync(s => s.QueryAsync("select sku, unit_price from commerce_products order by sku", null, r => $"{r.Text(0)} {r.Long(1)}", default), default)).ShouldBe(["C1 15000", "L1 200000"]);
        await shop.CollectAsync([Event("u1", "Order Completed", new { order_id = "2", currency = "EUR", products = new[] { new { sku = "L1", price = 18, quantity = 1 } } })]);
        (await OrdersAsync(shop))[1].ShouldBe("2 shop sale placed 1800 minor 1 items 1 lines known");
        (await shop.Database.ReadAsync(s => s.CountAsync("select unit_price from commerce_products where sku = 'L1'"), default)).ShouldBe(180000);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_event_finds_the_storefront_that_it_names_or_in_which_its_number_stands(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var (first, second) = (await shop.OpenStorefrontAsync(currency: "EUR"), await shop.OpenStorefrontAsync(currency: "EUR"));
        await shop.CollectAsync([Event("u1", "Order Completed", new { order_id = "1", products = Lamps })], Page with { StorefrontId = second });
        await shop.DrainAsync();

        await shop.CollectAsync([
            Event("u1", "Order Completed", new { order_id = "1", products = Lamps }), Event("u1", "Order Refunded", new { order_id = "1", total = 5 }),
            Event("u1", "Order Cancelled", new { order_id = "2", affiliation = first }), Event("u1", "Order Completed", new { order_id = "2", affiliation = second, products = Lamps })]);
        await shop.DrainAsync();

        (await shop.Database.ReadAsync(s => s.QueryAsync("select number, storefront_id, told_by, state from commerce_orders order by number", null,
            r => (r.Text(0), r.Guid(1), r.Text(2), r.Text(3)), default), default)).ShouldBe([("1", second, "shop", "placed"), ("2", second, "shop", "placed")]);
        (await shop.EventsAsync<ItemsReturned>()).Single().RefundMinor.ShouldBe(500);
    }

    [Fact]
    public async Task No_more_is_paid_back_than_was_paid_and_an_order_without_products_can_be_paid_back()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        await shop.CollectAsync([Event("u1", "Order Completed", new { order_id = "1", currency = "EUR", products = Lamps }), Event("u1", "Order Completed", new { order_id = "2", currency = "EUR", value = 30 }),
            Event("u1", "Order Completed", new { order_id = "3", currency = "EUR", value = 30 })]);
        await shop.CollectAsync([
            Event("u1", "Order Refunded", new { order_id = "1", total = 30 }), Event("u1", "Order Refunded", new { order_id = "1", total = 30 }), Event("u1", "Order Refunded", new { order_id = "1", total = 30 }),
            Event("u1", "Order Refunded", new { order_id = "2", total = 1_000_000, currency = "USD" }), Event("u1", "Order Refunded", new { order_id = "2", total = 1_000_000 }), Event("u1", "Order Cancelled", new { order_id = "3" })]);

        (await OrdersAsync(shop)).ShouldBe([
            "1 shop sale placed 4600 minor 6 items 2 lines known", "2 shop sale returned 3000 minor 0 items 1 lines known", "3 shop sale cancelled 3000 minor 0 items 1 lines known"]);
        (await shop.EventsAsync<ItemsReturned>()).Select(r => r.RefundMinor).Order().ShouldBe([1600, 3000, 3000]);
    }

    [Fact]
    public async Task A_file_that_only_cancels_leaves_what_the_page_told()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        await shop.CollectAsync([Event("u1", "Order Completed", new { order_id = "1", currency = "EUR", products = Lamps })], Page);
        await shop.DrainAsync();

        await shop.ImportTextAsync("order_number,date,customer_id,sku,product,quantity,unit_price,currency,status\n1,2026-03-01,u1,C1,Candle,2,1.50,EUR,cancelled\n", "orders-csv");

        (await OrdersAsync(shop)).ShouldBe(["1 page sale placed 4600 minor 6 items 2 lines nobody"]);
    }

    [Fact]
    public async Task Amounts_beyond_measure_neither_stop_the_receiver_nor_become_money()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);

        await shop.CollectAsync(
        [
            Event("u1", "Order Completed", new { order_id = "1", products = new object[] { new { sku = "A", price = 1e300, quantity = 1e300 }, new { sku = "B", price = 1, quantity = 2.5 }, new { price = 3 }, new { sku = "C", price = -4 }, new { sku = "D", name = new string('x', 499) + "\U0001F600", price = 1e20 } } }),
            Event("u1", "Order Completed", new { order_id = "4", subtotal = -79228162514264337593543950335m, products = new[] { new { sku = "W", price = 1, quantity = 1 } } }),
            Event("u1", "Order Completed", new { order_id = new string('9', 500), revenue = 1 }),
            Event("u1", "Order Completed", new { order_id = "3", products = "none", revenue = "a lot", currency = "doubloons" }),
            Event("u1", "Order Refunded", new { order_id = "1", total = 1e300 }),
        ]);

        (await OrdersAsync(shop)).ShouldBe(["1 shop sale returned 250 minor 1 items 1 lines known", "3 shop sale placed 0 minor 0 items 1 lines known", "4 shop sale placed 100 minor 1 items 1 lines known"]);
        (await shop.CountAsync("log_parked")).ShouldBe(0);
    }

    private static object Event(string user, string name, object properties) =>
        new { type = "track", messageId = $"m{Interlocked.Increment(ref messages)}", userId = user, anonymousId = "device", @event = name, properties };

    private static async Task<List<string>> OrdersAsync(TestShop shop)
    {
        await shop.DrainAsync();
        return await shop.Database.ReadAsync(s => s.QueryAsync("""
            select number, told_by, kind, state, revenue_minor, items, lines, anonymous from commerce_orders order by number
            """, null, r => $"{r.Text(0)} {r.Text(1)} {r.Text(2)} {r.Text(3)} {r.Long(4)} minor {r.Long(5)} items {r.Long(6)} lines {(r.Bool(7) ? "nobody" : "known")}", default), default);
    }

    /// <summary>What the roll-ups count, and what each known customer has in sum.</summary>
    private static async Task<string> FiguresAsync(TestShop shop)
    {
        await shop.CountSalesAsync();
        return await shop.Database.ReadAsync(async s =>
        {
            var (orders, revenue) = await s.FirstAsync("select coalesce(sum(orders), 0), coalesce(sum(revenue_minor), 0) from insights_daily", null, r => (r.Long(0), r.Long(1)), default);
            var customers = await s.QueryAsync("select orders, revenue_minor from customers_summaries where orders > 0 order by revenue_minor", null, r => $"{r.Long(0)} orders {r.Long(1)}", default);
            return $"{orders} orders {revenue}; customers: {string.Join(", ", customers)}";
        }, default);
    }
}
