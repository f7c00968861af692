using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Imports;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;
using Wellmet.Privacy.Consents;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Privacy;

namespace Wellmet.Tests.Commerce;

/// <summary>Files as shop systems, e-mail tools and market places export them, with their own headings.</summary>
public sealed class ShopExportsTest
{
    private const string ShopifyCustomers = "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,Default Address Address2,Default Address City,"
        + "Default Address Province Code,Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags\r\n";

    private const string Mailchimp = "Email Address,First Name,Last Name,Address,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,"
        + "UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,LEID,EUID,NOTES,TAGS\n";

    private const string ShopifyOrders = "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,"
        + "Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,"
        + "Billing Country,Billing Phone,Shipping Name,Shipping Country,Notes,Cancelled at,Payment Method,Refunded Amount,Vendor,Id,Tags,Source,Lineitem discount,Phone\n";

    private const string Amazon = "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tsales-channel\torder-channel\turl\tship-service-level\tproduct-name\tsku\tasin\t"
        + "item-status\tquantity\tcurrency\titem-price\titem-tax\tshipping-price\tshipping-tax\tgift-wrap-price\tgift-wrap-tax\titem-promotion-discount\tship-promotion-discount\tship-city\tship-state\tship-postal-code\tship-country\tpromotion-ids\tbuyer-email\n";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Customers_of_Shopify_are_known_by_their_number_and_no_consent_is_raised(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var import = await shop.ImportTextAsync("\uFEFF" + ShopifyCustomers
            + "'7001,Ann,Example,ann@shop.test,yes,,\"Street 1\nBack\",,Berlin,BE,DE,10115,,'+4930123,no,10.00,1,,no,\r\n"
            + "'7002,Bert,,bert@shop.test,no,,,,,,AT,,,,no,0.00,0,,no,\r\n,Nobody,,,no,,,,,,,,,,,,,,,\r\n'7003,,,not an address,no,,,,,,,,,,no,0,0,,no,\r\n", "customers-csv");

        import.Counts.Where(c => c.Value > 0).ShouldBe(new Dictionary<string, long> { ["customer"] = 2, ["rejected"] = 2 }, ignoreOrder: true);
        (await shop.UseAsync<IOrders, SalesTotals>(o => o.TotalsAsync(default))).Lines["rejected"].ShouldBe(0, "they are no sales");
        var ann = await shop.ProfileAsync("7001");
        (ann.Name, ann.Email, ann.Phone, ann.Country).ShouldBe(("Ann Example", "ann@shop.test", "+4930123", "DE"));
        (await ConsentsAsync(shop)).ShouldBe(["claimed"]);
        var allowed = await shop.UseAsync<IPurposeGate, PurposeAnswer>(g => g.AskAsync(new DataUse(Purpose.Marketing, Channel.Email), [ann.CustomerId], default));
        allowed[ann.CustomerId].Allowed.ShouldBeFalse();

        await shop.UndoImportAsync(import.ImportId);
        await shop.DrainAsync();
        (await shop.CountAsync("customers_subjects")).ShouldBe(0);
        (await ConsentsAsync(shop)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Who_left_a_Mailchimp_audience_has_withdrawn_at_that_time(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var import = await shop.ImportTextAsync(Mailchimp
            + "ann@shop.test,Ann,Example,,2,2024-01-02 10:00:00,,2024-01-02 10:05:00,,,,,,,DE,,2025-06-07 08:09:10,News,1,NORMAL,,1,abc,,\n"
            + "bert@shop.test,Bert,,,2,2024-01-03 10:00:00,,2024-01-03 10:05:00,,,,,,,DE,,,,,,,2,abd,,\n", "customers-csv");

        import.Count("customer").ShouldBe(2);
        (await ConsentsAsync(shop, withTime: true)).ShouldBe(["claimed 2024-01-03T10:05:00", "withdrawn 2025-06-07T08:09:10"]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Mailchimp_proves_what_it_claims_and_a_cleaned_address_is_refused(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        const string header = "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,CC,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,LAST_CHANGED\n";
        var import = await shop.ImportTextAsync(header
            + "ann@shop.test,Ann,2,2024-01-02 10:00:00,203.0.113.77,2024-01-02 10:05:00,2001:db8::1,US,,,2025-01-01 00:00:00\n"
            + "bert@shop.test,Bert,2,2024-01-03 10:00:00,203.0.113.78,2024-01-03 10:05:00,203.0.113.78,US,2025-02-03 04:05:06,News,2025-02-03 04:05:06\n"
            + "carl@shop.test,Carl,2,,,,,US,,,\n", "customers-csv");

        (await ConsentsAsync(shop, withTime: true)).ShouldBe(["claimed 2024-01-02T10:05:00", "withdrawn 2025-02-03T04:05:06"]);
        Guid ann = await SeeAsync(shop, "ann@shop.test"), bert = await SeeAsync(shop, "bert@shop.test");
        var record = (await shop.UseAsync<ConsentHistory, IReadOnlyList<ConsentRecord>>(h => h.ReadAsync([ann], default))).Single();
        (record.Method, record.Proof.Address, record.Proof.Network, record.Proof.Evidence).ShouldBe(("confirmed", "ann@shop.test", "2001:db8::/64", "opt-in 2024-01-02 10:00:00Z, confirmed 2024-01-02 10:05:00Z"));
        // In the United States nobody has to consent; from this address mail came back.
        (await shop.MayMailAsync(ann, "ann@shop.test", "US")).Allowed.ShouldBeTrue();
        (await shop.MayMailAsync(ann, "ann@shop.test")).Allowed.ShouldBeFalse("a file is no proof to us");
        (await shop.MayMailAsync(bert, "bert@shop.test", "US")).Allowed.ShouldBeFalse();
        (await shop.MayMailAsync(bert, "new@shop.test", "US")).Allowed.ShouldBeTrue("another address may work");

        await shop.ImportTextAsync("Email,Status\nbert@shop.test,subscribed\ndora@shop.test,cleaned\n", "customers-csv");
        (await shop.MayMailAsync(bert, "bert@shop.test", "US")).Allowed.ShouldBeFalse("no file raises it again");
        (await shop.MayMailAsync(await SeeAsync(shop, "dora@shop.test"), "dora@shop.test", "US")).Allowed.ShouldBeFalse();
        await shop.UndoImportAsync(import.ImportId);
        await shop.DrainAsync();
        (await ConsentsAsync(shop)).Count.ShouldBe(2);
    }

    private static async Task<Guid> SeeAsync(TestShop shop, string email) => (await shop.SeeAsync([PeopleTest.Email(email)])).Single().SubjectId;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Orders_of_Shopify_are_read_by_its_own_headings(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var import = await shop.ImportTextAsync(ShopifyOrders
            + "#1001,ann@shop.test,paid,2025-10-02 17:09:40 -0300,fulfilled,,yes,EUR,40.00,5.00,0.00,45.00,,0.00,Standard,2025-10-02 17:09:34 -0300,2,Lamp - Red,20.00,,LAMP,true,true,fulfilled,Ann Example,Street 1,DE,,Ann Example,DE,,,card,0.00,Acme,5001,,web,0.00,\n"
            + "#1001,ann@shop.test,,,,,,,,,,,,,,,1,Candle,3.00,,,true,true,fulfilled,,,,,,,,,,,Acme,,,,0.00,\n", "orders-csv");

        import.Count("customer").ShouldBe(2);
        (await shop.Database.ReadAsync(s => s.QueryAsync("select number, revenue_minor, currency, country, placed_at from commerce_orders", null,
            r => $"{r.Text(0)} {r.Long(1)} {r.Text(2)} {r.TextOrNull(3)} {r.Time(4):yyyy-MM-ddTHH:mm:ss}", default), default)).ShouldBe(["#1001 4300 EUR DE 2025-10-02T20:09:34"]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Orders_of_Amazon_are_those_of_buyers_whose_passing_addresses_are_no_addresses(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        string Line(string order, string status, string quantity, string price, string discount) =>
            $"{order}\t\t2026-03-01T12:00:00+00:00\t2026-03-02T12:00:00+00:00\t{status}\tAmazon\tAmazon.de\t\t\tStandard\tLamp\tLAMP\tB001\t\t{quantity}\tEUR\t{price}\t6.39\t0\t0\t\t\t{discount}\t\tBerlin\t\t10115\tDE\t\tAbc123@marketplace.amazon.de\n";
        var import = await shop.ImportTextAsync(Amazon + Line("302-1", "Shipped", "2", "40.00", "4.00") + Line("302-2", "Cancelled", "0", "", "") + Line("302-3", "Pending", "1", "free", ""), "amazon-orders");

        import.Counts.Where(c => c.Value > 0).ShouldBe(new Dictionary<string, long> { ["customer"] = 1, ["rejected"] = 2 }, ignoreOrder: true);
        (await shop.ReportAsync(import.ImportId)).Sample.Select(r => (r.Line, r.Reason)).ShouldBe([(3, "cancelled_before_paid"), (4, "price_not_a_number")]);
        (await shop.UseAsync<IOrders, SalesTotals>(o => o.TotalsAsync(default))).RevenueMinor.ShouldBe(3600);
        var buyer = await shop.ProfileAsync("amazon:abc123");
        (buyer.Email, buyer.Country).ShouldBe((null, "DE"));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Shipments_of_Amazon_are_parcels_of_its_orders_and_go_with_their_file(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        const string orders = "order-id\tpurchase-date\tsku\tproduct-name\tquantity-purchased\tcurrency\titem-price\tbuyer-email\n302-1\t2026-03-01T12:00:00+00:00\tLAMP\tLamp\t2\tEUR\t40.00\tabc@marketplace.amazon.de\n";
        const string header = "amazon-order-id\tshipment-id\tshipment-item-id\tpurchase-date\tshipment-date\tsku\tquantity-shipped\tcarrier\ttracking-number\testimated-arrival-date\n";
        var sales = await shop.ImportTextAsync(orders, "amazon-orders");
        var import = await shop.ImportTextAsync(header + "302-1\tS1\tI1\t2026-03-01T12:00:00+00:00\t2026-03-02T08:00:00+00:00\tLAMP\t2\tDHL\t00340\t2026-03-04T20:00:00+00:00\n"
            + "302-9\tS2\tI2\t2026-03-01T12:00:00+00:00\t2026-03-02T08:00:00+00:00\tLAMP\t1\tDHL\t\t\n", "amazon-shipments");

        (import.Count("parcel"), import.Count("rejected")).ShouldBe((1, 1));
        (await shop.ReportAsync(import.ImportId)).Sample.Single().Reason.ShouldBe("order_not_known");
        (await ParcelsAsync(shop)).ShouldBe(["302-1 shipped DHL 2 2026-03-04"]);
        (await shop.EventsAsync<ShipmentSent>()).ShouldHaveSingleItem();
        (await Should.ThrowAsync<Wellmet.Platform.ProblemException>(() => shop.UndoImportAsync(sales.ImportId))).Code.ShouldBe("import_in_use");

        await shop.UndoImportAsync(import.ImportId);
        (await ParcelsAsync(shop)).ShouldBe(["302-1 placed  0 "]);
        (await shop.EventsAsync<ShipmentSent>()).ShouldBeEmpty();
        await shop.UndoImportAsync(sales.ImportId);
        (await shop.CountAsync("commerce_orders")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Orders_of_WooCommerces_Analytics_come_to_their_sum_know_nobody_and_add_nothing_to_what_stands(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        const string header = "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales,Attribution\n";
        await shop.ImportTextAsync("Name,Created at,Email,Lineitem sku,Lineitem quantity,Lineitem price,Currency\n#W4,2026-03-01,ann@shop.test,LAMP,1,10,EUR\n", "orders-csv");
        var import = await shop.ImportTextAsync(header
            + "2026-03-01 10:00:00,W1,€100.00,completed,Ann Example,returning,\"2× Lamp, red, 1× Candle\",3,,100.00,Organic\n"
            + "2026-03-01 11:00:00,W2,€12.50,processing,Ben,new,1× Vase,1,,12.50,\n"
            + "2026-03-01 12:00:00,#W4,€10.00,completed,Ann Example,new,1× Lamp,1,,10.00,\n"
            + "2026-03-01 12:00:00,W5,€10.00,completed,,new,nothing,1,,free,\n", "woocommerce-analytics");

        import.Counts.Where(c => c.Value > 0).ShouldBe(new Dictionary<string, long> { ["anonymous"] = 3, ["known"] = 1, ["rejected"] = 1 }, ignoreOrder: true);
        (await shop.Database.ReadAsync(s => s.QueryAsync("select o.number, o.anonymous, o.revenue_minor, l.sku, l.quantity, l.amount_minor from commerce_orders o join commerce_order_lines l on l.order_id = o.order_id order by o.number, l.sku", null,
            r => $"{r.Text(0)} {(r.Bool(1) ? "nobody" : "known")} {r.Long(2)}: {r.Text(3)} x{r.Long(4)} {r.Long(5)}", default), default)).ShouldBe([
                "#W4 known 1000: LAMP x1 1000", "W1 nobody 10000: Candle x1 3333", "W1 nobody 10000: Lamp, red x2 6667", "W2 nobody 1250: Vase x1 1250"]);
        (await shop.ReportAsync(import.ImportId)).Sample.Select(r => r.Reason).ShouldBe(["price_shared", "price_not_a_number"], ignoreOrder: true);
        (await shop.CountAsync("customers_identities")).ShouldBe(1, "a name is nobody's");
    }

    private static Task<List<string>> ParcelsAsync(TestShop shop) => shop.Database.ReadAsync(s => s.QueryAsync("""
        select o.number, o.state, p.carrier, (select coalesce(sum(l.quantity), 0) from commerce_shipment_lines l where l.shipment_id = p.shipment_id), p.promised_at
        from commerce_orders o left join commerce_shipments p on p.order_id = o.order_id
        """, null, r => $"{r.Text(0)} {r.Text(1)} {r.TextOrNull(2)} {r.Long(3)} {(r.IsNull(4) ? "" : r.Time(4).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))}", default), default);

    private static Task<List<string>> ConsentsAsync(TestShop shop, bool withTime = false) => shop.Database.ReadAsync(s => s.QueryAsync("select decision, occurred_at from privacy_consents order by occurred_at", null,
        r => withTime ? $"{r.Text(0)} {r.Time(1):yyyy-MM-ddTHH:mm:ss}" : r.Text(0), default), default);
}
