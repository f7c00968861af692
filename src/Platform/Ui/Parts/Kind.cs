namespace Wellmet.Platform.Ui.Parts;

/// <summary>What a state means to the reader. Colour never says it alone: each has an icon.</summary>
public enum Kind
{
    Neutral,
    Info,
    Good,
    Attention,
    Bad,
}

internal static class KindAppearance
{
    public static string CssClass(this Kind kind) => kind switch
    {
        Kind.Info => "info",
        Kind.Good => "good",
        Kind.Attention => "attention",
        Kind.Bad => "bad",
        _ => "neutral",
    };

    public static string Icon(this Kind kind) => kind switch
    {
        Kind.Good => "circle-check",
        Kind.Attention => "triangle-alert",
        Kind.Bad => "circle-alert",
        _ => "info",
    };
}
