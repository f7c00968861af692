using Wellmet.Platform.Ui;

namespace Wellmet.Segments.Definitions;

/// <summary>A segment that most shops want.</summary>
/// <param name="Code">Stable, e.g. <c>at-risk</c>.</param>
/// <param name="Rule">As <see cref="Rules.RuleJson"/> reads it.</param>
public sealed record SegmentTemplate(string Code, string Name, string Description, string Rule)
{
    /// <summary>In the viewer's language, in the order in which they are offered.</summary>
    public static IReadOnlyList<SegmentTemplate> All(Words words) =>
    [
        new("abandoned-cart", words["Abandoned basket"], words["Put something into the basket in the last week and did not order within a day."],
            """{"sequence":[{"did":"Product Added"},{"not":"Order Placed","within":"1d"}],"window":{"last":"7d"}}"""),
        new("first-time", words["First-time buyers"], words["Ordered once, in the last 60 days."],
            """{"all":[{"did":"Order Placed","exactly":1},{"did":"Order Placed","window":{"last":"60d"}}]}"""),
        new("vip", words["Best customers"], words["Five orders or more in a year."], """{"did":"Order Placed","at_least":5,"window":{"last":"365d"}}"""),
        new("big-spenders", words["Big spenders"], words["Spent 500 or more in a year, less what was cancelled or came back."], """{"did":"Order Placed","sum":"net","at_least":500,"window":{"last":"365d"}}"""),
        new("at-risk", words["At risk"], words["Ordered at least twice, but nothing in the last 90 days."],
            """{"all":[{"did":"Order Placed","at_least":2},{"not":{"did":"Order Placed","window":{"last":"90d"}}},{"did":"Order Placed","window":{"last":"365d"}}]}"""),
        new("win-back", words["To win back"], words["Ordered before, but nothing for a year."], """{"all":[{"did":"Order Placed"},{"not":{"did":"Order Placed","window":{"last":"365d"}}}]}"""),
        new("lookers", words["Look but do not buy"], words["Looked at five products or more in two weeks, without an order in that time."],
            """{"all":[{"did":"Product Viewed","at_least":5,"window":{"last":"14d"}},{"not":{"did":"Order Placed","window":{"last":"14d"}}}]}"""),
        new("late-parcel", words["Got a parcel late"], words["A parcel came at least a day late in the last 30 days."],
            """{"did":"Parcel Delivered","where":[{"property":"late_days","at_least":1}],"window":{"last":"30d"}}"""),
        new("likely", words["Likely to order soon"], words["At least an even chance of an order within 30 days, as foretold."], """{"trait":"next_order_chance","at_least":50}"""),

    ];
}
