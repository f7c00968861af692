using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Rules;

/// <summary>What rules are compiled against.</summary>
/// <param name="Currency">Of the shop's first storefront: amounts are asked for in it where a rule names none; null where there is no storefront.</param>
/// <param name="Products">Null for those that the catalogue was asked about and does not know.</param>
/// <param name="Segments">The rules of all segments, which others may name.</param>
public sealed record RuleSurroundings(string? Currency, IReadOnlyDictionary<Guid, ProductLabel?> Products, IReadOnlyDictionary<Guid, Rule> Segments)
{
    /// <summary>The formulas of all computed traits, which rules may name; those that are archived, too.</summary>
    public IReadOnlyDictionary<Guid, TraitFormula> Traits { get; init; } = new Dictionary<Guid, TraitFormula>();
}

/// <summary>Makes rules ready to be asked; see <see cref="CompiledRule"/>.</summary>
public sealed class RuleCompiler(Vocabulary vocabulary)
{
    /// <summary>Segments may name each other so many deep.</summary>
    public const int MostSegmentsDeep = 5;

    private const string Product = "product";
    private static readonly string[] Amounts = ["total", "net", "amount", "refund"];

    /// <summary>The words that rules name; each must have a number before they are compiled.</summary>
    /// <exception cref="ProblemException"><c>rule_invalid</c>: segments name each other in a circle, or too deep.</exception>
    public IReadOnlySet<string> WordsOf(IEnumerable<Rule> rules, RuleSurroundings around)
    {
        var words = new HashSet<string>(StringComparer.Ordinal) { "currency" };
        foreach (var rule in rules)
        {
            DemandNoCircle(rule, around, []);
            Collect(rule, around, words);
        }
        return words;
    }

    /// <exception cref="InvalidOperationException">A word has no number.</exception>
    public CompiledRule Compile(Rule rule, RuleSurroundings around, IReadOnlyDictionary<string, int> words) => new Compilation(vocabulary, around, words).Compile(rule);

    /// <summary>What the catalogue knows of products that were ordered.</summary>
    private static Func<ProductLabel, string?>? LookupOf(string kind, string property) => kind != FactKinds.ProductOrdered ? null : property switch
    {
        "category" => p => p.Category,
        "brand" => p => p.Brand,
        "type" => p => p.Kind,
        "name" => p => p.Name,
        "sku" => p => p.Sku,
        "seller" => p => p.Seller,
        "use" => p => EnumText.Of(p.Type),
        _ => null,
    };

    /// <summary>Sums over orders take in what was added to an order later, and what is left of them also what was cancelled or came back.</summary>
    private static IReadOnlyList<string> KindsOf(FactFilter what, string? of, bool sum) => (what.Kind, of) switch
    {
        (FactKinds.OrderPlaced, "net") when sum => [FactKinds.OrderPlaced, FactKinds.OrderExtended, FactKinds.OrderCancelled, FactKinds.ItemsReturned],
        (FactKinds.OrderPlaced, "total" or "items") when sum => [FactKinds.OrderPlaced, FactKinds.OrderExtended],
        _ => [what.Kind],
    };

    private static IReadOnlyList<string> KindsOf(Did did) => KindsOf(did.What, did.Of, did.Measure == Measure.Sum);

    private static IReadOnlyList<string> KindsOf(TraitFormula formula) => KindsOf(formula.What, formula.Of, formula.Aggregation == Aggregation.Sum);

    /// <summary>Amounts of different currencies are never added up.</summary>
    private static IEnumerable<PropertyTest> AmountTests(FactFilter what, string? of, RuleSurroundings around) =>
        around.Currency is { } currency && of is not null && Amounts.Contains(of) && !what.Where.Any(t => t.Property == "currency")
            && what.Kind is FactKinds.OrderPlaced or FactKinds.OrderExtended or FactKinds.OrderCancelled or FactKinds.ItemsReturned or FactKinds.ProductOrdered
            ? [new PropertyTest("currency", new Test(TestOperator.Is, [FactValue.Of(currency)]))]
            : [];

