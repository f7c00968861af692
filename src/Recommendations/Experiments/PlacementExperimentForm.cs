using System.Globalization;
using Microsoft.AspNetCore.Http;
using Wellmet.Platform;
using Wellmet.Platform.Experiments;
using Wellmet.Platform.Storage;

namespace Wellmet.Recommendations.Experiments;

/// <summary>A new experiment as people type it. Numbers are percent.</summary>
/// <param name="Placement">The place where it is tried.</param>
/// <param name="Against">Placements that answer there instead, for a part of the customers.</param>
/// <param name="Effect">The relative difference worth finding.</param>
/// <param name="Share">Of the customers who take part.</param>
/// <param name="Design">See <see cref="ExperimentDesign"/>; customers are divided where nothing is said.</param>
/// <param name="OrdersDrop">By so much orders may fall before it is stopped; empty for no guard.</param>
/// <param name="RevenueDrop">Likewise.</param>
public sealed record PlacementExperimentForm(
    string? Name, string? Placement, IReadOnlyList<string> Against, string? Metric, string? Effect, string? Share, string? OrdersDrop, string? RevenueDrop, string? Design = null)
{
    public static PlacementExperimentForm Of(IFormCollection form) => new(
        form["name"], form["placement"], [.. form["against"].OfType<string>().Where(a => a.Length > 0).Distinct()], form["metric"], form["effect"], form["share"], form["ordersDrop"], form["revenueDrop"], form["design"]);

    public static PlacementExperimentForm Empty(string? placement) => new(null, placement, [], EnumText.Of(ExperimentMetric.Conversions), "10", "100", "10", null);

    /// <exception cref="ProblemException"><c>metric_unknown</c>, <c>percent_malformed</c>; and see <see cref="PlanExperiment"/>.</exception>
    public PlanExperiment.Request ToRequest() => new(
        (Name ?? "").Trim(), (Placement ?? "").Trim(), Against,
        EnumText.TryRead<ExperimentMetric>(Metric, out var metric) ? metric : throw new ProblemException("metric_unknown", "Choose by what the experiment is decided."),
        PercentOf(Effect) ?? 0, (int)Math.Round((PercentOf(Share) ?? 1) * 100), [.. GuardOf(ExperimentMetric.Conversions, OrdersDrop), .. GuardOf(ExperimentMetric.Revenue, RevenueDrop)])
    {
        Mixed = EnumText.TryRead<ExperimentDesign>(Design, out var design) && design == ExperimentDesign.Interleaved,
    };

    private static IEnumerable<Guardrail> GuardOf(ExperimentMetric metric, string? drop) => PercentOf(drop) is { } most ? [new Guardrail(metric, most)] : [];

    private static double? PercentOf(string? text) => string.IsNullOrWhiteSpace(text) ? null
        : double.TryParse(text.Trim().TrimEnd('%', ' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent <= 1000 ? percent / 100
        : throw new ProblemException("percent_malformed", "{0} is no percentage. Write a number such as 5 or 2.5.", 400, text.Trim());
}
