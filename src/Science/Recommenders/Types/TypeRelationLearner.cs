using Wellmet.Science.Products;
using Wellmet.Science.Statistics;

namespace Wellmet.Science.Recommenders.Types;

/// <summary>A product was looked at.</summary>
/// <param name="Item">Product index.</param>
/// <param name="Time">Seconds since 1970-01-01 UTC.</param>
public readonly record struct PastView(int Item, long Time);

/// <summary>
/// Learns which types go together and which do the same, from histories, one customer after the other; their order does not matter.
/// C of (s, t) is the share of the customers who buy t for the first time with their first s or up to 30 days later, over that share after all
/// other types; only first purchases count, or whoever uses up two things would make them complements. S is the share of orders of s
/// before which t was looked at and not bought, over that share for all other types. Co-purchase alone is no complement, co-view tells them apart
/// (McAuley et al., "Inferring networks of substitutable and complementary products", KDD 2015; Hao et al., "P-Companion", CIKM 2020).
/// A complement goes from s to t unless time says the opposite (exact binomial test on who came first, where later purchases are unusual themselves)
/// or else use does: what is bought without the other far more often is the companion.
/// Time: lines + distinct types squared per customer, then types squared. Memory: one entry per pair of types that ever met.
/// </summary>
/// <param name="types">The items' types.</param>
/// <param name="settings">Null for the defaults.</param>
public sealed class TypeRelationLearner(ItemTypes types, TypeRelationSettings? settings = null)
{
    private readonly TypeRelationSettings _settings = settings ?? new TypeRelationSettings();
    private readonly PairCounter _own = new(types.TypeCount, settings ?? new TypeRelationSettings());
    private readonly PairCounter _parents = new(types.TypeCount, settings ?? new TypeRelationSettings());

    /// <summary>Adds one customer's whole history.</summary>
    /// <param name="history">The lines, earliest first.</param>
    /// <param name="views">What they looked at, earliest first; may be empty.</param>
    public void Add(ReadOnlySpan<PastPurchase> history, ReadOnlySpan<PastView> views)
    {
        _own.Add(history, views, types.Of);
        _parents.Add(history, views, item => types.Of(item) is var type and not TypeTree.None ? types.Tree.ParentOf(type) : TypeTree.None);
    }

    /// <summary>What was learned so far.</summary>
    /// <param name="content">Cosine of two types' texts, in [-1, 1]; null where texts are not known.</param>
    public TypeRelations Learn(Func<int, int, double>? content = null)
    {
        _own.Counts.Sum();
        _parents.Counts.Sum();
        var offsets = new int[types.TypeCount + 1];
        var entries = new List<TypeRelation>();
        for (var type = 0; type < types.TypeCount; type++)
        {
            entries.AddRange(Enumerable.Range(0, types.TypeCount).Where(other => other != type)
                .Select(other => Relate(type, other, content)).Where(relation => relation.Label != TypeLabel.Neutral)
                .OrderBy(relation => relation.Label).ThenByDescending(relation => relation.Complement).ThenBy(relation => relation.Type));
            offsets[type + 1] = entries.Count;
        }

        return new TypeRelations(offsets, [.. entries]);
    }

    private TypeRelation Relate(int type, int other, Func<int, int, double>? content)
    {
        if (Judge(_own.Counts, type, other) is { } own)
        {
            return own with { Type = other, Source = TypeEvidenceSource.Pair };
        }

        var (above, otherAbove) = (types.Tree.ParentOf(type), types.Tree.ParentOf(other));
        if (above != TypeTree.None && otherAbove != TypeTree.None && above != otherAbove && Judge(_parents.Counts, above, otherAbove) is { } parents)
        {
            return parents with { Type = other, Source = TypeEvidenceSource.Parents };
        }

        var label = content is not null && content(type, other) > _settings.SubstituteContent ? TypeLabel.Substitute : TypeLabel.Neutral;
        return new TypeRelation(other, label, TypeEvidenceSource.Content, 1, 1, 0);
    }

    /// <summary>Null where too little was seen.</summary>
    private TypeRelation? Judge(PairCounts counts, int type, int other)
    {
        var (purchases, views) = (counts.Purchases(type, other), counts.Views(type, other));
        var (c, s) = (purchases.Lift(_settings.Shrinkage), views.Lift(_settings.Shrinkage));
        if (!IsEnough(purchases) && !IsEnough(views) && !IsStrong(purchases, c, s) && !IsStrong(views, s, c))
        {
            return null;
        }

        var label = TypeLabel.Neutral;
        if (IsStrong(purchases, c, s) && !GoesTheOtherWay(counts, type, other))
        {
            label = TypeLabel.Complement;
        }
        else if (IsStrong(views, s, c))
        {
            label = TypeLabel.Substitute;
        }

        return new TypeRelation(other, label, TypeEvidenceSource.Pair, (float)c, (float)s, (float)purchases.Share);
    }

    private bool IsEnough(Contrast contrast) => Math.Max(contrast.Met, contrast.Expected) >= _settings.MinObservations;

    private bool IsStrong(Contrast contrast, double strength, double against) =>
        contrast.Met >= _settings.MinMet && strength >= _settings.MinStrength && strength >= _settings.MinRatio * against
        && contrast.LogLikelihoodRatio >= _settings.MinLogLikelihoodRatio + (2 * Math.Log(types.TypeCount));

    private bool GoesTheOtherWay(PairCounts counts, int type, int other)
    {
        var (count, reverse) = (counts.Get(type, other), counts.Get(other, type));
        var (there, back) = (counts.LaterPurchases(type, other), counts.LaterPurchases(other, type));
        if (IsStrong(there, there.Lift(_settings.Shrinkage), 0) || IsStrong(back, back.Lift(_settings.Shrinkage), 0))
        {
            var all = count.Later + reverse.Later;
            if (IsUnusual(count.Later, all) || IsUnusual(reverse.Later, all))
            {
                return reverse.Later > count.Later;
            }
        }

        var (alone, otherAlone) = (counts.Buyers[type] - count.Both, counts.Buyers[other] - count.Both);
        return IsUnusual(alone, alone + otherAlone);
    }

    private bool IsUnusual(long successes, long trials) => BinomialTest.AtLeast(successes, trials) < _settings.DirectionLevel;
}
