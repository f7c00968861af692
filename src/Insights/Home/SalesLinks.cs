using Microsoft.AspNetCore.WebUtilities;

namespace Wellmet.Insights.Home;

/// <summary>
/// Where figures lead: the lists of orders and customers, filtered to exactly what was counted. Both take <c>storefront</c>; orders take
/// <c>from</c>, <c>to</c>, <c>buyers</c> (known, anonymous), <c>country</c>, <c>product</c>; customers take <c>ordered_from</c>, <c>ordered_to</c>,
/// <c>orders_min</c>, <c>first_order_from</c>, <c>first_order_to</c>, <c>country</c>. Days are days of the storefront.
/// </summary>
public sealed class SalesLinks(Guid? storefront)
{
    public string Orders(DayRange days, string? sort = null) => Orders(days, ("buyers", "known"), ("sort", sort));

    public string AnonymousOrders(DayRange days) => Orders(days, ("buyers", "anonymous"));

    public string Cancellations(DayRange days) => Orders(days, ("buyers", "known"), ("state", "cancelled"));

    public string OrdersWith(Guid product, DayRange days) => Orders(days, ("buyers", "known"), ("product", product.ToString()));

    /// <summary>An empty country is one that nobody knows.</summary>
    public string OrdersTo(string country, DayRange days) => Orders(days, ("buyers", "known"), ("country", country.Length == 0 ? "unknown" : country));

    public string Customers(DayRange days) => Customers(("ordered_from", Day(days.From)), ("ordered_to", Day(days.To)));

    public string RepeatCustomers(DayRange days) => Customers(("ordered_from", Day(days.From)), ("ordered_to", Day(days.To)), ("orders_min", "2"));

    public string NewCustomers(DayRange days) => Customers(("first_order_from", Day(days.From)), ("first_order_to", Day(days.To)));

    public string ReturningCustomers(DayRange days) =>
        Customers(("ordered_from", Day(days.From)), ("ordered_to", Day(days.To)), ("first_order_to", Day(days.From.AddDays(-1))));

    private string Orders(DayRange days, params (string Name, string? Value)[] more) => Link("/console/orders", [("from", Day(days.From)), ("to", Day(days.To)), .. more]);

    private string Customers(params (string Name, string? Value)[] filters) => Link("/console/customers", filters);

    private string Link(string path, IEnumerable<(string Name, string? Value)> filters) => QueryHelpers.AddQueryString(path,
        filters.Append(("storefront", storefront?.ToString())).Where(f => f.Item2 is not null).ToDictionary(f => f.Item1, f => f.Item2));

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
