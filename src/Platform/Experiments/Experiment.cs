namespace Wellmet.Platform.Experiments;

/// <summary>Where an experiment stands: it goes from left to right and never back.</summary>
public enum ExperimentState
{
    Draft,
    Running,
    Stopped,
}

/// <summary>How variants are compared.</summary>
public enum ExperimentDesign
{
    /// <summary>Each unit is shown one of them.</summary>
    Divided,

    /// <summary>Each unit is shown one list, mixed from two of them; what it chooses there counts for the one that gave it.</summary>
    Interleaved,
}

/// <summary>What is measured of each unit.</summary>
public enum ExperimentMetric
{
    /// <summary>Whether it clicked.</summary>
    Clicks,

    /// <summary>Whether it did what was hoped for.</summary>
    Conversions,

    /// <summary>What it spent, in minor units of one currency.</summary>
    Revenue,
}

/// <summary>What some of the units are shown.</summary>
/// <param name="Weight">Its share among the weights of all; 0 for nobody.</param>
/// <param name="Settings">What the area reads to know what to do.</param>
public sealed record Variant(string Name, int Weight, IReadOnlyDictionary<string, string> Settings);

/// <summary>What must not fall, whatever else rises.</summary>
/// <param name="MaxDrop">Relative: 0.02 is two percent.</param>
public sealed record Guardrail(ExperimentMetric Metric, double MaxDrop);

/// <summary>What is tried.</summary>
/// <param name="Area">Where: a code that the place asks by, e.g. <c>recommendations.home</c>.</param>
/// <param name="Metric">By which it is decided.</param>
/// <param name="Variants">At least two; the first is the control.</param>
/// <param name="MinEffect">The relative difference worth finding: 0.05 is five percent.</param>
/// <param name="FromPercent">Which part of the units of the area takes part, from here …</param>
/// <param name="UntilPercent">… to here.</param>
public sealed record ExperimentPlan(
    string Name, string Area, ExperimentMetric Metric, IReadOnlyList<Variant> Variants, IReadOnlyList<Guardrail> Guardrails,
    double MinEffect = 0.05, int FromPercent = 0, int UntilPercent = 100)
{
    public ExperimentDesign Design { get; init; }
}

/// <param name="Winner">Name of the variant that goes on for everybody; null until one is chosen.</param>
public sealed record Experiment(
    Guid Id, ExperimentPlan Plan, string Salt, ExperimentState State, string? Winner,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? StoppedAt);
