using Wellmet.Platform;
using Wellmet.Platform.Experiments;
using Wellmet.Platform.Ui;
using Wellmet.Platform.Ui.Parts;

namespace Wellmet.Recommendations.Experiments;

/// <summary>Experiments in words.</summary>
internal static class ExperimentText
{
    public static string Of(ExperimentMetric metric, Words words) => metric switch
    {
        ExperimentMetric.Clicks => words["Customers who choose something"],
        ExperimentMetric.Conversions => words["Customers who order"],
        _ => words["Revenue for each customer"],
    };

    /// <summary>As the heading of a column.</summary>
    public static string Short(ExperimentMetric metric, Words words) => metric switch
    {
        ExperimentMetric.Clicks => words["Chose something"],
        ExperimentMetric.Conversions => words["Ordered"],
        _ => words["Revenue each"],
    };

    public static (string Text, Kind Kind) Of(Experiment experiment, Words words) => experiment switch
    {
        { State: ExperimentState.Draft } => (words["Draft"], Kind.Neutral),
        { State: ExperimentState.Running } => (words["Running"], Kind.Info),
        { Winner: { } winner } => (words["Decided: {0}", winner], Kind.Good),
        _ => (words["Stopped"], Kind.Attention),
    };

    /// <summary>What can be said of a variant against the control now, whenever one looks.</summary>
    public static (string Text, Kind Kind) Of(Comparison comparison, MetricResult metric, Words words, Viewer viewer)
    {
        var control = metric.Means[0];
        var (low, high) = (comparison.AlwaysValid.Low, comparison.AlwaysValid.High);
        return !double.IsFinite(low) || control == 0 ? (words["Too little is known yet"], Kind.Neutral)
            : low > 0 ? (words["Better: {0} to {1} more", Relative(low), Relative(high)], Kind.Good)
            : high < 0 ? (words["Worse: {0} to {1} less", Relative(-high), Relative(-low)], Kind.Bad)
            : (words["No difference found: {0} to {1}", Signed(low), Signed(high)], Kind.Neutral);

        // Nothing can fall by more than all of it, whatever the range says.
        string Relative(double difference) => viewer.Percent(high < 0 ? Math.Min(1, difference / control) : difference / control);

        string Signed(double difference) => (difference < 0 ? "−" : "+") + viewer.Percent(Math.Abs(difference) / control);
    }

    /// <summary>The mean of a variant.</summary>
    public static string Mean(ExperimentMetric metric, double mean, string? currency, Viewer viewer) => metric != ExperimentMetric.Revenue ? viewer.Percent(mean)
        : currency is null ? "" : viewer.Money(new Money((long)Math.Round(mean), currency));
}
