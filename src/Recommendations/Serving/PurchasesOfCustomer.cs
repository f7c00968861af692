using Wellmet.Commerce.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Clocks;

namespace Wellmet.Recommendations.Serving;

/// <summary>What one customer bought, as a model reads it: purchases of a minute ago included.</summary>
internal sealed class PurchasesOfCustomer
{
    private readonly ShopModel? model;
    private readonly Gate[] byType = [];

    /// <param name="bought">Earliest first.</param>
    public PurchasesOfCustomer(IReadOnlyList<BoughtProduct> bought, ShopModel? model, DateTimeOffset now)
    {
        this.model = model;
        Products = bought.Select(b => b.ProductId).ToHashSet();
        if (model is null)
        {
            return;
        }
        var orders = new Dictionary<Guid, int>();
        History = [.. bought.Where(b => b.Kept > 0).Select(b => (Bought: b, Item: model.ItemOf(b.ProductId))).Where(b => b.Item is not null)
            .Select(b => new PastPurchase(IndexOf(b.Bought.OrderId), b.Item!.Value, b.Bought.PlacedAt.ToUnixTimeSeconds(), b.Bought.Kept))];
        Items = [.. Products.Select(model.ItemOf).OfType<int>()];
        byType = new Gate[model.Habits.NotAgain.TypeCount];
        model.Habits.NotAgain.ForTypes(History, now.ToUnixTimeSeconds(), byType);

        int IndexOf(Guid order) => orders.TryGetValue(order, out var index) ? index : orders[order] = orders.Count;
    }

    /// <summary>All products, also what was cancelled or sent back: none of it is offered as if they did not know it.</summary>
    public IReadOnlySet<Guid> Products { get; }

    /// <summary>The items of the model among the products.</summary>
    public int[] Items { get; } = [];

    /// <summary>What they kept, earliest first.</summary>
    public PastPurchase[] History { get; } = [];

    /// <summary>How welcome a product is to somebody who has what they have: 0 not at all, 1 as its score says, above 1 when it is due.</summary>
    public float Welcome(Guid product) => model?.ItemOf(product) is { } item ? model.Habits.NotAgain.ForItem(item, History, byType).Factor : 1;
}
