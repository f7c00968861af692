using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Home;

/// <summary>Which sales a figure is about. Money of different currencies is never added up.</summary>
/// <param name="Storefront">Null for all.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record SalesScope(DayRange Range, Guid? Storefront, string Currency)
{
    /// <summary>The storefront that is not among all of them: the demo shop, once the shop has sales of its own. All zeros where there is none.</summary>
    public Guid Without { get; init; }

    /// <summary>For the parameters below.</summary>
    internal const string Shop = "currency = @Currency and storefront_id <> @Without and (@every or storefront_id = @storefront)";
    internal const string Where = $"day between @From and @To and {Shop}";

    /// <summary>Orders of known customers, of <c>insights_sales</c>: what distinct customers are counted from.</summary>
    internal const string Buyers = $"from insights_sales where {Where} and kind = 'order' and not anonymous and state = 'counted'";

    /// <summary>
    /// Whether a row of <c>b</c>, which has a customer, had ordered before a day, whatever and in whatever currency. The day is made an expression so
    /// that the customer's own rows are looked up: right after an import, without statistics, PostgreSQL would read all sales before the day for each customer.
    /// </summary>
    internal static string OrderedBefore(string day) => $"""
        exists (select 1 from insights_sales e where e.customer_id = b.customer_id and e.kind = 'order' and not e.anonymous and e.state = 'counted' and e.day || '' < {day})
        """;

    internal object Parameters => new { Range.From, Range.To, Currency, Without, every = Storefront is null, storefront = Storefront ?? Guid.Empty };

    internal object With(int limit) => new { Range.From, Range.To, Currency, Without, every = Storefront is null, storefront = Storefront ?? Guid.Empty, limit };
}
