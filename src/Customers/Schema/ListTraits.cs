using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Schema;

/// <summary>A trait and how many have it.</summary>
/// <param name="Customers">Of whom anything was ever said of it, and not forgotten since.</param>
public sealed record TraitUse(TraitDefinition Definition, long Customers);

/// <summary>Lists the shop's traits: those it defined, and those that are said without a definition.</summary>
public sealed class ListTraits(Database database, TraitBook book, TraitCounts counts, CurrentActor actor)
{
    private const int MostUndefined = 100;

    /// <param name="Defined">By name, archived ones too.</param>
    /// <param name="Seen">Said and not defined: those that most customers have.</param>
    /// <param name="Telling">Whether values that stand already are still being told, or taken back, for segments.</param>
    public sealed record Answer(IReadOnlyList<TraitUse> Defined, IReadOnlyList<TraitUse> Seen, bool Telling);

    public async Task<Answer> RunAsync(CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Read);
        var schema = await book.ReadAsync(ct);
        var used = await counts.ReadAsync(ct);
        var told = await database.ReadAsync(s => s.CountAsync("select value from customers_trait_states where name = 'told'", null, ct), ct);
        return new Answer(
            [.. schema.All.Values.OrderBy(d => d.Name, StringComparer.Ordinal).Select(d => new TraitUse(d, used.GetValueOrDefault(d.Name)))],
            [.. used.Where(u => !schema.All.ContainsKey(u.Key) && !Traits.StatedTrait.IsOfProfile(u.Key)).OrderByDescending(u => u.Value).ThenBy(u => u.Key, StringComparer.Ordinal).Take(MostUndefined)
                .Select(u => new TraitUse(TraitDefinition.Undefined(u.Key), u.Value))],
            schema.All.Values.Any(d => d.Revised > told));
    }

    /// <summary>The definition of a trait; of one that has none, what a first one could be: the name as words, and the type that its values look like stays to be chosen.</summary>
    public async Task<TraitDefinition> OneAsync(string name, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Read);
        return (await book.ReadAsync(ct)).All.GetValueOrDefault(name) ?? TraitDefinition.Undefined(name) with { Label = LabelOf(name) };
    }

    private static string LabelOf(string name) => name.Length == 0 ? "" : char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' ');
}

/// <summary>How many customers have each trait. Counting reads an index from end to end, so it is done at most every few seconds.</summary>
public sealed class TraitCounts(Database database, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private (DateTimeOffset At, IReadOnlyDictionary<string, long> Counts)? held;

    public async Task<IReadOnlyDictionary<string, long>> ReadAsync(CancellationToken ct)
    {
        if (held is { } known && time.GetUtcNow() - known.At < Fresh)
        {
            return known.Counts;
        }
        var counts = (await database.ReadAsync(s => s.QueryAsync("""
            select h.name, count(distinct l.customer_id) from customers_trait_history h join customers_links l on l.subject_id = h.subject_id group by h.name
            """, null, r => (r.Text(0), r.Long(1)), ct), ct)).ToDictionary(c => c.Item1, c => c.Item2, StringComparer.Ordinal);
        held = (time.GetUtcNow(), counts);
        return counts;
    }
}
