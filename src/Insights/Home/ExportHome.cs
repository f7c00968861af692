using System.Globalization;
using Wellmet.Platform;

namespace Wellmet.Insights.Home;

/// <summary>The tables of the home page as CSV, of the same period; whole, not only their top.</summary>
public sealed class ExportHome(ChoosePeriod choose, ReadSeries series, TopProducts products, TopCountries countries)
{
    private const int MaxRows = 100_000;

    public async Task<byte[]> SeriesAsync(HomeQuery query, CancellationToken ct)
    {
        var csv = new CsvText();
        csv.Line("from", "to", "currency", "orders", "revenue", "new_customers", "returning_customers");
        if (await choose.RunAsync(query, ct) is { } choice)
        {
            foreach (var p in await series.RunAsync(choice.Scope, choice.Period.By, ct))
            {
                csv.Line(Day(p.Days.From), Day(p.Days.To), choice.Scope.Currency, p.Orders, p.Revenue, p.NewCustomers, p.ReturningCustomers);
            }
        }
        return csv.ToBytes();
    }

    public async Task<byte[]> ProductsAsync(HomeQuery query, CancellationToken ct)
    {
        var csv = new CsvText();
        csv.Line("product_id", "sku", "name", "currency", "revenue", "units", "orders");
        if (await choose.RunAsync(query, ct) is { } choice)
        {
            foreach (var p in await products.RunAsync(choice.Scope, MaxRows, ct))
            {
                csv.Line(p.ProductId, p.Label?.Sku, p.Label?.Name, choice.Scope.Currency, p.Revenue, p.Quantity, p.Orders);
            }
        }
        return csv.ToBytes();
    }

    public async Task<byte[]> CountriesAsync(HomeQuery query, CancellationToken ct)
    {
        var csv = new CsvText();
        csv.Line("country", "currency", "revenue", "orders");
        if (await choose.RunAsync(query, ct) is { } choice)
        {
            foreach (var c in await countries.RunAsync(choice.Scope, MaxRows, ct))
            {
                csv.Line(c.Country, choice.Scope.Currency, c.Revenue, c.Orders);
            }
        }
        return csv.ToBytes();
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
