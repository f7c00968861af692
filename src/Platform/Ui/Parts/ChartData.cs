namespace Wellmet.Platform.Ui.Parts;

/// <summary>How a chart is drawn.</summary>
public enum ChartKind
{
    Line,
    Bar,
}

/// <summary>How the values of a chart are written.</summary>
public enum ChartFormat
{
    Number,
    Money,
    Percent,
}

/// <param name="Value">Null where there is no data: a gap in the line and a dash in the table. Money in major units, percent as a ratio.</param>
/// <param name="Href">What a click on the point opens.</param>
public sealed record ChartPoint(string Label, decimal? Value, string? Href = null);

/// <param name="Previous">Drawn as a faint dashed line behind the others.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points, bool Previous = false);
