namespace Wellmet.Science.Recommenders.Signals;

/// <summary>What somebody did with a product.</summary>
public enum SignalKind
{
    /// <summary>Bought it, and kept it.</summary>
    Purchase = 0,

    /// <summary>Rated it with four or five of five.</summary>
    HighRating = 1,

    /// <summary>Put it on a wish list.</summary>
    WishList = 2,

    /// <summary>Put it into the basket.</summary>
    Cart = 3,

    /// <summary>Looked at it for a while.</summary>
    LongView = 4,

    /// <summary>Looked at it.</summary>
    View = 5,

    /// <summary>Rated it with one or two of five.</summary>
    LowRating = 6,

    /// <summary>Sent it back because it was not wanted.</summary>
    Return = 7,

    /// <summary>Said that it is of no interest.</summary>
    NotInterested = 8,
}

/// <summary>One thing that one customer did with one product.</summary>
/// <param name="Item">Product index.</param>
/// <param name="Kind">What.</param>
/// <param name="Time">Seconds since 1970-01-01 UTC.</param>
public readonly record struct Signal(int Item, SignalKind Kind, long Time)
{
    /// <summary>Seconds from which a view is a long one.</summary>
    public const double LongViewSeconds = 30;

    /// <summary>Number of kinds.</summary>
    public const int KindCount = 9;

    /// <summary>Which kind a rating is; null for one in the middle, which says nothing.</summary>
    /// <param name="stars">1 to 5.</param>
    public static SignalKind? OfRating(double stars) => stars switch
    {
        >= 4 => SignalKind.HighRating,
        <= 2 => SignalKind.LowRating,
        _ => null,
    };

    /// <summary>Which kind a view is.</summary>
    /// <param name="seconds">How long it took; null where that is not known.</param>
    public static SignalKind OfView(double? seconds) => seconds > LongViewSeconds ? SignalKind.LongView : SignalKind.View;
}
