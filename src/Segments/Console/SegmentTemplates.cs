using Wellmet.Platform.Ui;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Console;

/// <summary>A segment that shops often want, made with one click and edited afterwards.</summary>
/// <param name="Trait">The trait of the shop's own that it asks; null where it asks none.</param>
public sealed record SegmentTemplate(string Key, string Name, string Description, string Json, string? Trait = null)
{
    public Rule Rule => RuleJson.Read(Json);
}

/// <summary>The gallery.</summary>
public static class SegmentTemplates
{
    public static IReadOnlyList<SegmentTemplate> All(Words words) =>
    [
        new("at-risk", words["At risk"], words["Ordered twice or more, and nothing for 90 days"],
            """{"all":[{"did":"Order Placed","at_least":2},{"not":{"did":"Order Placed","at_least":1,"window":{"last":"90d"}}}]}"""),
        new("big-spenders", words["Big spenders"], words["Spent 500 or more in the last year"],
            """{"did":"Order Placed","sum":"net","at_least":500,"window":{"last":"365d"}}"""),
        new("abandoned-basket", words["Abandoned basket"], words["Put something into the basket in the last 7 days and did not order within a day"],
            """{"sequence":[{"did":"Product Added"},{"not":"Order Placed","within":"1d"}],"window":{"last":"7d"}}"""),
        new("first-time", words["First-time buyers"], words["Placed their first order in the last 30 days"],
            """{"did":"Order Placed","first":true,"window":{"last":"30d"}}"""),
        new("lapsed", words["Lapsed customers"], words["The last order was half a year ago or longer"],
            """{"all":[{"did":"Order Placed","at_least":1},{"not":{"did":"Order Placed","at_least":1,"window":{"last":"180d"}}}]}"""),
        new("win-back", words["Win back"], words["No order for 90 days, and looking at products again this week"],
            """{"all":[{"did":"Order Placed","at_least":1},{"not":{"did":"Order Placed","at_least":1,"window":{"last":"90d"}}},{"did":"Product Viewed","at_least":1,"window":{"last":"7d"}}]}"""),
        new("vip", words["VIP"], words["Five orders or more in a year"],
            """{"did":"Order Placed","at_least":5,"window":{"last":"365d"}}"""),
        new("birthday", words["Birthday within a week"], words["Their birthday is today or in the next 7 days; the year is not asked"],
            """{"trait":"birthday","anniversary_in_days":7}""", "birthday"),
        new("gold", words["Gold members"], words["Their loyalty tier is gold"],
            """{"trait":"loyalty_tier","is":["gold"]}""", "loyalty_tier"),
        new("plan-expired", words["Plan expired"], words["Their plan ended in the last 30 days"],
            """{"trait":"plan_ends","in_last_days":30}""", "plan_ends"),
        new("champions", words["Champions"], words["Among the best by how lately, how often and for how much they bought"],
            """{"trait":"rfm_group","is":["champions"]}"""),
        new("going-silent", words["Going silent"], words["Silent for longer than they usually are, and not lost yet"],
            """{"trait":"lifecycle_stage","is":["at_risk","lapsed"]}"""),
    ];
}
