using System.Globalization;
using Wellmet.Commerce.Contract;
using Wellmet.Commerce.ShopEvents;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Commerce;

/// <summary>What shoppers looked at, put into baskets, wished for and rated: kept once for each product and kind, bounded, handed out and forgotten.</summary>
public sealed class ProductSignalsTest
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_last_look_at_each_known_product_is_kept_and_customers_who_are_one_have_one_list(Engine engine)
    {
        await using var shop = await OpenAsync(engine, products: 3);

        await shop.CollectAsync([View("u1", 0, 50), View("u1", 1, 40), View("u1", 0, 30), View("u2", 1, 10), Event("u1", "NOBODY KNOWS IT", 5)]);
        await shop.CollectAsync([View("u1", 0, 60), View("u1", 2, 45 * 24 * 60)]);
        await shop.DrainAsync();

        var (u1, u2) = (await SubjectAsync(shop, "u1"), await SubjectAsync(shop, "u2"));
        (await OfAsync(shop, u1)).ShouldBe([("P0", 30), ("P1", 40)]);
        (await OfAsync(shop, u1, u2)).ShouldBe([("P1", 10), ("P0", 30)]);
        var all = new List<ProductSignal>();
        await shop.Get<ISignals>().ForEachAsync(InterestKind.View, all.Add, default);
        all.Count.ShouldBe(3);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Baskets_wish_lists_ratings_and_long_looks_are_kept_until_they_are_taken_back(Engine engine)
    {
        await using var shop = await OpenAsync(engine, products: 4);

        await shop.CollectAsync([
            Told("Product Viewed", 0, 90, new { sku = "P0", dwell_ms = 31_000 }), Told("Product Viewed", 1, 89, new { sku = "P1", dwell_ms = 29_000 }),
            Told("Product Added", 1, 80, new { sku = "P1" }), Told("Product Added", 2, 79, new { sku = "P2" }), Told("Product Removed", 2, 70, new { sku = "P2" }),
            Told("Product Added to Wishlist", 2, 60, new { sku = "P2" }), Told("Product Added to Wishlist", 3, 59, new { sku = "P3" }),
            Told("Product Reviewed", 0, 50, new { product_id = "P0", rating = 5 }), Told("Product Reviewed", 1, 49, new { product_id = "P1", rating = 3 }), Told("Product Reviewed", 2, 48, new { product_id = "P2", rating = 11 })]);
        await shop.DrainAsync();
        // In another batch, and one of them told late: what was put in since stays.
        await shop.CollectAsync([Told("Product Removed from Wishlist", 3, 40, new { sku = "P3" }), Told("Product Removed", 1, 85, new { sku = "P1" }), Told("Product Reviewed", 0, 30, new { product_id = "P0", rating = 2 })]);
        await shop.DrainAsync();

        var u1 = await SubjectAsync(shop, "u1");
        (await KindsAsync(shop, u1)).ShouldBe([
            (InterestKind.LowRating, "P0", 30), (InterestKind.WishList, "P2", 60), (InterestKind.Cart, "P1", 80), (InterestKind.View, "P1", 89), (InterestKind.LongView, "P0", 90), (InterestKind.View, "P0", 90)]);
        (await shop.CountAsync("commerce_daily_interest where views + baskets + wishes = 0")).ShouldBe(0);

        // Each kind for as long as it says something.
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_signals set happened_at = @old", new { old = Now.AddDays(-200) }), default);
        await ExpireAsync(shop);
        (await KindsAsync(shop, u1)).Select(k => k.Kind).ShouldBe([InterestKind.LowRating, InterestKind.WishList], ignoreOrder: true);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Of_each_subject_the_last_two_hundred_are_kept_for_sixty_days(Engine engine)
    {
        await using var shop = await OpenAsync(engine, products: 205);
        await shop.CollectAsync([.. Enumerable.Range(0, 205).Select(i => View("u1", i, 1000 - i)), View("u2", 0, 1)]);
        await shop.DrainAsync();

        var (u1, u2) = (await SubjectAsync(shop, "u1"), await SubjectAsync(shop, "u2"));
        (await OfAsync(shop, u1)).Select(v => v.Sku).ShouldBe(Enumerable.Range(5, 200).Reverse().Select(i => $"P{i}"));
        (await OfAsync(shop, u2)).Count.ShouldBe(1);

        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_signals set happened_at = @old where subject_id = @u1", new { old = Now.AddDays(-61), u1 }), default);
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_signals set happened_at = @old where subject_id = @u2", new { old = Now.AddDays(-59), u2 }), default);
        await ExpireAsync(shop);

        (await OfAsync(shop, u1)).ShouldBeEmpty();
        (await OfAsync(shop, u2)).Count.ShouldBe(1);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task It_is_in_the_export_and_goes_with_an_erasure(Engine engine)
    {
        await using var shop = await OpenAsync(engine, products: 2);
        await shop.CollectAsync([View("u1", 0, 5), View("u2", 0, 5)]);
        await shop.DrainAsync();
        var u1 = await SubjectAsync(shop, "u1");

        var viewed = (await shop.UseAsync<ExportCustomer, IReadOnlyList<PersonalRecord>>(e => e.RunAsync(u1, default))).Single(r => r.Kind == "product_signal");
        (viewed.Fields["what"], viewed.Fields["code"], viewed.Fields["name"]).ShouldBe(("view", "P0", "Product 0"));

        await EraseAsync(shop, u1);
        (await OfAsync(shop, u1)).ShouldBeEmpty();
        (await shop.CountAsync("commerce_signals")).ShouldBe(1, "of the other one");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_is_received_only_after_an_erasure_is_not_kept(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var idle = await OpenAsync(engine, products: 1, storage, workers: false);
        // With nobody at work to receive them.
        var (erased, other) = (await SubjectAsync(idle, "c1"), Guid.CreateVersion7());
        await idle.Database.WriteAsync(tx =>
        {
            foreach (var subject in new[] { erased, other })
            {
                tx.Append(new ShopEventCollected(subject, Now, "Product Viewed", new CollectedFacts(CollectionInShop.Server.SourceId, null, "m", true, false, new EventProperties("""{"sku":"P0"}"""), null)));
            }
            return Task.CompletedTask;
        }, default);
        await EraseAsync(idle, erased);

        await using var late = await TestShop.OpenAsync(engine, storage: storage);
        await late.DrainAsync();

        (await OfAsync(late, other)).ShouldBe([("P0", 0)]);
        (await OfAsync(late, erased)).ShouldBeEmpty();
    }

    private static async Task ExpireAsync(TestShop shop)
    {
        foreach (var expiry in shop.Get<IEnumerable<IExpiry>>())
        {
            await expiry.DeleteExpiredAsync(default);
        }
    }

    private static Task EraseAsync(TestShop shop, Guid subject) => shop.UseAsync<EraseCustomer>(erase => erase.RunAsync(new(subject, EraseCustomer.Word), default));

    private static async Task<TestShop> OpenAsync(Engine engine, int products, StorageOptions? storage = null, bool workers = true)
    {
        var shop = await TestShop.OpenAsync(engine, workers, storage: storage);
        await shop.ImportTextAsync("order_number,date,customer_id,sku,product,quantity,unit_price,currency\n" + string.Concat(
            Enumerable.Range(0, products).Select(i => string.Create(CultureInfo.InvariantCulture, $"1,2026-03-01,c1,P{i},Product {i},1,2.00,EUR\n"))), "orders-csv");
        if (workers)
        {
            await shop.DrainAsync();
        }
        return shop;
    }

    private static object View(string user, int product, int minutesAgo) => Event(user, $"P{product}", minutesAgo);

    private static object Event(string user, string sku, int minutesAgo) => new
    {
        type = "track", messageId = $"{user}-{sku}-{minutesAgo}", userId = user, @event = "Product Viewed", properties = new { sku }, timestamp = Now.AddMinutes(-minutesAgo),
    };

    private static object Told(string name, int product, int minutesAgo, object properties) => new
    {
        type = "track", messageId = $"{name}-{product}-{minutesAgo}", userId = "u1", @event = name, properties, timestamp = Now.AddMinutes(-minutesAgo),
    };

    private static async Task<List<(InterestKind Kind, string Sku, int MinutesAgo)>> KindsAsync(TestShop shop, Guid subject)
    {
        var signals = await shop.Get<ISignals>().OfAsync([subject], default);
        var labels = await shop.Get<ICatalog>().LabelsAsync([.. signals.Select(s => s.ProductId)], default);
        return [.. signals.Select(s => (s.Kind, labels[s.ProductId].Sku, (int)Math.Round((Now - s.At).TotalMinutes)))];
    }

    private static async Task<Guid> SubjectAsync(TestShop shop, string user) => (await shop.UseAsync<ICustomers, IReadOnlyList<ResolvedPerson>>(
        c => c.ResolveAsync([CollectionInShop.External(user)], null, default))).Single().SubjectId;

    private static async Task<List<(string Sku, int MinutesAgo)>> OfAsync(TestShop shop, params Guid[] subjects)
    {
        var views = (await shop.Get<ISignals>().OfAsync(subjects, default)).Where(s => s.Kind == InterestKind.View).ToList();
        var labels = await shop.Get<ICatalog>().LabelsAsync([.. views.Select(v => v.ProductId)], default);
        return [.. views.Select(v => (labels[v.ProductId].Sku, (int)Math.Round((Now - v.At).TotalMinutes)))];
    }
}
