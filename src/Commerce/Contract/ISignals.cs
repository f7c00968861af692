using System.Text.Json;
using Wellmet.Customers.Contract;

namespace Wellmet.Commerce.Contract;

/// <summary>What somebody did with a product, beside ordering it.</summary>
public enum InterestKind
{
    /// <summary>Looked at it.</summary>
    View,

    /// <summary>Looked at it for longer than <see cref="ProductSignal.LongView"/>.</summary>
    LongView,

    /// <summary>Put it into the basket, and did not take it out.</summary>
    Cart,

    /// <summary>Put it on the wish list, and did not take it off.</summary>
    WishList,

    /// <summary>Rated it with four or five of five.</summary>
    HighRating,

    /// <summary>Rated it with one or two of five.</summary>
    LowRating,
}

/// <summary>The last time that somebody did something with a product.</summary>
public readonly record struct ProductSignal(Guid SubjectId, Guid ProductId, InterestKind Kind, DateTimeOffset At)
{
    /// <summary>A view that takes longer is a long one.</summary>
    public static readonly TimeSpan LongView = TimeSpan.FromSeconds(30);

    /// <summary>Who looked has looked.</summary>
    public static bool CanBeTakenBack(InterestKind kind) => kind is not (InterestKind.View or InterestKind.LongView);

    /// <summary>What an event of a shop says of its product; empty for one that says nothing. A rating takes the place of an earlier one.</summary>
    public static IReadOnlyList<InterestChange> ChangesOf(ShopEventCollected told) => told.Name switch
    {
        "Product Viewed" => told.Source.Properties.Number("dwell_ms") > (decimal)LongView.TotalMilliseconds ? [new(InterestKind.View), new(InterestKind.LongView)] : [new(InterestKind.View)],
        "Product Added" => [new(InterestKind.Cart)],
        "Product Removed" => [new(InterestKind.Cart, false)],
        "Product Added to Wishlist" => [new(InterestKind.WishList)],
        "Product Removed from Wishlist" => [new(InterestKind.WishList, false)],
        "Product Reviewed" => told.Source.Properties.Number("rating") is { } stars and >= 1 and <= 5 ? [new(InterestKind.HighRating, stars >= 4), new(InterestKind.LowRating, stars <= 2)] : [],
        _ => [],
    };

    /// <summary>The code of the product that an event is about; null where it names none.</summary>
    public static string? CodeOf(JsonElement properties) => EventProperties.TextIn(properties, "sku", "product_id", "item_id");
}

/// <param name="Given">False where it was taken back.</param>
public readonly record struct InterestChange(InterestKind Kind, bool Given = true);

/// <summary>
/// What other modules may ask about what shoppers did before they ordered: at most two hundred products of each subject and kind. Whoever chooses something for
/// a person by it asks the purpose gate first.
/// </summary>
public interface ISignals
{
    /// <summary>What these subjects, as one customer, did and did not take back since, whichever of them did either: of each kind each product once, at its last time, newest first.</summary>
    Task<IReadOnlyList<ProductSignal>> OfAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct);

    /// <summary>All looks that are kept, subject by subject, earliest first; for models that are trained on all.</summary>
    Task ForEachViewAsync(Action<ProductSignal> visit, CancellationToken ct);
}
