using System.Globalization;
using Wellmet.Commerce;
using Wellmet.Commerce.Contract;
using Wellmet.Commerce.ShopEvents;
using Wellmet.Commerce.Signals;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Science.Statistics;
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
        await shop.Get<ISignals>().ForEachViewAsync(all.Add, default);
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
    public async Task What_another_subject_of_the_customer_took_back_later_is_gone_and_what_was_taken_back_before_it_is_told_does_not_come_back(Engine engine)
    {
        await using var shop = await OpenAsync(engine, products: 4);
        var (phone, desk) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var products = (await shop.UseAsync<ICatalog, IReadOnlyList<ProductLabel>>(c => c.AllAsync(default))).OrderBy(p => p.Sku).Select(p => p.ProductId).ToList();

        await KeepAsync(shop, Did(phone, products[0], "Product Added", 50), Did(desk, products[0], "Product Removed", 40));
        await KeepAsync(shop, Did(phone, products[1], "Product Removed", 40));
        await KeepAsync(shop, Did(phone, products[1], "Product Added", 50));
        await KeepAsync(shop, Did(phone, products[2], "Product Reviewed", 50, rating: 5), Did(desk, products[2], "Product Reviewed", 40, rating: 1));
        await KeepAsync(shop, Did(phone, products[3], "Product Removed", 40), Did(desk, products[3], "Product Added", 30));

        (await shop.Get<ISignals>().OfAsync([phone, desk], default)).Select(s => (s.Kind, s.ProductId)).ShouldBe([(InterestKind.Cart, products[3]), (InterestKind.LowRating, products[2])]);
        (await shop.Get<ISignals>().OfAsync([phone], default)).Select(s => (s.Kind, s.ProductId)).ShouldBe([(InterestKind.Cart, products[0]), (InterestKind.HighRating, products[2])], ignoreOrder: true);
        (await shop.CountAsync("commerce_signals_back")).ShouldBe(5);
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_signals_back set happened_at = @old", new { old = Now.AddDays(-731) }), default);
        await ExpireAsync(shop);
        (await shop.CountAsync("commerce_signals_back")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Looks_of_the_version_before_are_taken_over_and_that_one_runs_on_beside(Engine engine)
    {
        var (storage, somebody, product) = (TestShop.NewStorage(engine), Guid.CreateVersion7(), Guid.CreateVersion7());
        var look = "insert into commerce_views (subject_id, product_id, viewed_at) values (@somebody, @product, @at) on conflict (subject_id, product_id) do update set viewed_at = excluded.viewed_at";
        await using var before = await TestShop.OpenAsync(engine, workers: false, storage: storage);
        var made = Migrator.Find([typeof(CommerceModule).Assembly]);
        await before.Database.WriteAsync(async tx =>
        {
            foreach (var statement in made.Where(m => m.Number >= 8).SelectMany(m => m.Tables).Select(t => $"drop table {t.Name}").Concat(made.Single(m => m.Number == 6).Statements(engine)))
            {
                await tx.ExecuteAsync(statement, null, default);
            }
            await tx.ExecuteAsync("delete from platform_migrations where module = 'commerce' and number >= 8", null, default);
            await tx.ExecuteAsync(look, new { somebody, product, at = Now.AddDays(-1) }, default);
        }, default);

        await using var shop = await TestShop.OpenAsync(engine, workers: false, storage: storage);

        var kept = (await shop.Get<ISignals>().OfAsync([somebody], default)).ShouldHaveSingleItem();
        (kept.ProductId, kept.Kind).ShouldBe((product, InterestKind.View));
        kept.At.ShouldBe(Now.AddDays(-1), TimeSpan.FromMilliseconds(1));
        (await shop.CountAsync("commerce_views")).ShouldBe(1, "a node of the version before reads it");
        await shop.Database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync(look, new { somebody, product, at = Now }, default);
            await tx.ExecuteAsync(look, new { somebody = Guid.CreateVersion7(), product, at = Now.AddDays(-61) }, default);
        }, default);
        await ExpireAsync(shop);
        (await shop.CountAsync("commerce_views")).ShouldBe(1);
        await shop.Database.WriteAsync(tx => KeepSignals.ForgetAsync(tx, [somebody], default), default);
        (await shop.CountAsync("commerce_views")).ShouldBe(0);
    }

    [Fact]
    public async Task Whatever_the_order_of_arrival_the_last_word_counts()
    {
        await using var shop = await OpenAsync(Engine.Sqlite, products: 1, workers: false);
        var random = new SeededRandom(17);
        Guid[] products = [.. Enumerable.Range(0, 210).Select(_ => Guid.CreateVersion7())];
        for (var trial = 0; trial < 60; trial++)
        {
            // The last one is of more products than are kept.
            var (subject, events, of) = (Guid.CreateVersion7(), trial == 59 ? 500 : 12, trial == 59 ? 210 : 3);
            var told = Enumerable.Range(0, events).Select(_ => random.Next(6) switch
            {
                0 or 1 => Did(subject, products[random.Next(of)], "Product Added", random.Next(of * 3)),
                2 or 3 => Did(subject, products[random.Next(of)], "Product Removed", random.Next(of * 3)),
                4 => Did(subject, products[random.Next(of)], "Product Viewed", random.Next(of * 3)),
                _ => Did(subject, products[random.Next(of)], "Product Reviewed", random.Next(of * 3), 1 + random.Next(5)),
            }).ToArray();
            var expected = told.SelectMany(t => ProductSignal.ChangesOf(t.Event).Select(c => (c.Kind, t.ProductId, t.Event.OccurredAt, c.Given))).GroupBy(c => (c.Kind, c.ProductId))
                .Select(g => g.OrderByDescending(c => c.OccurredAt).ThenBy(c => c.Given).First()).GroupBy(c => c.Kind)
                .SelectMany(kind => kind.OrderByDescending(c => c.OccurredAt).ThenBy(c => Convert.ToHexString(c.ProductId.ToByteArray(bigEndian: true)), StringComparer.Ordinal).Take(200)).Where(c => c.Given)
                .Select(c => (c.Kind, c.ProductId, c.OccurredAt));

            told = [.. told.OrderBy(_ => random.NextBits())];
            for (var at = 0; at < told.Length;)
            {
                var batch = 1 + random.Next(trial == 59 ? 99 : 4);
                await KeepAsync(shop, told[at..Math.Min(told.Length, at + batch)]);
                at += batch;
            }

            var kept = (await shop.Get<ISignals>().OfAsync([subject], default)).Select(s => (s.Kind, s.ProductId, s.At));
            kept.ShouldBe(expected, ignoreOrder: true, $"trial {trial}");
        }
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

    private static ToldProduct Did(Guid subject, Guid product, string name, int minutesAgo, int rating = 0) => new(
        new ShopEventCollected(subject, DateTimeOffset.FromUnixTimeSeconds(Now.ToUnixTimeSeconds()).AddMinutes(-minutesAgo), name, new CollectedFacts(CollectionInShop.Server.SourceId, null, "m", true, false, new EventProperties($$"""{"rating":{{rating}}}"""), null)), product);

    private static Task KeepAsync(TestShop shop, params ToldProduct[] told) => shop.Database.WriteAsync(tx => KeepSignals.RunAsync(tx, told, default), default);

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
