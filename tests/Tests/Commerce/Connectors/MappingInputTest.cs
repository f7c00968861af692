using System.Text.Json;
using Wellmet.Commerce.Connectors;
using Wellmet.Commerce.Mappings;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Commerce.Connectors;

/// <summary>Real payloads and bad ones, through a mapping.</summary>
public sealed class MappingInputTest
{
    /// <summary>Shopify's own payloads, said by paths.</summary>
    private const string Shopify = """
        {"rules":[
          {"kind":"order","each":"$.order","when":"$.order && $.order.test != true","lines":"@.line_items[*]","fields":{
            "order_id":{"path":"@.id"},"number":{"path":"@.name ?? @.order_number"},"placed_at":{"path":"@.processed_at ?? @.created_at"},"changed_at":{"path":"@.updated_at ?? @.created_at"},"currency":{"path":"@.currency"},
            "goods":{"path":"@.subtotal_price"},"shipping":{"path":"@.shipping_lines[*].price"},"cancelled_at":{"path":"@.cancelled_at"},"customer_id":{"path":"@.customer.id"},"email":{"path":"@.customer.email ?? @.email"},
            "phone":{"path":"@.customer.phone"},"first_name":{"path":"@.customer.first_name"},"last_name":{"path":"@.customer.last_name"},"country":{"path":"@.shipping_address.country_code ?? @.billing_address.country_code"},
            "line_sku":{"path":"@.sku ?? @.variant_id"},"line_name":{"path":"@.name ?? @.title"},"line_quantity":{"path":"@.quantity"},"line_price":{"path":"@.price"}}},
          {"kind":"refund","each":"$.refund","lines":"@.refund_line_items[*]","fields":{"refund_id":{"path":"@.id"},"order_id":{"path":"@.order_id"},"at":{"path":"@.created_at"},
            "amount":{"path":"@.transactions[?@.kind == 'refund' && @.status == 'success'].amount"},"line_sku":{"path":"@.line_item.sku"},"line_quantity":{"path":"@.quantity"}}},
          {"kind":"customer","each":"$.customer","fields":{"customer_id":{"path":"@.id"},"email":{"path":"@.email"},"first_name":{"path":"@.first_name"},"last_name":{"path":"@.last_name"},"country":{"path":"@.default_address.country_code"},"changed_at":{"path":"@.updated_at"}}}]}
        """;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_order_of_Shopify_ends_the_same_through_a_mapping_as_through_its_connector(Engine engine)
    {
        await using var own = await TestShop.OpenAsync(engine, workers: false);
        await using var mapped = await TestShop.OpenAsync(engine, workers: false);
        var (connector, generic) = (await ConnectedShop.OpenAsync(own, ShopSystem.Shopify), await MappedShop.OpenAsync(mapped, Shopify));
        foreach (var (file, topic) in new[] { ("refund", "refunds/create"), ("customer", "customers/create"), ("order", "orders/create") })
        {
            var payload = string.Join('\n', RealData.Lines($"shopify/admin-json/{file}.json"));
            await connector.TellAsync(topic, payload);
            await generic.TellMappedAsync(payload);
        }
        await connector.WorkAsync();
        await generic.WorkAsync();

        var orders = await generic.OrdersAsync();
        orders.ShouldBe(["#1001 shop part_returned 39800 US 2008-01-10, back 20900, cancelled 0: DISCOUNT x1 -19900, IPOD2008BLACK x1 19900, IPOD2008GREEN x1 19900, IPOD2008RED x1 19900"]);
        orders.ShouldBe(await connector.OrdersAsync());
        (await BooksAsync(mapped)).ShouldBe(await BooksAsync(own));
        (await generic.OutcomesAsync()).ShouldAllBe(o => o == "done kept");
        var (person, same) = (await mapped.ProfileAsync("207119551"), await own.ProfileAsync("207119551"));
        (person.Name, person.Email, person.Country).ShouldBe((same.Name, same.Email, same.Country));
    }

    /// <summary>Orders, lines and returns to the last column that is not an id of ours.</summary>
    private static Task<List<string>> BooksAsync(TestShop shop) => shop.Database.ReadAsync(async s => (List<string>)[
        .. await s.QueryAsync("select o.number, o.currency, o.items, o.placed_at, l.sku, l.name, l.kind, l.quantity, l.unit_price, l.amount_minor from commerce_orders o join commerce_order_lines l on l.order_id = o.order_id order by l.sku", null,
            r => $"{r.Text(0)} {r.Text(1)} {r.Long(2)} {r.Time(3):O} {r.Text(4)} {r.TextOrNull(5)} {r.Text(6)} {r.Long(7)} {r.Long(8)} {r.Long(9)}", default),
        .. await s.QueryAsync("select returned_at, refund_minor, currency from commerce_returns", null, r => $"{r.Time(0):O} {r.Long(1)} {r.Text(2)}", default)], default);

    [Fact]
    public async Task No_payload_breaks_the_reading()
    {
        var folder = Path.GetDirectoryName(RealData.Find("bad-input/html_payloads.json"));
        Assert.SkipWhen(folder is null, "The data set bad-input is not at hand in a folder shared/data beside the repository.");
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var connected = await MappedShop.OpenAsync(shop);
        var mapping = MappingJson.Read(Shopify.Replace("$.order", "$", StringComparison.Ordinal).Replace("\"when\":\"$ && $.test != true\",", "", StringComparison.Ordinal).Replace("$.customer", "$[*]", StringComparison.Ordinal));
        var payloads = new[] { folder, Path.Combine(folder, "../shopify/admin-json") }.SelectMany(f => Directory.EnumerateFiles(f, "*.json", SearchOption.AllDirectories)).Select(File.ReadAllText).ToList();
        payloads.Count.ShouldBeGreaterThan(100);

        await shop.UseAsync<TryMapping>(async trial =>
        {
            foreach (var payload in payloads)
            {
                var read = await trial.RunAsync(connected.ConnectionId, mapping, payload, "x", default);
                (read.Refused is not null || read.Things.All(t => t.Value is not null || t.Errors.Count > 0)).ShouldBeTrue();
            }
        });
    }

