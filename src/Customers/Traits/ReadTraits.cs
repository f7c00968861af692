using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Schema;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Traits;

/// <summary>Something that was said of a customer's trait.</summary>
/// <param name="Value">As people read it; null where the trait was taken back, or where the actor may not see it.</param>
/// <param name="Key">What the key that said it is called; null where that is not known.</param>
/// <param name="From">When it was said first.</param>
/// <param name="Until">When it was said last, before another value was.</param>
/// <param name="Counts">False where its source may not say the trait, or the value does not fit, as it is defined now.</param>
public sealed record SaidValue([property: Pii("trait")] string? Value, bool Hidden, TraitSource Source, string? Key, Guid? ImportId, DateTimeOffset From, DateTimeOffset Until, bool Counts);

/// <summary>A trait of a customer.</summary>
/// <param name="Now">What counts; null where nobody says anything, or it was taken back.</param>
/// <param name="History">Everything that was said of it, the latest first.</param>
/// <param name="SaidByStaff">Whether staff said anything of it.</param>
public sealed record CustomerTrait(TraitDefinition Definition, SaidValue? Now, IReadOnlyList<SaidValue> History, bool SaidByStaff);

/// <summary>Reads what is said of a customer, trait by trait, with all that was said before.</summary>
public sealed class ReadTraits(Database database, KeyStore store, TraitBook book, AccessKeyNames keyNames, CurrentActor actor)
{
    /// <summary>Those that say something now first, by name. Traits that are defined come even where nobody says anything, for staff to say it.</summary>
    public async Task<IReadOnlyList<CustomerTrait>> RunAsync(Guid customerId, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Read);
        var schema = await book.ReadAsync(ct);
        var rows = await database.ReadAsync(async s => await TraitRun.ReadAsync(s, await CustomerLinks.SubjectsOfAsync(s, [customerId], ct), ct), ct);
        var keys = await store.KeysAsync([.. rows.Select(r => r.Run.SubjectId).Distinct()], create: false, ct);
        var names = await keyNames.AllAsync(ct);
        var personal = actor.May(CustomersPermissions.ReadPersonal);
        var said = rows.Select(r => r.Open(keys)).ToLookup(r => r.Name);
        return [.. said.Select(g => g.Key).Union(schema.All.Values.Where(d => !d.Archived).Select(d => d.Name)).Select(name => TraitOf(schema.Of(name), [.. said[name]], names, personal))
            .OrderBy(t => t.Now is null).ThenBy(t => t.Definition.Name, StringComparer.Ordinal)];
    }

    private static CustomerTrait TraitOf(TraitDefinition definition, IReadOnlyList<TraitRun> runs, IReadOnlyDictionary<Guid, string> keys, bool personal)
    {
        var hidden = !personal && definition.Telling is not TraitTelling.Clear;
        SaidValue Said(TraitRun run) => new(hidden ? null : TextOf(definition, run), hidden && run.Value is not null, run.Source, keys.GetValueOrDefault(run.SourceId), run.ImportId == Guid.Empty ? null : run.ImportId,
            run.First.At, run.Last.At, TraitChoice.Counts(definition, run));
        var chosen = TraitChoice.Of(definition, runs);
        return new CustomerTrait(definition, chosen?.Value is null ? null : Said(chosen), [.. runs.OrderByDescending(r => r.Last).Select(Said)], runs.Any(r => r.Source is TraitSource.Staff));
    }

    private static string? TextOf(TraitDefinition definition, TraitRun run)
    {
        if (run.Value is not { } json)
        {
            return null;
        }
        var value = System.Text.Json.JsonElement.Parse(json);
        return (definition.IsDefined ? TraitChoice.ValueOf(definition, run)?.Text : null) ?? (value.ValueKind is System.Text.Json.JsonValueKind.String ? value.GetString() : json);
    }
}
