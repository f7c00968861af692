using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Schema;

/// <summary>The definitions at one state.</summary>
/// <param name="Stamp">Which state; it grows.</param>
/// <param name="All">By name, archived ones too.</param>
public sealed record TraitSchema(long Stamp, IReadOnlyDictionary<string, TraitDefinition> All)
{
    /// <summary>The definition of a trait; of one that has none in force, that of any trait that nobody defined.</summary>
    public TraitDefinition Of(string name) => All.TryGetValue(name, out var definition) && !definition.Archived ? definition : TraitDefinition.Undefined(name);

    public bool TellsAny { get; } = All.Values.Any(d => d.IsTold);
}

/// <summary>Keeps the definitions in memory, and reads them anew when they have changed.</summary>
public sealed class TraitBook(Database database)
{
    private const string Stamp = "select value from customers_trait_states where name = 'definitions'";
    private TraitSchema? held;

    /// <summary>As this process saw them last: at its latest write, or seconds ago. What is read by an older state is read anew when it is written.</summary>
    public async ValueTask<TraitSchema> CurrentAsync(CancellationToken ct) => held ?? await ReadAsync(ct);

    /// <summary>As they are now.</summary>
    public Task<TraitSchema> ReadAsync(CancellationToken ct) => database.ReadAsync(s => ReadAsync(s, Stamp, ct), ct);

    /// <summary>As the caller's transaction finds them; nobody changes them until it ends, so nothing is told by a definition that did not hold.</summary>
    internal Task<TraitSchema> OpenAsync(Transaction tx, CancellationToken ct) => ReadAsync(tx, Stamp + tx.Pick("", " for share"), ct);

    /// <summary>Begins the next state; the caller's transaction waits here for those that tell traits, and they for it.</summary>
    internal static Task<long> ChangeAsync(Transaction tx, CancellationToken ct) =>
        tx.CountAsync("update customers_trait_states set value = value + 1 where name = 'definitions' returning value", null, ct);

    internal static Task<List<TraitDefinition>> AllAsync(Session session, CancellationToken ct) => session.QueryAsync(
        "select name, label, type, telling, sources, rule, archived, revised from customers_trait_definitions order by name", null, r => new TraitDefinition(
            r.Text(0), r.Text(1), r.Enum<TraitType>(2), r.Enum<TraitTelling>(3), r.Text(4).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(EnumText.Parse<TraitSource>).ToHashSet(),
            r.Enum<TraitRule>(5), r.Bool(6), r.Long(7)), ct);

    private async Task<TraitSchema> ReadAsync(Session session, string sql, CancellationToken ct)
    {
        var stamp = await session.CountAsync(sql, null, ct);
        if (held is { } known && known.Stamp == stamp)
        {
            return known;
        }
        var read = new TraitSchema(stamp, (await AllAsync(session, ct)).ToDictionary(d => d.Name, StringComparer.Ordinal));
        if (held is null || held.Stamp < stamp)
        {
            held = read;
        }
        return read;
    }
}
