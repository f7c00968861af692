using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Models;

/// <summary>
/// A trained model that knows which product each of its items is. Immutable: whoever holds one keeps answering from it while another takes its place.
/// </summary>
public sealed class ShopModel
{
    private readonly Guid[] products;
    private readonly Dictionary<Guid, int> items = [];

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
        (Recommender, this.products, CustomersOfBoth, OrdersWithBoth, Habits, Similar, Card) = (recommender, products, customersOfBoth, ordersWithBoth, habits, similar, card);
        for (var item = 0; item < products.Length; item++)
        {
            items.Add(products[item], item);
        }
    }

    public RecommenderModel Recommender { get; }

    /// <summary>Beside <see cref="RecommenderModel.AlsoBought"/>: customers who bought both.</summary>
    public SharedCounts CustomersOfBoth { get; }

    /// <summary>Beside <see cref="RecommenderModel.BoughtTogether"/>: orders with both.</summary>
    public SharedCounts OrdersWithBoth { get; }

    /// <summary>What is used up, what is not offered twice, what goes together.</summary>
    public ShopHabits Habits { get; }

    /// <summary>What a product is called like; see <see cref="LikeNames"/>.</summary>
    public Neighbours Similar { get; }

    public ModelCard Card { get; }

    /// <summary>The product of each item.</summary>
    public IReadOnlyList<Guid> Products => products;

    /// <summary>The item of a product; null for one that the model has never seen.</summary>
    public int? ItemOf(Guid product) => items.TryGetValue(product, out var item) ? item : null;
}
