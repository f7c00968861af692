using System.Globalization;
using System.Text;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Purposes;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Serving;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Recommendations;

/// <summary>
/// A small shop whose patterns are known. Sixty customers (1000 to 1059) in three tastes (number modulo 3): each bought products A and B of
/// their taste in one order, and, but for the last three, later E of their taste with one of five fillers. Ten orders of unknown people hold
/// X and Y. Z was ordered once, by customer 999, and cancelled.
/// </summary>
internal static class GiftShop
{
    public const int Customers = 60, Tastes = 3, Fillers = 5, Anonymous = 10;

    /// <summary>A, B and E of each taste, fillers, X, Y, Z.</summary>
    public const int Products = 3 * Tastes + Fillers + 3;

    /// <summary>Customers of a taste who bought A and B.</summary>
    public const int PerTaste = Customers / Tastes;

    public static async Task<TestShop> OpenAsync(Engine engine, bool workers = false, StorageOptions? storage = null, Action<Microsoft.Extensions.DependencyInjection.IServiceCollection>? configure = null)
    {
        var shop = await TestShop.OpenAsync(engine, workers, configure, storage: storage);
        await shop.ImportTextAsync(ImportsInShop.Header + Sales());
        return shop;
    }

    public static Task<ModelCard> TrainAsync(this TestShop shop) => shop.UseAsync<TrainModel, ModelCard>(train => train.RunAsync(default));

    public static async Task<Guid> ProductAsync(this TestShop shop, string sku) => (await shop.ProductsAsync()).Single(p => p.Sku == sku).ProductId;

    public static Task<IReadOnlyList<ProductLabel>> ProductsAsync(this TestShop shop) => shop.UseAsync<ICatalog, IReadOnlyList<ProductLabel>>(catalog => catalog.AllAsync(default));

    public static async Task<Guid> CustomerAsync(this TestShop shop, int number) => (await shop.UseAsync<ICustomers, IReadOnlyList<ResolvedPerson>>(
        customers => customers.ResolveAsync([new PersonClaim(IdentityKind.ExternalId, Text(number), new PersonDetails())], null, default))).Single().SubjectId;

    public static async Task<RecommendedProducts> ForAsync(this TestShop shop, int customer, int limit)
    {
        var id = await shop.CustomerAsync(customer);
        return await shop.UseAsync<RecommendForCustomer, RecommendedProducts>(recommend => recommend.RunAsync(new(id, limit), default));
    }

    public static async Task<RecommendedProducts> WithAsync(this TestShop shop, string sku, ProductQuestion question, int limit)
    {
        var id = await shop.ProductAsync(sku);
        return await shop.UseAsync<RecommendForProduct, RecommendedProducts>(recommend => recommend.RunAsync(new(id, question, limit), default));
    }

    /// <summary>The customer does not want personal recommendations.</summary>
    public static async Task ObjectAsync(this TestShop shop, int customer)
    {
        var id = await shop.CustomerAsync(customer);
        await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(id, Purpose.Personalisation), default));
    }

    /// <summary>The customer looked at products, so many hours ago each, as the shop's server tells; waits until that is kept.</summary>
    public static async Task LookAsync(this TestShop shop, int customer, params (string Sku, double HoursAgo)[] views)
    {
        var now = TimeProvider.System.GetUtcNow();
        await shop.CollectAsync(views.Select(v => new
        {
            type = "track", messageId = $"{customer}-{v.Sku}-{v.HoursAgo}", userId = Text(customer), @event = "Product Viewed", properties = new { sku = v.Sku }, timestamp = now.AddHours(-v.HoursAgo),
        }));
        await shop.DrainAsync();
    }

    /// <summary>The customer rated a product with one or two of five.</summary>
    public static async Task RateLowAsync(this TestShop shop, int customer, string sku)
    {
        var told = new ProductSignal(await shop.CustomerAsync(customer), await shop.ProductAsync(sku), InterestKind.LowRating, TimeProvider.System.GetUtcNow());
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("insert into commerce_signals (subject_id, kind, product_id, happened_at) values (@SubjectId, @Kind, @ProductId, @At)", new { told.SubjectId, told.Kind, told.ProductId, told.At }, default), default);
    }

    /// <summary>One line of a sales file.</summary>
    public static string Line(string invoice, string sku, int quantity, DateTimeOffset at, int? customer) =>
        $"{invoice},{sku},{sku} PRODUCT,{Text(quantity)},{at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)},2.50,{(customer is { } c ? Text(c) : "")},United Kingdom\n";

    private static string Sales()
    {
        var start = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        var text = new StringBuilder();
        for (var i = 0; i < Customers; i++)
        {
            var (taste, customer, at) = (i % Tastes, 1000 + i, start.AddHours(i));
            text.Append(Line($"{5000 + i}", $"A{taste}", 1, at, customer)).Append(Line($"{5000 + i}", $"B{taste}", 2, at, customer));
            if (i < Customers - Tastes)
            {
                var later = at.AddDays(7);
                text.Append(Line($"{6000 + i}", $"E{taste}", 1, later, customer)).Append(Line($"{6000 + i}", $"F{i % Fillers}", 1, later, customer));
            }
        }
        for (var i = 0; i < Anonymous; i++)
        {
            text.Append(Line($"{7000 + i}", "X", 1, start.AddDays(i), null)).Append(Line($"{7000 + i}", "Y", 1, start.AddDays(i), null));
        }
        return text.Append(Line("8000", "Z", 1, start, 999)).Append(Line("C8000", "Z", -1, start.AddDays(1), 999)).ToString();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
