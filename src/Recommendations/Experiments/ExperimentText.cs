using Wellmet.Platform;
using Wellmet.Platform.Experiments;
using Wellmet.Platform.Ui;
using Wellmet.Platform.Ui.Parts;
using Wellmet.Science.Experiments;

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

    public static string Of(ExperimentDesign design, Words words) => design switch
    {
        ExperimentDesign.Interleaved => words["All of them see one list, mixed from two placements"],
        _ => words["Each customer sees one of the placements"],
    };

    /// <summary>What can be said of two variants of a mixed list now, whenever one looks.</summary>
    /// <param name="score">B is the other one than the control.</param>
    public static (string Text, Kind Kind) Of(InterleavingScore score, Experiment experiment, Words words, Viewer viewer)
    {
        var (control, other) = (experiment.Plan.Variants[0].Name, experiment.Plan.Variants[1].Name);
        var (low, high) = (score.AlwaysValidShareOfB.Low, score.AlwaysValidShareOfB.High);
        return score.WinsA + score.WinsB < FewestWins ? (words["Too little is known yet"], Kind.Neutral)
            : low > 0.5 ? (words["{0} is preferred by {1} to {2}", other, viewer.Percent(low), viewer.Percent(high)], Kind.Good)
            : high < 0.5 ? (words["{0} is preferred by {1} to {2}", control, viewer.Percent(1 - high), viewer.Percent(1 - low)], Kind.Info)
            : (words["No preference found: {0} to {1} for {2}", viewer.Percent(low), viewer.Percent(high), other], Kind.Neutral);
    }

    /// <summary>Of fewer customers nothing could be found whatever they prefer.</summary>
    private const int FewestWins = 10;

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