    /// <summary>Lists within lists, each gone through for every thing, and a name with half of a surrogate pair.</summary>
    [Fact]
    public async Task What_is_read_of_a_payload_is_bounded()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var connected = await MappedShop.OpenAsync(shop);
        async Task<string?> RefusedAsync(string mapping, object payload) =>
            (await shop.UseAsync<TryMapping, MappingPreview>(t => t.RunAsync(connected.ConnectionId, MappingJson.Read(mapping), JsonSerializer.Serialize(payload), "x", default))).Refused?.Template;
        var lines = """{"rules":[{"kind":"order","each":"$.orders[*]","lines":"$.items[*]","fields":{"number":{"path":"@.no"},"placed_at":{"path":"$.at"},"line_sku":{"path":"@.sku"}}}]}""";
        object Orders(int orders, int items) => new { at = "2026-03-01", orders = Enumerable.Range(0, orders).Select(no => new { no }), items = Enumerable.Range(0, items).Select(sku => new { sku }) };
        (await RefusedAsync(lines, Orders(100, 50))).ShouldBeNull();
        (await RefusedAsync(lines, Orders(100, 51))).ShouldBe("At most {0} lines are taken of one payload.");
        (await RefusedAsync(lines.Replace("$.at", "$.items[?@.x == 1].at", StringComparison.Ordinal).Replace("\"lines\":\"$.items[*]\",", "", StringComparison.Ordinal), Orders(300, 1000))).ShouldBe("The paths go through more than {0} values of this payload.");

        await connected.MapAsync("""{"delivery_id":"$.a","rules":[{"kind":"product","fields":{"sku":{"path":"$.sku"}}}]}""");
        (await connected.SendMappedAsync("{\"\\ud800\":1,\"b\":2}")).ShouldBe(DeliveryAnswer.Accepted);
    }

    [Fact]
    public async Task Event_rules_of_different_lists_make_different_messages()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var connected = await MappedShop.OpenAsync(shop);
        var mapping = MappingJson.Read("""
            {"rules":[{"kind":"event","each":"$.a[*]","fields":{"event":{"value":"Rated"},"customer_id":{"path":"@.who"}}},{"kind":"event","each":"$.b[*]","fields":{"event":{"value":"Rated"},"customer_id":{"path":"@.who"}}}]}
            """);
        var preview = await shop.UseAsync<TryMapping, MappingPreview>(t => t.RunAsync(connected.ConnectionId, mapping, """{"a":[{"who":1},{"who":2}],"b":[{"who":3}]}""", "x", default));
        preview.Things.Select(t => ((MappedEvent)t.Value!).MessageId).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task A_mapping_says_at_which_field_and_path_it_is_wrong()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var connected = await MappedShop.OpenAsync(shop);
        var mapping = MappingJson.Read("""
            {"rules":[{"kind":"order","when":"$.a ==","lines":"$.items[*]","fields":{"number":{"path":"$.no"},"colour":{"path":"$.c"},"placed_at":{"path":"$..at"},"shipping":{"path":"$.s","format":"roman"}}},
              {"kind":"order","lines":"$.items[*]","fields":{"number":{"path":"$.no"},"placed_at":{"path":"$.at ?? $.when"},"line_sku":{"path":"@.sku"},"line_price":{"path":"@.price"}}},{"kind":"product","fields":{}}]}
            """);
        var preview = await shop.UseAsync<TryMapping, MappingPreview>(t => t.RunAsync(connected.ConnectionId, mapping, """{"no":{},"when":"soon","items":[{"sku":"A","price":"1"},{"price":"x"}]}""", "x", default));

        preview.Errors.Select(e => $"{e.Rule} {e.Field} {e.Problem.Code}").ShouldBe([
            "0 colour mapping_field_unknown", "0 placed_at path_invalid", "0 shipping mapping_format_unknown", "0 line_sku mapping_field_missing", "0 when path_invalid", "2 sku mapping_field_missing"], ignoreOrder: true);
        var thing = preview.Things.ShouldHaveSingleItem();
        thing.Errors.Select(e => $"{e.Field} {e.At} {e.Problem.Code}").ShouldBe([
            "number $.no field_not_a_text", "placed_at $.at ?? $.when field_not_a_time", "line_sku $.items[*] 2: @.sku field_missing", "line_price $.items[*] 2: @.price field_not_a_number"], ignoreOrder: true);
        (await Should.ThrowAsync<Wellmet.Platform.ProblemException>(() => connected.MapAsync(MappingJson.Write(mapping)))).Status.ShouldBe(422);
        Should.Throw<Wellmet.Platform.ProblemException>(() => MappingJson.Read("""{"rules":[{"kind":"order","fields":{},"colour":1}]}""")).Code.ShouldBe("mapping_invalid");
        Should.Throw<Wellmet.Platform.ProblemException>(() => MappingJson.Read("""{"rules":null}""")).Code.ShouldBe("mapping_invalid");
    }
}
