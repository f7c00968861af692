using Wellmet.Platform.Storage;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Histories;

/// <summary>What the shop's histories hold, for whoever writes a rule: what happens, what is said of it, and which words are common there. The commonest first.</summary>
/// <param name="Kinds">Events by name; without traits and lists.</param>
/// <param name="Traits">Names of traits.</param>
/// <param name="Properties">By kind.</param>
/// <param name="Values">By kind and property; of traits by <c>trait:</c> and the name, and <c>value</c>.</param>
public sealed record HistoryOutline(IReadOnlyList<string> Kinds, IReadOnlyList<string> Traits, ILookup<string, string> Properties, ILookup<(string Kind, string Property), string> Values);

/// <summary>Reads the outline off the latest histories, and keeps it for a while.</summary>
public sealed class OutlineReader(Database database, Vocabulary vocabulary, SegmentBook book, TimeProvider time)
{
    private const int Histories = 2_000, MostValues = 100;

    /// <summary>A word that one person alone has may be about that person.</summary>
    private const int FewestPeople = 2;

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(2);
    private (DateTimeOffset At, HistoryOutline Outline)? held;

    public async Task<HistoryOutline> RunAsync(CancellationToken ct)
    {
        if (held is { } kept && time.GetUtcNow() - kept.At < Fresh)
        {
            return kept.Outline;
        }
        // The latest: ids begin with the time.
        var histories = await database.ReadAsync(s => s.QueryAsync("select facts from segments_histories order by subject_id desc limit @Histories", new { Histories }, r => r.Bytes(0), ct), ct);
        await database.ReadAsync(s => vocabulary.ReadAsync(s, ct), ct);
        var count = new Counts();
        foreach (var history in histories)
        {
            Count(history, count);
        }
        AddCatalogue((await book.OpenAsync(ct)).Around, count);
        var outline = count.Outline();
        held = (time.GetUtcNow(), outline);
        return outline;
    }

    private void Count(byte[] history, Counts count)
    {
        // Each word once for each person.
        var (kinds, properties, values) = (new HashSet<string>(), new HashSet<(string, string)>(), new HashSet<(string, string, string)>());
        foreach (var fact in PackedHistory.Unpack(history))
        {
            var kind = vocabulary.Word(fact.Kind);
            if (kind.StartsWith(FactKinds.List, StringComparison.Ordinal))
            {
                continue;
            }
            kinds.Add(kind);
            var reader = new PropertyReader(fact.Properties.Span);
            while (reader.MoveNext())
            {
                var name = vocabulary.Word(reader.Name);
                properties.Add((kind, name));
                if (reader.Type == PackedType.Word)
                {
                    values.Add((kind, name, vocabulary.Word(reader.Word)));
                }
            }
        }
        count.Kinds.AddRange(kinds);
        count.Properties.AddRange(properties);
        count.Values.AddRange(values);
    }

    /// <summary>Of a product that was ordered the catalogue says more, and the number of the product nobody types.</summary>
    private static void AddCatalogue(RuleSurroundings around, Counts count)
    {
        const string kind = FactKinds.ProductOrdered;
        if (!count.Kinds.Contains(kind))
        {
            return;
        }
        count.Properties.RemoveAll(p => p == (kind, "product"));
        count.Values.RemoveAll(v => v.Kind == kind && v.Property == "product");
        foreach (var product in around.Products.Values.Where(p => p is { Active: true }))
        {
            foreach (var (name, value) in new[] { ("category", product!.Category), ("brand", product.Brand), ("type", product.Kind), ("seller", product.Seller), ("name", product.Name), ("sku", product.Sku) })
            {
                if (!string.IsNullOrEmpty(value))
                {
                    // Twice, as it is about nobody.
                    count.Properties.AddRange([(kind, name), (kind, name)]);
                    count.Values.AddRange([(kind, name, value), (kind, name, value)]);
                }
            }
        }
    }

    private sealed class Counts
    {
        public List<string> Kinds { get; } = [];
        public List<(string Kind, string Property)> Properties { get; } = [];
        public List<(string Kind, string Property, string Value)> Values { get; } = [];

        public HistoryOutline Outline()
        {
            var kinds = Commonest(Kinds, k => k, 1).ToList();
            return new HistoryOutline(
                [.. kinds.Where(k => !k.StartsWith(FactKinds.Trait, StringComparison.Ordinal))],
                [.. kinds.Where(k => k.StartsWith(FactKinds.Trait, StringComparison.Ordinal)).Select(k => k[FactKinds.Trait.Length..])],
                Commonest(Properties, p => p.Property, 1).ToLookup(p => p.Kind, p => p.Property),
                Commonest(Values, v => v.Value, FewestPeople).GroupBy(v => (v.Kind, v.Property)).SelectMany(g => g.Take(MostValues)).ToLookup(v => (v.Kind, v.Property), v => v.Value));
        }

        private static IEnumerable<T> Commonest<T>(List<T> seen, Func<T, string> name, int fewest) where T : notnull =>
            seen.CountBy(s => s).Where(c => c.Value >= fewest).OrderByDescending(c => c.Value).ThenBy(c => name(c.Key), StringComparer.OrdinalIgnoreCase).Select(c => c.Key);
    }
}
