using System.Diagnostics.CodeAnalysis;
using Wellmet.Recommendations.Models.Live;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Signals;

namespace Wellmet.Recommendations.Models;

/// <summary>
/// A trained model that knows which product each of its items is. Immutable: whoever holds one keeps answering from it while another takes its place.
/// </summary>
public sealed class ShopModel
{
    private readonly Guid[] products;
    private readonly Dictionary<Guid, int> items;

    /// <param name="products">The product of each item; length <see cref="RecommenderModel.ItemCount"/>.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public ShopModel(RecommenderModel recommender, Guid[] products, SharedCounts customersOfBoth, SharedCounts ordersWithBoth, ShopHabits habits, Neighbours similar, ModelCard card)
    {
        if (products.Length != recommender.ItemCount)
        {
            throw new ArgumentException($"{recommender.ItemCount} items but {products.Length} products.", nameof(products));
        }
        if (habits.Clocks.Types.ItemCount != products.Length || habits.Complements.ItemCount != products.Length || similar.ItemCount != products.Length)
        {
            throw new ArgumentException($"Habits of {habits.Clocks.Types.ItemCount} items, likeness of {similar.ItemCount}, but {products.Length} products.", nameof(habits));
        }
        (Recommender, this.products, CustomersOfBoth, OrdersWithBoth, Habits, Similar, Card, Signals) = (recommender, products, customersOfBoth, ordersWithBoth, habits, similar, card, card.Signals is { } fit ? SignalWeights.Of(fit.Kinds) : SignalWeights.Default);
        items = new Dictionary<Guid, int>(products.Length);
        for (var item = 0; item < products.Length; item++)
        {
            items.Add(products[item], item);
        }
    }

    [SetsRequiredMembers]
    private ShopModel(ShopModel other, RecommenderModel recommender)
    {
        (Recommender, products, items, CustomersOfBoth, OrdersWithBoth, Habits, Similar, Card, Signals) = (recommender, other.products, other.items, other.CustomersOfBoth, other.OrdersWithBoth, other.Habits, other.Similar, other.Card, other.Signals);
        (Viewed, Next, Places, Live) = (other.Viewed, other.Next, other.Places, other.Live);
    }

    /// <summary>The same with weights that followed the orders since.</summary>
    internal ShopModel With(RecommenderModel recommender) => new(this, recommender);

    public RecommenderModel Recommender { get; }

    /// <summary>Beside <see cref="RecommenderModel.AlsoBought"/>: customers who bought both.</summary>
    public SharedCounts CustomersOfBoth { get; }

    /// <summary>Beside <see cref="RecommenderModel.BoughtTogether"/>: orders with both.</summary>
    public SharedCounts OrdersWithBoth { get; }

    /// <summary>What is used up, what is not offered twice, what goes together.</summary>
    public ShopHabits Habits { get; }

    /// <summary>What a product is called like; see <see cref="LikeNames"/>.</summary>
    public Neighbours Similar { get; }

    /// <summary>What people look at together.</summary>
    /// <exception cref="ArgumentException">It is about another number of products.</exception>
    public required AlsoViewed Viewed
    {
        get;
        init => field = value.Products.ItemCount == products.Length ? value : throw new ArgumentException($"Views of {value.Products.ItemCount} items, but {products.Length} products.", nameof(value));
    }

    /// <summary>What people look at next.</summary>
    /// <exception cref="ArgumentException">It is about another number of products.</exception>
    public required NextLooks Next
    {
        get;
        init => field = value.Steps.ItemCount == products.Length ? value : throw new ArgumentException($"Looks at {value.Steps.ItemCount} items, but {products.Length} products.", nameof(value));
    }

    /// <summary>What sells where.</summary>
    public required ShopPlaces Places { get; init; }

    public ModelCard Card { get; }

    /// <summary>How much what a customer did with a product says now.</summary>
    public SignalWeights Signals { get; }

    /// <summary>What keeps its weights current; null for a model that was not trained by this process.</summary>
    internal LiveShop? Live { get; init; }

    /// <summary>The product of each item.</summary>
    public IReadOnlyList<Guid> Products => products;

    /// <summary>The item of a product; null for one that the model has never seen.</summary>
    public int? ItemOf(Guid product) => items.TryGetValue(product, out var item) ? item : null;
}
