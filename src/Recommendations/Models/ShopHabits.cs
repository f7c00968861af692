using Wellmet.Commerce.Contract;
using Wellmet.Science.Products;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Clocks;
using Wellmet.Science.Recommenders.Types;
using ProductType = Wellmet.Commerce.Contract.ProductType;

namespace Wellmet.Recommendations.Models;

/// <summary>
/// What the shop's orders say about its types of products: which are used up and when, which go together. A type is the noun that a product is; a product
/// without one is a type of nobody, of which only the very product is not offered twice. Immutable.
/// </summary>
public sealed class ShopHabits
{
    /// <param name="typeNames">The noun of each type.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public ShopHabits(string[] typeNames, RepurchaseClocks clocks, TypeRelations relations, Neighbours complements)
    {
        if (typeNames.Length != clocks.Types.TypeCount || typeNames.Length != relations.TypeCount)
        {
            throw new ArgumentException($"{typeNames.Length} names, {clocks.Types.TypeCount} clocks and relations of {relations.TypeCount} types.", nameof(typeNames));
        }
        (TypeNames, Clocks, Relations, Complements) = (typeNames, clocks, relations, complements);
        NotAgain = new NotAgain(clocks, relations);
        BuyAgain = new BuyAgain(clocks);
    }

    public IReadOnlyList<string> TypeNames { get; }
    public RepurchaseClocks Clocks { get; }
    public TypeRelations Relations { get; }

    /// <summary>Products that are wanted with a product or soon after it.</summary>
    public Neighbours Complements { get; }

    /// <summary>What must not be offered to whom.</summary>
    public NotAgain NotAgain { get; }

    /// <summary>What somebody will want again.</summary>
    public BuyAgain BuyAgain { get; }

    /// <param name="products">The product of each item; null for one that is no longer in the catalogue.</param>
    public static ShopHabits Learn(Interactions interactions, IReadOnlyList<ProductLabel?> products, CancellationToken ct)
    {
        var names = products.Select(p => p?.Kind).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToArray();
        var types = TypesOf(products, names);
        var clocks = new RepurchaseLearner(types, interactions.LatestTime);
        var pairs = new TypeRelationLearner(types);
        foreach (var history in OrderHistories.Of(interactions))
        {
            ct.ThrowIfCancellationRequested();
            clocks.Add(history);
            pairs.Add(history, []);
        }
        var relations = pairs.Learn();
        var complements = new ComplementItemsLearner(types, relations);
        foreach (var history in OrderHistories.Of(interactions))
        {
            ct.ThrowIfCancellationRequested();
            complements.Add(history);
        }
        return new ShopHabits(names, clocks.Learn(), relations, complements.Learn());
    }

    /// <summary>
    /// What is used up or collected is said by the catalogue; that something is kept is also what it says of words that it does not know, and so the orders
    /// may know better.
    /// </summary>
    private static ItemTypes TypesOf(IReadOnlyList<ProductLabel?> products, string[] names)
    {
        var indexes = names.Select((name, index) => (name, index)).ToDictionary(n => n.name, n => n.index, StringComparer.Ordinal);
        var kinds = new ProductKind?[names.Length];
        foreach (var type in products.Where(p => p?.Kind is not null).GroupBy(p => p!.Kind!))
        {
            var most = type.CountBy(p => p!.Type).OrderByDescending(k => k.Value).ThenBy(k => k.Key).First().Key;
            kinds[indexes[type.Key]] = most switch { ProductType.Consumable => ProductKind.Consumable, ProductType.Collectable => ProductKind.Collectable, _ => null };
        }
        return new ItemTypes(TypeTree.Flat(names.Length), [.. products.Select(p => p?.Kind is { } kind ? indexes[kind] : TypeTree.None)], kinds);
    }
}
