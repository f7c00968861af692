using System.Text.Json;
using System.Text.Json.Serialization;
using Wellmet.Science.Lifecycles;

namespace Wellmet.Segments.Lifecycles;

/// <summary>What a scoring counted, kept as JSON.</summary>
/// <param name="Currency">In which money is told; null where the shop has no storefront.</param>
/// <param name="ShopRhythmDays">Days that usually pass between two purchases of a customer of this shop.</param>
/// <param name="FromMeasured">Whether enough customers bought again to measure it.</param>
/// <param name="Bounds">For each score of recency (as days since the last order), frequency (orders) and monetary (minor units), 1 to 5: the lowest and highest value that got it.</param>
public sealed record ScoringFigures(string? Currency, double ShopRhythmDays, bool FromMeasured, IReadOnlyList<StageFigure> Stages, IReadOnlyList<CellFigure> Cells, IReadOnlyList<ScoreBound> Bounds)
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } };

    internal string Write() => JsonSerializer.Serialize(this, Options);

    internal static ScoringFigures Read(string json) => JsonSerializer.Deserialize<ScoringFigures>(json, Options)!;

    public long Buyers => Cells.Sum(c => c.Customers);

    public long SpentMinor => Cells.Sum(c => c.SpentMinor);
}

/// <summary>How many are in a stage of the lifecycle, and what they spent.</summary>
public sealed record StageFigure(LifecycleStage Stage, long Customers, long SpentMinor);

/// <summary>How many have a pair of scores, and what they spent.</summary>
/// <param name="Recency">1 to 5.</param>
/// <param name="Value">Frequency and monetary together, 1 to 5.</param>
public sealed record CellFigure(int Recency, int Value, long Customers, long SpentMinor);

/// <summary>Which values got a score.</summary>
/// <param name="Of">recency, frequency or monetary.</param>
public sealed record ScoreBound(string Of, int Score, double Lowest, double Highest);
