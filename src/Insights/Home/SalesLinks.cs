using Microsoft.AspNetCore.WebUtilities;
using Wellmet.Insights.Buyers;

namespace Wellmet.Insights.Home;

/// <summary>Where figures lead: the orders and the customers that were counted. Days are days of the storefront.</summary>
/// <param name="scope">Null where there is no sale yet.</param>
public sealed class SalesLinks(SalesScope? scope)
{
    public string Orders(DayRange days) => Orders(days, ("buyers", "known"));

    public string AnonymousOrders(DayRange days) => Orders(days, ("buyers", "anonymous"));

    public string Cancellations(DayRange days) => Sales("/console/orders/cancellations", days, ("buyers", "known"));

    public string OrdersWith(Guid product, DayRange days) => Orders(days, ("buyers", "known"), ("product", product.ToString()));

    public string OrdersTo(string country, DayRange days) => Orders(days, ("buyers", "known"), ("country", country));

    public string Customers(BuyerKind kind, DayRange days) =>
        Link(BuyerRoutes.Path, [("kind", kind.ToString().ToLowerInvariant()), ("from", Day(days.From)), ("to", Day(days.To))]);

    private string Orders(DayRange days, params (string, string?)[] more) => Sales("/console/orders", days, more);

    /// <summary>Figures are of one currency, and so is the list behind them.</summary>
    private string Sales(string path, DayRange days, params (string, string?)[] more) =>
        Link(path, [("from", Day(days.From)), ("to", Day(days.To)), .. more, ("currency", scope?.Currency)]);

    private string Link(string path, IEnumerable<(string Name, string? Value)> filters) => QueryHelpers.AddQueryString(path,
        filters.Append(("storefront", scope?.Storefront?.ToString())).Where(f => f.Item2 is not null).ToDictionary(f => f.Item1, f => f.Item2));

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