    private static void Collect(Rule rule, RuleSurroundings around, HashSet<string> words)
    {
        void Of(FactFilter filter)
        {
            words.Add(filter.Kind);
            words.UnionWith(filter.Where.Select(t => LookupOf(filter.Kind, t.Property) is null ? t.Property : Product));
        }
        switch (rule)
        {
            case Did did:
                Of(did.What);
                words.UnionWith(KindsOf(did));
                words.UnionWith(AmountTests(did.What, did.Of, around).Select(t => t.Property));
                words.UnionWith(did.Of is { } of ? [of] : []);
                break;
            case Sequence sequence:
                sequence.Steps.Select(s => s.What).ToList().ForEach(Of);
                words.UnionWith(sequence.Same is { } same ? [same] : []);
                break;
            case Trait trait:
                words.UnionWith([FactKinds.Trait + trait.Name, FactKinds.Value, FactKinds.Weight, FactKinds.Appeared, CompiledAppearance.Anonymous]);
                break;
            case ComputedTrait computed when around.Traits.TryGetValue(computed.TraitId, out var formula):
                Of(formula.What);
                words.UnionWith(KindsOf(formula));
                words.UnionWith(AmountTests(formula.What, formula.Of, around).Select(t => t.Property));
                words.UnionWith(formula.Of is { } property ? [LookupOf(formula.What.Kind, property) is null ? property : Product] : []);
                break;
            case Listed listed:
                words.UnionWith([FactKinds.List + listed.ListId, FactKinds.Value, FactKinds.Source, FactKinds.By]);
                break;
            case InSegment other when around.Segments.TryGetValue(other.SegmentId, out var named):
                Collect(named, around, words);
                break;
            default:
                rule.Children.ToList().ForEach(r => Collect(r, around, words));
                break;
        }
    }

    private static void DemandNoCircle(Rule rule, RuleSurroundings around, IReadOnlyList<Guid> within)
    {
        if (rule is InSegment other && around.Segments.TryGetValue(other.SegmentId, out var named))
        {
            if (within.Contains(other.SegmentId) || within.Count >= MostSegmentsDeep)
            {
                throw new ProblemException("rule_invalid", "Segments name each other in a circle, or more than {0} deep.", 400, MostSegmentsDeep);
            }
            DemandNoCircle(named, around, [.. within, other.SegmentId]);
        }
        foreach (var child in rule.Children)
        {
            DemandNoCircle(child, around, within);
        }
    }

    private sealed class Compilation(Vocabulary vocabulary, RuleSurroundings around, IReadOnlyDictionary<string, int> words)
    {
        public CompiledRule Compile(Rule rule) => rule switch
        {
            Did did => new CompiledDid(did, Filter(did.What, KindsOf(did), AmountTests(did.What, did.Of, around)), did.Of is { } of ? Code(of) : null),
            Sequence sequence => new CompiledSequence(sequence, [.. sequence.Steps.Select(s => Filter(s.What, [s.What.Kind], []))], sequence.Same is { } same ? Code(same) : null),
            Trait { Name: CompiledAppearance.FirstSeen or CompiledAppearance.Anonymous } trait => new CompiledAppearance(trait, Code(FactKinds.Appeared), Code(CompiledAppearance.Anonymous)),
            Trait trait => new CompiledTrait(trait, Code(FactKinds.Trait + trait.Name), Code(FactKinds.Value), Code(FactKinds.Weight), vocabulary),
            ComputedTrait computed => around.Traits.TryGetValue(computed.TraitId, out var formula) ? new CompiledComputed(computed, Formula(formula)) : new CompiledNothing(rule),
            Listed listed => new CompiledListed(listed, Code(FactKinds.List + listed.ListId), new(Code(FactKinds.Value), Code(FactKinds.Source), Code(FactKinds.By)), vocabulary),
            InSegment other => around.Segments.TryGetValue(other.SegmentId, out var named) ? new CompiledReference(other, Compile(named)) : new CompiledNothing(rule),
            _ => new CompiledGroup(rule, [.. rule.Children.Select(r => Compile(r))]),
        };

        private int Code(string word) => words.TryGetValue(word, out var code) ? code : throw new InvalidOperationException($"The word '{word}' has no number.");

        private CompiledFilter Filter(FactFilter filter, IReadOnlyList<string> kinds, IEnumerable<PropertyTest> more) =>
            new([.. kinds.Select(Code)], [.. filter.Where.Concat(more).Select(t => TestOf(filter.Kind, t))]);

        private CompiledFormula Formula(TraitFormula formula) => new(formula, Filter(formula.What, KindsOf(formula), AmountTests(formula.What, formula.Of, around)),
            formula.Of is { } of ? new CompiledProperty(Code(LookupOf(formula.What.Kind, of) is null ? of : Product), vocabulary, Lookup(formula.What.Kind, of)) : null);

        private CompiledTest TestOf(string kind, PropertyTest test) => new(Code(LookupOf(kind, test.Property) is null ? test.Property : Product), test.Test, vocabulary, Lookup(kind, test.Property));

        /// <summary>What the catalogue says of a product's id; null where the property stands in the fact itself.</summary>
        private Func<string, string?>? Lookup(string kind, string property) => LookupOf(kind, property) is { } lookup
            ? word => Guid.TryParse(word, out var id) && around.Products.GetValueOrDefault(id) is { } label ? lookup(label) : null
            : null;
    }
}
