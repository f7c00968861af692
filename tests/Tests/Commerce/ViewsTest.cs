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

/// <summary>What shoppers looked at: kept once for each product, bounded, handed out and forgotten.</summary>
public sealed class ViewsTest
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
        var all = new List<ProductView>();
        await shop.Get<IViews>().ForEachAsync(all.Add, default);
        all.Count.ShouldBe(3);
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

        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_views set viewed_at = @old where subject_id = @u1", new { old = Now.AddDays(-61), u1 }), default);
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_views set viewed_at = @old where subject_id = @u2", new { old = Now.AddDays(-59), u2 }), default);
        foreach (var expiry in shop.Get<IEnumerable<IExpiry>>())
        {
            await expiry.DeleteExpiredAsync(default);
        }

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

        var viewed = (await shop.UseAsync<ExportCustomer, IReadOnlyList<PersonalRecord>>(e => e.RunAsync(u1, default))).Single(r => r.Kind == "viewed_product");
        (viewed.Fields["code"], viewed.Fields["name"]).ShouldBe(("P0", "Product 0"));

        await EraseAsync(shop, u1);
        (await OfAsync(shop, u1)).ShouldBeEmpty();
        (await shop.CountAsync("commerce_views")).ShouldBe(1, "of the other one");
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

    private static async Task<Guid> SubjectAsync(TestShop shop, string user) => (await shop.UseAsync<ICustomers, IReadOnlyList<ResolvedPerson>>(
        c => c.ResolveAsync([CollectionInShop.External(user)], null, default))).Single().SubjectId;

    private static async Task<List<(string Sku, int MinutesAgo)>> OfAsync(TestShop shop, params Guid[] subjects)
    {
        var views = await shop.Get<IViews>().OfAsync(subjects, default);
        var labels = await shop.Get<ICatalog>().LabelsAsync([.. views.Select(v => v.ProductId)], default);
        return [.. views.Select(v => (labels[v.ProductId].Sku, (int)Math.Round((Now - v.ViewedAt).TotalMinutes)))];
    }
}
