using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Placements;

/// <summary>Changes a placement, makes one of the shop's own, or puts it back as it came. It holds from the next answer on, on every node.</summary>
public sealed class ArrangePlacement(Database database, ICatalog catalog, KeptModels kept, PinModels pin, AuditLog audit, CurrentActor actor, TimeProvider time)
{
    public const int MostNames = 50, MostProducts = 50, MostDays = 3650;
    public const int MostOfKind = 100, MostExplored = 50;
    public const double LowestFactor = 0.1, HighestFactor = 10, MostLooks = 20;

    /// <param name="isNew">It must not take the place of another.</param>
    /// <exception cref="ProblemException">
    /// <c>placement_name</c>, <c>placement_name_reserved</c>, <c>placement_exists</c>, <c>placement_source_fixed</c>, <c>placements_many</c>, <c>price_range</c>, <c>rules_many</c>, <c>kind_unknown</c>, <c>brand_unknown</c>, <c>seller_unknown</c>,
    /// <c>category_unknown</c>, <c>days_out_of_range</c>, <c>boost_out_of_range</c>, <c>product_twice</c>, <c>kinds_out_of_range</c>, <c>explore_out_of_range</c>, <c>looks_out_of_range</c>, <c>model_version_unknown</c>.
    /// </exception>
    public async Task SaveAsync(Placement placement, bool isNew, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Arrange);
        DemandName(placement);
        await DemandRulesAsync(placement.Rules, ct);
        if (placement.ModelDay is { } day && kept.Of(day) is null)
        {
            throw ModelUnknown();
        }
        await database.WriteAsync(async tx =>
        {
            if (isNew && (placement.IsBuiltIn || await PlacementStore.StandsAsync(tx, placement.Name, ct)))
            {
                throw new ProblemException("placement_exists", "There is a placement {0} already. Open it to change it, or choose another name.", 400, placement.Name);
            }
            if (await PlacementStore.OwnAsync(tx, placement.Name, ct) >= Placement.Most)
            {
                throw new ProblemException("placements_many", "There are {0} placements of your own already. Remove one first.", 400, Placement.Most);
            }
            await PlacementStore.WriteAsync(tx, placement, time.GetUtcNow(), ct);
            await audit.RecordAsync(tx, "placement.changed", $"placement:{placement.Name}", reason: null, ct, EnumText.Of(placement.Source));
        }, ct);
        await pin.RunAsync(ct);
    }

    /// <exception cref="ProblemException"><c>placement_unchanged</c> (404).</exception>
    public async Task ResetAsync(string name, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Arrange);
        await database.WriteAsync(async tx =>
        {
            if (!await PlacementStore.DeleteAsync(tx, name, ct))
            {
                throw new ProblemException("placement_unchanged", "This placement stands as it came, or does not exist.", 404);
            }
            await audit.RecordAsync(tx, "placement.removed", $"placement:{name}", reason: null, ct);
        }, ct);
    }

    private static void DemandName(Placement placement)
    {
        if (!Placement.IsName(placement.Name))
        {
            throw new ProblemException("placement_name", "A name has small letters, digits and hyphens between them, begins with a letter, and is at most {0} characters long: winter-lights.", 400, Placement.LongestName);
        }
        if (Placement.Reserved.Contains(placement.Name))
        {
            throw new ProblemException("placement_name_reserved", "{0} stands for something else in the addresses of the API. Choose another name.", 400, placement.Name);
        }
        if (Placement.BuiltInOf(placement.Name) is { } builtIn && builtIn.Source != placement.Source)
        {
            throw new ProblemException("placement_source_fixed", "Your shop's pages rely on what {0} shows. Make a placement of your own to show something else.", 400, placement.Name);
        }
    }

    /// <exception cref="ProblemException">See <see cref="SaveAsync"/>.</exception>
    internal async Task DemandRulesAsync(ListRules rules, CancellationToken ct)
    {
        if (rules.LowestPriceMinor > rules.HighestPriceMinor)
        {
            throw new ProblemException("price_range", "The lowest price is above the highest.");
        }
        if (rules.NewestDays is < 1 or > MostDays)
        {
            throw DaysOutOfRange();
        }
        if (ListRules.Traits.Sum(t => NamesOf(rules, t).Count()) > MostNames || rules.Pinned.Count + rules.Excluded.Count > MostProducts)
        {
            throw new ProblemException("rules_many", "Name at most {0} types, brands, sellers and categories, and {1} products.", 400, MostNames, MostProducts);
        }
        if (rules.Boosts.Any(b => !(b.Factor is >= LowestFactor and <= HighestFactor)))
        {
            throw new ProblemException("boost_out_of_range", "A factor is between {0} and {1}.", 400, LowestFactor, HighestFactor);
        }
        if (rules.MostOfKind is < 1 or > MostOfKind)
        {
            throw KindsOutOfRange();
        }
        if (rules.ExplorePercent is < 0 or > MostExplored)
        {
            throw ExploreOutOfRange();
        }
        if (rules.LooksFactor is { } looks && !(looks is >= 0 and <= MostLooks))
        {
            throw LooksOutOfRange();
        }
        var products = await catalog.AllAsync(ct);
        foreach (var trait in ListRules.Traits)
        {
            var known = products.Select(p => ListRules.Of(p, trait)).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
            if (NamesOf(rules, trait).FirstOrDefault(n => !known.Contains(n)) is { } unknown)
            {
                throw Unknown(trait, unknown);
            }
        }
        if (rules.Pinned.Intersect(rules.Excluded).Any())
        {
            throw new ProblemException("product_twice", "A product cannot be first and left out.");
        }
    }

    private static IEnumerable<string> NamesOf(ListRules rules, ProductTrait trait) =>
        [.. rules.Of(trait).Only, .. rules.Of(trait).Not, .. rules.Boosts.Where(b => b.Trait == trait).Select(b => b.Value)];

    internal static ProblemException ModelUnknown() => new("model_version_unknown", "There is no model of that day any more.");

    internal static ProblemException KindsOutOfRange() => new("kinds_out_of_range", "Of one type at least 1 and at most {0} may stand in a list.", 400, MostOfKind);

    internal static ProblemException ExploreOutOfRange() => new("explore_out_of_range", "Places for something else are a whole number of percent from 0 to {0}.", 400, MostExplored);

    internal static ProblemException LooksOutOfRange() => new("looks_out_of_range", "How much looks count is a number from 0 to {0}; 1 is as usual.", 400, MostLooks);

    internal static ProblemException DaysOutOfRange() => new("days_out_of_range", "Days are a whole number from 1 to {0}.", 400, MostDays);

    private static ProblemException Unknown(ProductTrait trait, string name) => trait switch
    {
        ProductTrait.Brand => new ProblemException("brand_unknown", "No product is of the brand {0}.", 400, name),
        ProductTrait.Seller => new ProblemException("seller_unknown", "No product is sold by {0}.", 400, name),
        ProductTrait.Category => new ProblemException("category_unknown", "No product stands in the category {0}.", 400, name),
        _ => new ProblemException("kind_unknown", "No product is of the type {0}. The types are listed on the pages of the products.", 400, name),
    };
}
