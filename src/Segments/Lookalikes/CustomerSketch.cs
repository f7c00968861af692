using Wellmet.Platform.Storage;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Lifecycles;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Lookalikes;

/// <summary>What a customer's histories hold, as numbers by name: <c>orders</c>, <c>spent</c>, <c>kind:Product Viewed</c>, <c>category:Lamps</c>…; what is not there is 0.</summary>
/// <param name="IsKnown">Whether somebody is known behind the visits.</param>
internal sealed record CustomerSketch(bool IsKnown, IReadOnlyDictionary<string, double> Values);

/// <summary>Makes sketches.</summary>
/// <param name="around">The catalogue, for the groups of products; the currency in which is added up.</param>
/// <param name="leftOut">Kinds of facts that are not looked at: what the rule of the seeds itself asks about, as a model with them would find that rule again and nothing else.</param>
/// <param name="now">Milliseconds since 1970.</param>
internal sealed class SketchMaker(Vocabulary vocabulary, RuleSurroundings around, IReadOnlySet<string> leftOut, long now)
{
    private const double Day = 86_400_000;

    /// <summary>Kinds that say how much somebody bought: together, as one follows from the other.</summary>
    private static readonly HashSet<string> Buying =
    [
        FactKinds.OrderPlaced, FactKinds.OrderExtended, FactKinds.OrderCancelled, FactKinds.ItemsReturned, FactKinds.ParcelSent, FactKinds.ParcelDelivered,
    ];

    private static readonly HashSet<string> ScoreTraits = [.. CustomerScore.TraitsOf(null).Select(t => t.Name)];

    private readonly bool buyingLeftOut = leftOut.Overlaps(Buying);

    /// <summary>What a rule asks about, by the names of kinds; of segments and computed traits that it names, and of scores that are made of orders, too.</summary>
    public static HashSet<string> AskedBy(Rule rule, RuleSurroundings around, int deep = 0) => rule switch
    {
        Did did => [did.What.Kind],
        Sequence sequence => [.. sequence.Steps.Select(s => s.What.Kind)],
        // That somebody is known is asked of every segment, and of everybody who is looked at.
        Trait { Name: CompiledAppearance.Anonymous } => [],
        Trait trait when ScoreTraits.Contains(trait.Name) => [FactKinds.OrderPlaced],
        Trait trait => [FactKinds.Trait + trait.Name],
        ComputedTrait computed when around.Traits.TryGetValue(computed.TraitId, out var formula) => [formula.What.Kind],
        InSegment other when deep < RuleCompiler.MostSegmentsDeep && around.Segments.TryGetValue(other.SegmentId, out var named) => AskedBy(named, around, deep + 1),
        _ => [.. rule.Children.SelectMany(r => AskedBy(r, around, deep))],
    };

    /// <param name="histories">Of all subjects of a customer.</param>
    public CustomerSketch Of(IEnumerable<byte[]> histories)
    {
        var facts = histories.SelectMany(PackedHistory.Unpack).Where(f => f.At <= now).Select(f => (Kind: vocabulary.Word(f.Kind), f.At, f.Properties)).ToList();
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        void Add(string name, double value) => values[name] = values.GetValueOrDefault(name) + value;
        var known = false;
        foreach (var (kind, at, packed) in facts)
        {
            var properties = Read(packed);
            if (kind == FactKinds.Appeared)
            {
                known |= !(properties.TryGetValue(CompiledAppearance.Anonymous, out var anonymous) && anonymous.Truth is true);
            }
            else if (kind.StartsWith(FactKinds.Trait, StringComparison.Ordinal))
            {
                if (kind is FactKinds.Trait + "country" or FactKinds.Trait + "locale" && !leftOut.Contains(kind) && properties.TryGetValue(FactKinds.Value, out var said))
                {
                    values[kind[FactKinds.Trait.Length..] + ":" + said] = 1;
                }
            }
            else if (kind == FactKinds.ProductOrdered)
            {
                AddProduct(properties, Add);
            }
            else if (Buying.Contains(kind) && !buyingLeftOut)
            {
                AddBuying(kind, properties, Add);
            }
            else if (!Buying.Contains(kind) && !kind.StartsWith(FactKinds.List, StringComparison.Ordinal) && !leftOut.Contains(kind))
            {
                Add("kind:" + kind, 1);
            }
        }
        Shares(values);
        AddTimes(facts.Select(f => (f.Kind, f.At)).ToList(), values);
        return new CustomerSketch(known, values);
    }

