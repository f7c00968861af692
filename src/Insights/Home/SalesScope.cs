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
    internal const string Buyers = $"from insights_sales where {Where} and kind = 'order' and not anonymous";

    /// <summary>The orders of the customer of a row of <c>b</c>, whatever their scope.</summary>
    private const string Orders = "from insights_sales e where e.customer_id = b.customer_id and e.kind = 'order' and not e.anonymous";

    /// <summary>Whether the customer of a row of <c>b</c> had ordered before a day. No <c>exists</c>, which would become a join, and that in any order.</summary>
    internal static string OrderedBefore(string day) => $"(select 1 {Orders} and e.day < {day} limit 1) = 1";

    /// <summary>What stands in the first order of all of the customer of a row of <c>b</c>.</summary>
    internal static string OfFirstOrder(string column) => $"(select {column} {Orders} order by e.occurred_at, e.seq limit 1)";

    internal object Parameters => new { Range.From, Range.To, Currency, Without, every = Storefront is null, storefront = Storefront ?? Guid.Empty };

    internal object With(int limit) => new { Range.From, Range.To, Currency, Without, every = Storefront is null, storefront = Storefront ?? Guid.Empty, limit };
}
