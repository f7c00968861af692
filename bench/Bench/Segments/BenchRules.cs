using System.Globalization;
using System.Text.RegularExpressions;

namespace Wellmet.Bench.Segments;

/// <summary>A rule of the benchmark, and the plain SQL over the log that finds the same people.</summary>
/// <param name="Floor">Selects subject ids; <c>@now</c> is the moment. Texts between <c>[…]</c> are a property of the event, <c>{…}</c> spans of days before the moment.</param>
internal sealed partial record BenchRule(string Name, string Json, string Floor)
{
    private const string Shop = "type = 'customers.shop_event_collected' and", Viewed = $"{Shop} [name] = 'Product Viewed'", Ordered = "type = 'commerce.order_placed'";

    /// <summary>Four windowed counts with tests of properties, two sequences, two sums over orders, two traits.</summary>
    public static IReadOnlyList<BenchRule> Ten { get; } =
    [
        new("views of shoes", """{"did":"Product Viewed","where":[{"property":"category","is":["type 3"]}],"at_least":2,"window":{"last":"90d"}}""",
            $"select subject_id from log_events where {Viewed} and [source.properties.category] = 'type 3' and occurred_at > {{90}} group by subject_id having count(*) >= 2"),
        new("dear baskets", """{"did":"Product Added","where":[{"property":"price","at_least":80}],"window":{"last":"30d"}}""",
            $"select distinct subject_id from log_events where {Shop} [name] = 'Product Added' and [source.properties.price]# >= 80 and occurred_at > {{30}}"),
        new("views of two types", """{"did":"Product Viewed","where":[{"property":"category","is":["type 1","type 2"]},{"property":"price","less_than":50}],"at_least":2,"window":{"last":"180d"}}""",
            $"select subject_id from log_events where {Viewed} and [source.properties.category] in ('type 1', 'type 2') and [source.properties.price]# < 50 and occurred_at > {{180}} group by subject_id having count(*) >= 2"),
        new("looked at sales", """{"did":"Page Viewed","where":[{"property":"path","starts_with":["/sale"]}],"window":{"last":"14d"}}""",
            "select distinct subject_id from log_events where type = 'customers.event_collected' and [kind] = 'page' and [source.properties.path] like '/sale%' and occurred_at > {14}"),
        new("left baskets", """{"sequence":[{"did":"Product Added"},{"not":"Order Placed","within":"2d"}],"window":{"last":"30d"}}""",
            $$"""
            select distinct a.subject_id from log_events a where a.type = 'customers.shop_event_collected' and [a:name] = 'Product Added' and a.occurred_at > {30} and a.occurred_at <= {2}
              and not exists (select 1 from log_events o where o.subject_id = a.subject_id and o.type = 'commerce.order_placed' and o.occurred_at > a.occurred_at and o.occurred_at <= {a+2})
            """),
        new("bought soon after a look", """{"sequence":[{"did":"Product Viewed"},{"did":"Order Placed","within":"1d"}],"window":{"last":"120d"}}""",
            $$"""
            select distinct a.subject_id from log_events a where a.type = 'customers.shop_event_collected' and [a:name] = 'Product Viewed' and a.occurred_at > {120}
              and exists (select 1 from log_events o where o.subject_id = a.subject_id and o.type = 'commerce.order_placed' and o.occurred_at > a.occurred_at and o.occurred_at <= {a+1} and o.occurred_at <= @now)
            """),
        new("spent 300 in a year", """{"did":"Order Placed","where":[{"property":"currency","is":["EUR"]}],"sum":"total","at_least":300,"window":{"last":"365d"}}""",
            $"select subject_id from log_events where {Ordered} and [currency] = 'EUR' and occurred_at > {{365}} group by subject_id having sum([revenue_minor]#) >= 30000"),
        new("spent 400 ever", """{"did":"Order Placed","where":[{"property":"currency","is":["EUR"]}],"sum":"total","more_than":400}""",
            $"select subject_id from log_events where {Ordered} and [currency] = 'EUR' group by subject_id having sum([revenue_minor]#) > 40000"),
        new("in two countries", """{"trait":"country","is":["DE","AT"]}""",
            "select subject_id from log_events where type = 'customers.appeared' and [traits.country] in ('DE', 'AT')"),
        new("new this season", """{"trait":"first_seen","in_last_days":60}""",
            "select subject_id from log_events where type = 'customers.appeared' and occurred_at > {60}"),
    ];

    /// <summary>The rule with another number, so that fifty segments are fifty rules.</summary>
    public string Variant(int i) => Window().Replace(Json.Replace("\"type 3\"", $"\"type {i}\"", StringComparison.Ordinal), m => $"\"window\":{{\"last\":\"{int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) + i}d\"}}");

    [GeneratedRegex(@"""window"":\{""last"":""(\d+)d""\}")]
    private static partial Regex Window();
}
