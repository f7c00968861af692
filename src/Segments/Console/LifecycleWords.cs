using Wellmet.Platform.Ui;
using Wellmet.Science.Lifecycles;

namespace Wellmet.Segments.Console;

/// <summary>Stages and groups in the viewer's language.</summary>
internal static class LifecycleWords
{
    public static string Of(LifecycleStage stage, Words words) => stage switch
    {
        LifecycleStage.Prospect => words["Prospect"],
        LifecycleStage.FirstTimeBuyer => words["First-time buyer"],
        LifecycleStage.Active => words["Active"],
        LifecycleStage.AtRisk => words["At risk"],
        LifecycleStage.Lapsed => words["Lapsed"],
        _ => words["Lost"],
    };

    public static string Of(RfmGroup group, Words words) => group switch
    {
        RfmGroup.Champions => words["Champions"],
        RfmGroup.Loyal => words["Loyal"],
        RfmGroup.PotentialLoyal => words["Potentially loyal"],
        RfmGroup.New => words["New"],
        RfmGroup.Promising => words["Promising"],
        RfmGroup.NeedsAttention => words["Need attention"],
        RfmGroup.AboutToSleep => words["About to fall asleep"],
        RfmGroup.AtRisk => words["At risk"],
        RfmGroup.CannotLose => words["Not to be lost"],
        RfmGroup.Hibernating => words["Hibernating"],
        _ => words["Lost"],
    };
}
