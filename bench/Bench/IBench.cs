namespace Wellmet.Bench;

/// <summary>A measurement; <c>./wellmet bench NAME</c> runs it.</summary>
internal interface IBench
{
    string Name { get; }

    /// <summary>One line: what is measured, against what.</summary>
    string Summary { get; }

    Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken ct);
}

/// <summary>What a measurement came to.</summary>
/// <param name="Settings">What it was run with.</param>
/// <param name="Metrics">Names in lower case with underscores.</param>
/// <param name="Reference">Numbers of others, or the aim, under the names of the metrics.</param>
internal sealed record BenchResult(IReadOnlyDictionary<string, object?> Settings, IReadOnlyDictionary<string, double> Metrics, IReadOnlyDictionary<string, double> Reference);
