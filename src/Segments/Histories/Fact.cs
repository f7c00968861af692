using System.Globalization;

namespace Wellmet.Segments.Histories;

/// <summary>Something that segments can ask about: an event, an order, a product of an order, or what was said of a person.</summary>
/// <param name="Kind">What happened, e.g. <c>Product Viewed</c>; see <see cref="FactKinds"/>.</param>
/// <param name="At">When it happened, in milliseconds since 1970 (UTC).</param>
/// <param name="KnownAt">When it was heard of, likewise; never before the log had it.</param>
/// <param name="Seq">Number of the event in the log; several facts may bear one.</param>
/// <param name="ImportId">The import that told it; null for none.</param>
public sealed record Fact(string Kind, long At, long KnownAt, long Seq, Guid? ImportId, IReadOnlyList<FactProperty> Properties)
{
    public static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, -62_135_596_800_000, 253_402_300_799_999));
}

/// <param name="Name">E.g. <c>category</c>.</param>
public readonly record struct FactProperty(string Name, FactValue Value);

/// <summary>A text, a number or a truth value.</summary>
public readonly record struct FactValue
{
    private FactValue(string? text, decimal? number, bool? truth) => (Text, Number, Truth) = (text, number, truth);

    public string? Text { get; }
    public decimal? Number { get; }
    public bool? Truth { get; }

    /// <summary>Longest text that is kept, in characters; what is longer is cut.</summary>
    public const int LongestText = 100;

    public static FactValue Of(string text) => new(text.Length > LongestText ? text[..LongestText] : text, null, null);

    public static FactValue Of(decimal number) => new(null, number, null);

    public static FactValue Of(bool truth) => new(null, null, truth);

    /// <summary>As a rule writes it.</summary>
    public override string ToString() => Text ?? Number?.ToString("G29", CultureInfo.InvariantCulture) ?? (Truth is true ? "true" : "false");
}

/// <summary>Names of facts that are not events of a shop.</summary>
public static class FactKinds
{
    public const string Appeared = "First Seen";
    public const string PageViewed = "Page Viewed";
    public const string ScreenViewed = "Screen Viewed";
    public const string GroupJoined = "Group Joined";
    public const string OrderPlaced = "Order Placed";
    public const string OrderExtended = "Order Extended";
    public const string OrderCancelled = "Order Cancelled";
    public const string ProductOrdered = "Product Ordered";
    public const string ItemsReturned = "Items Returned";
    public const string ParcelSent = "Parcel Sent";
    public const string ParcelDelivered = "Parcel Delivered";

    /// <summary>What precedes the name of a trait in the kind of its facts.</summary>
    public const string Trait = "trait:";

    /// <summary>What a trait's fact says.</summary>
    public const string Value = "value";

    /// <summary>How much a statement weighs: what a visitor's browser says 0, the shop 1, its staff 2; of the shop's own traits as their rule weighs it. The weightiest wins, then the latest.</summary>
    public const string Weight = "weight";

    /// <summary>What precedes the id of a list in the kind of the facts that say whether somebody is on it: <see cref="Value"/>, <see cref="Source"/> and <see cref="By"/>.</summary>
    public const string List = "list:";

    /// <summary>How it came: <c>hand</c>, <c>api</c>, <c>copy:</c> and a segment, <c>import:</c> and an import, <c>lookalike</c>.</summary>
    public const string Source = "source";

    /// <summary>Who did it, as the audit log names them.</summary>
    public const string By = "by";

    /// <summary>Kinds of which a subject keeps all; of the others together the latest <see cref="PackedHistory.MostEvents"/>.</summary>
    public static bool IsKeptForEver(string kind) =>
        kind.StartsWith(Trait, StringComparison.Ordinal) || kind.StartsWith(List, StringComparison.Ordinal) || kind is Appeared or OrderPlaced or OrderExtended or OrderCancelled or ProductOrdered or ItemsReturned or ParcelSent or ParcelDelivered;
}