    private void AddProduct(Dictionary<string, FactValue> properties, Action<string, double> add)
    {
        if (buyingLeftOut || leftOut.Contains(FactKinds.ProductOrdered) || !properties.TryGetValue("product", out var id) || !Guid.TryParse(id.Text, out var product) || around.Products.GetValueOrDefault(product) is not { } label)
        {
            return;
        }
        add("products", 1);
        foreach (var (name, value) in new[] { ("category", label.Category), ("brand", label.Brand), ("type", label.Kind) })
        {
            if (!string.IsNullOrEmpty(value))
            {
                add(name + ":" + value, 1);
            }
        }
    }

    private void AddBuying(string kind, Dictionary<string, FactValue> properties, Action<string, double> add)
    {
        if (kind is FactKinds.OrderPlaced)
        {
            add("orders", 1);
            add("items", (double)(properties.GetValueOrDefault("items").Number ?? 0));
        }
        if (properties.TryGetValue("net", out var net) && (around.Currency is null || properties.GetValueOrDefault("currency").Text == around.Currency))
        {
            add("spent", (double)(net.Number ?? 0));
        }
        if (kind is FactKinds.OrderCancelled or FactKinds.ItemsReturned)
        {
            add("taken_back", 1);
        }
    }

    /// <summary>Of what somebody bought the parts, not the numbers: how much it was is said apart.</summary>
    private static void Shares(Dictionary<string, double> values)
    {
        if (values.Remove("products", out var products))
        {
            foreach (var name in values.Keys.Where(k => k.StartsWith("category:", StringComparison.Ordinal) || k.StartsWith("brand:", StringComparison.Ordinal) || k.StartsWith("type:", StringComparison.Ordinal)).ToList())
            {
                values[name] /= products;
            }
        }
    }

    private void AddTimes(List<(string Kind, long At)> facts, Dictionary<string, double> values)
    {
        if (!leftOut.Contains(FactKinds.Appeared) && !leftOut.Contains(FactKinds.Trait + CompiledAppearance.FirstSeen) && facts.Count > 0)
        {
            values["days_known"] = (now - facts.Min(f => f.At)) / Day;
        }
        if (!buyingLeftOut && facts.Where(f => f.Kind == FactKinds.OrderPlaced).Select(f => f.At).DefaultIfEmpty(long.MinValue).Max() is > long.MinValue and var last)
        {
            // 1 just now, half after two months, 0 for never.
            values["lately"] = Math.Exp(-(now - last) / Day / 90);
        }
    }

    private Dictionary<string, FactValue> Read(ReadOnlyMemory<byte> packed)
    {
        var properties = new Dictionary<string, FactValue>(StringComparer.Ordinal);
        var reader = new PropertyReader(packed.Span);
        while (reader.MoveNext())
        {
            properties[vocabulary.Word(reader.Name)] = reader.Value(vocabulary);
        }
        return properties;
    }
}

/// <summary>The columns of a model: those that enough of the examples have.</summary>
/// <param name="Names">See <see cref="CustomerSketch"/>.</param>
internal sealed record SketchColumns(IReadOnlyList<string> Names)
{
    /// <summary>Most columns of one kind, the commonest first.</summary>
    private const int MostOfKind = 25;

    /// <summary>Fewest examples that have a column.</summary>
    private const int Fewest = 10;

    public static SketchColumns Of(IEnumerable<CustomerSketch> sketches) => new([.. sketches.SelectMany(s => s.Values.Keys).CountBy(k => k).Where(c => c.Value >= Fewest)
        .GroupBy(c => c.Key.IndexOf(':', StringComparison.Ordinal) is var cut and > 0 ? c.Key[..cut] : "").SelectMany(g => g.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(MostOfKind))
        .Select(c => c.Key).Order(StringComparer.Ordinal)]);

    /// <summary>Numbers that may be large as ln(1 + number), so that few do not outweigh all; shares and what is or is not as they are.</summary>
    public double[] Row(CustomerSketch sketch) => [.. Names.Select(n => sketch.Values.GetValueOrDefault(n) is var value && IsLarge(n) ? Math.Log(1 + Math.Max(0, value)) : value)];

    private static bool IsLarge(string name) => name != "lately" && !name.Contains(':', StringComparison.Ordinal) || name.StartsWith("kind:", StringComparison.Ordinal);
}
