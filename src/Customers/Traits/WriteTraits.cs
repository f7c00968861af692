using Microsoft.Extensions.DependencyInjection;
using Wellmet.Customers.Collection;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Schema;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Traits;

/// <summary>What sources said, ready to be written.</summary>
/// <param name="Keys">Of all its subjects.</param>
/// <param name="MayTell">Of whom it may be told; see <see cref="WriteTraits.AskAsync"/>.</param>
internal sealed record PreparedTraits(IReadOnlyList<TraitRun> Said, SubjectKeys Keys, IReadOnlySet<Guid> MayTell);

/// <summary>Takes what was said into the histories, and tells segments what is not personal of it, in the caller's transaction.</summary>
internal sealed class WriteTraits(TraitBook book, IServiceScopeFactory scopes, TimeProvider time)
{
    /// <summary>For what traits stand in clear: choosing people by what is known of them. Of those who object to it they stay sealed.</summary>
    public static readonly DataUse Use = new(Purpose.Personalisation);

    /// <summary>Of whom it may be told; asked only where something would be.</summary>
    public async Task<IReadOnlySet<Guid>> AskAsync(IEnumerable<TraitRun> said, CancellationToken ct)
    {
        var schema = await book.CurrentAsync(ct);
        var subjects = schema.TellsAny ? said.Where(r => schema.Of(r.Name).IsTold).Select(r => r.SubjectId).ToHashSet() : [];
        if (subjects.Count == 0)
        {
            return subjects;
        }
        // A scope of its own: the gate remembers its answers.
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        var answer = await scope.ServiceProvider.GetRequiredService<IPurposeGate>().AskAsync(Use, subjects, ct);
        return subjects.Where(s => answer[s].Allowed).ToHashSet();
    }

    public async Task RunAsync(Transaction tx, PreparedTraits prepared, CancellationToken ct)
    {
        if (prepared.Said.Count == 0)
        {
            return;
        }
        var schema = await book.OpenAsync(tx, ct);
        Guid[] subjects = [.. prepared.Said.Select(r => r.SubjectId).Distinct()];
        await CustomerLinks.LockAsync(tx, subjects, ct);
        var standing = (await TraitRun.ReadAsync(tx, subjects, [.. prepared.Said.Select(r => r.Name).Distinct()], ct)).Select(r => r.Open(prepared.Keys)).ToLookup(r => (r.SubjectId, r.Name));
        var (written, gone, told) = (new List<TraitRun>(), new List<TraitRun>(), new List<TraitRun>());
        foreach (var trait in prepared.Said.GroupBy(r => (r.SubjectId, r.Name)))
        {
            IReadOnlyList<TraitRun> before = [.. standing[trait.Key]], runs = before;
            foreach (var said in trait.OrderBy(r => r.First))
            {
                var after = TraitRuns.Add(runs, said);
                if (!ReferenceEquals(after, runs) && MayBeTold(schema.Of(said.Name), said, after))
                {
                    told.Add(said);
                }
                runs = after;
            }
            runs = TraitRuns.Bounded(runs);
            written.AddRange(runs.Except(before));
            gone.AddRange(before.ExceptBy(runs.Select(r => r.First), r => r.First));
        }
        await TraitRun.DeleteAsync(tx, gone, ct);
        await TraitRun.WriteAsync(tx, written, prepared.Keys, ct);
        Tell(tx, told.Where(r => prepared.MayTell.Contains(r.SubjectId)).Select(r => (r.First.At, schema.Of(r.Name), r)), time.GetUtcNow());
    }

    /// <summary>Tells statements that count, those of one subject, moment and import together.</summary>
    public static void Tell(Transaction tx, IEnumerable<(DateTimeOffset At, TraitDefinition Definition, TraitRun Said)> said, DateTimeOffset now, bool live = true)
    {
        foreach (var told in said.GroupBy(s => (s.Said.SubjectId, s.At, s.Said.ImportId)))
        {
            var happened = new ShopTraitsTold(told.Key.SubjectId, told.Key.At, [.. told.Select(t => TraitChoice.Told(t.Definition, t.Said))]);
            if (!live || told.Key.ImportId != Guid.Empty || told.Key.At < now - CollectionLimits.Live)
            {
                tx.AppendHistory(happened, told.Key.ImportId == Guid.Empty ? null : told.Key.ImportId);
            }
            else
            {
                tx.Append(happened);
            }
        }
    }

    /// <summary>Of two statements of the very same moment only the one that wins: of two that are told, the later one told would.</summary>
    private static bool MayBeTold(TraitDefinition definition, TraitRun said, IReadOnlyList<TraitRun> runs) => definition.IsTold && TraitChoice.Counts(definition, said)
        && !runs.Any(r => TraitChoice.Counts(definition, r) && TraitChoice.WeightOf(definition, r) == TraitChoice.WeightOf(definition, said) && (Beats(r.First, said.First) || Beats(r.Last, said.First)));

    private static bool Beats(SaidAt other, SaidAt said) => other.At.ToUnixTimeMilliseconds() == said.At.ToUnixTimeMilliseconds() && other > said;
}
