using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Schema;
using Wellmet.Platform.Log;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Traits;

/// <summary>
/// Tells anew what was said of traits whose definition changed: what was sealed so far, by another rule, or no more. What was told before goes out of the log, so that of a trait that turns out to be
/// personal nothing is left in clear. Page by page, each a transaction with the place that it came to; as history, so that it changes who belongs to segments and fires nothing.
/// </summary>
internal sealed class RetellTraits(Database database, KeyStore store, TraitBook book, IPurposeGate gate, EventTypes types, TimeProvider time)
{
    private const int Page = 300;

    /// <summary>Does a page.</summary>
    /// <returns>Whether there is more to do.</returns>
    public async Task<bool> RunAsync(CancellationToken ct)
    {
        var schema = await book.ReadAsync(ct);
        var (told, place) = await database.ReadAsync(s => s.FirstAsync("select value, place from customers_trait_states where name = 'told'", null, r => (r.Long(0), r.GuidOrNull(1)), ct), ct);
        if (told >= schema.Stamp)
        {
            return false;
        }
        var names = schema.All.Values.Where(d => d.Revised > told).Select(d => d.Name).ToList();
        var subjects = names.Count == 0 ? [] : await database.ReadAsync(s => s.QueryAsync("""
            select subject_id from customers_trait_history where subject_id > @after and name in @names group by subject_id order by subject_id limit @Page
            """, new { after = place ?? Guid.Empty, names, Page }, r => r.Guid(0), ct), ct);
        var step = new { told, stamp = schema.Stamp, place = place ?? Guid.Empty, begun = place is not null, last = subjects.LastOrDefault() };
        if (subjects.Count == 0)
        {
            await database.WriteAsync(tx => MoveAsync(tx, "value = @stamp, place = null", step, ct), ct);
            return true;
        }
        var keys = await store.KeysAsync(subjects, create: false, ct);
        var allowed = await AllowedAsync(subjects, ct);
        await database.WriteAsync(async tx =>
        {
            var now = await book.OpenAsync(tx, ct);
            if (now.Stamp == schema.Stamp && await MoveAsync(tx, "place = @last", step, ct))
            {
                await RetellAsync(tx, now, subjects, keys, allowed, ct);
            }
        }, ct);
        return true;
    }

    /// <summary>Those of the subjects of whom it may be told.</summary>
    public async Task<IReadOnlySet<Guid>> AllowedAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        var answer = await gate.AskAsync(WriteTraits.Use, subjects, ct);
        return subjects.Where(s => answer[s].Allowed).ToHashSet();
    }

    /// <summary>Tells everything of some subjects anew.</summary>
    /// <param name="allowed">Of whom it may be told.</param>
    public async Task RetellAsync(Transaction tx, TraitSchema schema, IReadOnlyList<Guid> subjects, SubjectKeys keys, IReadOnlySet<Guid> allowed, CancellationToken ct)
    {
        await CustomerLinks.LockAsync(tx, subjects, ct);
        var now = time.GetUtcNow();
        var ever = schema.All.Values.Where(d => d.Revised > 0).Select(d => d.Name).ToList();
        foreach (var subject in await LogHistory.ForgetAsync(tx, subjects, types.NameOf(typeof(ShopTraitsTold)), ct))
        {
            tx.AppendHistory(new ShopTraitsForgotten(subject, now, ever), null);
        }
        var runs = (await TraitRun.ReadAsync(tx, [.. subjects.Where(allowed.Contains)], ever, ct)).Select(r => r.Open(keys))
            .Where(r => schema.Of(r.Name) is { IsTold: true } definition && TraitChoice.Counts(definition, r));
        // Both ends of each run, as they were told when they were said.
        var said = runs.SelectMany(r => r.First.CompareTo(r.Last) == 0 ? [(At: r.First, Run: r)] : new[] { (At: r.First, Run: r), (At: r.Last, Run: r) }).OrderBy(s => s.At);
        WriteTraits.Tell(tx, said.Select(s => (s.At.At, schema.Of(s.Run.Name), s.Run with { First = s.At, Last = s.At })), now, live: false);
    }

    private static async Task<bool> MoveAsync(Transaction tx, string to, object step, CancellationToken ct) =>
        await tx.ExecuteAsync($"update customers_trait_states set {to} where name = 'told' and value = @told and (place = @place or (place is null and not @begun))", step, ct) == 1;
}

/// <summary>Tells anew what definitions that changed ask for.</summary>
internal sealed class RetellWorker(IServiceScopeFactory scopes, TimeProvider time, ILogger<RetellWorker> logger) : RepeatedWork("telling traits", scopes, time, logger)
{
    protected override TimeSpan Pause => TimeSpan.FromSeconds(1);

    protected override async Task<TimeSpan> RunOnceAsync(IServiceProvider services, CancellationToken ct)
    {
        // In a scope for each page: the gate remembers its answers.
        return await services.GetRequiredService<RetellTraits>().RunAsync(ct) ? TimeSpan.Zero : Pause;
    }
}
