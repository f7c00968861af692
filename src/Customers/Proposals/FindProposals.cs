using Microsoft.Extensions.DependencyInjection;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Science.Linkage;

namespace Wellmet.Customers.Proposals;

/// <summary>
/// Compares all known customers with each other, and proposes who may be one person; see <see cref="RecordLinkage"/>. Where the shop chose a precision, the pairs above it
/// are merged at once, the surest first. What was read is in memory for the time of the run, and nowhere else.
/// </summary>
public sealed class FindProposals(IServiceScopeFactory scopes, Database database, ProposalStore store, ProposalStatus status, TimeProvider time, CurrentActor actor)
{
    /// <summary>Proposals that are kept, the surest of them.</summary>
    public const int Most = 5_000;

    private const int PageSize = 1_000;
    private const double LeastChance = 0.5;

    /// <param name="again">Also where it was done today.</param>
    /// <returns>Null where another node does it.</returns>
    public async Task<ProposalCard?> RunAsync(bool again, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Edit);
        var (now, started) = (time.GetUtcNow(), time.GetTimestamp());
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        if (!await store.TakeAsync(day, now, again, ct))
        {
            return null;
        }
        var failed = true;
        try
        {
            var (people, records) = await ReadAsync(ct);
            status.Report(ProposalStage.Comparing, 0, null);
            var result = await Task.Run(() => RecordLinkage.Deduplicate(records, new LinkageSettings(LeastProbability: LeastChance), Math.Max(1, Environment.ProcessorCount / 2), ct), ct);
            var apart = await store.KeptApartAsync(ct);
            var pairs = result.Pairs.Where(p => people[p.First].Demo == people[p.Second].Demo && !apart.Contains(ProposalStore.InOrder(people[p.First].Id, people[p.Second].Id)))
                .OrderByDescending(p => p.Score).ThenBy(p => p.First).ThenBy(p => p.Second).ToList();
            var merged = await store.AutomaticAsync(ct) is { } precision ? await MergeAsync(result, pairs, result.ThresholdFor(precision), people, ct) : [];
            var proposals = pairs.Where(p => !merged.Contains(p)).Take(Most).Select(p => Propose(result.Model, p, people, now)).ToList();
            await store.WriteAsync(proposals, ct);
            var card = new ProposalCard(now, time.GetElapsedTime(started), people.Count, proposals.Count, merged.Count);
            await store.FinishAsync(day, card, time.GetUtcNow(), ct);
            failed = false;
            return card;
        }
        finally
        {
            status.End(failed && !ct.IsCancellationRequested);
        }
    }

    /// <summary>Page by page, each in a scope of its own: what the gate answers is kept for a scope.</summary>
    private async Task<(List<(Guid Id, bool Demo)> People, PersonRecords Records)> ReadAsync(CancellationToken ct)
    {
        var people = new List<(Guid, bool)>();
        var records = new PersonRecordsBuilder(ProposalFields.All);
        var total = await database.ReadAsync(s => s.CountAsync("select count(*) from customers_summaries where anonymous = @anonymous", new { anonymous = false }, ct), ct);
        var after = Guid.Empty;
        while (true)
        {
            status.Report(ProposalStage.Reading, people.Count, total);
            var page = await database.ReadAsync(s => s.QueryAsync("select subject_id from customers_summaries where anonymous = @anonymous and subject_id > @after order by subject_id limit @PageSize",
                new { anonymous = false, after, PageSize }, r => r.Guid(0), ct), ct);
            if (page.Count == 0)
            {
                return (people, records.Build());
            }
            foreach (var (id, isDemo, values) in await InScopeAsync(services => services.GetRequiredService<PeopleReader>().RecordsAsync(page, ct)))
            {
                people.Add((id, isDemo));
                records.Add(values);
            }
            after = page[^1];
        }
    }

    private static MergeProposal Propose(LinkageModel model, ScoredPair pair, List<(Guid Id, bool Demo)> people, DateTimeOffset now)
    {
        var evidence = model.Explain(pair.First, pair.Second);
        var (first, other) = ProposalStore.InOrder(people[pair.First].Id, people[pair.Second].Id);
        return new MergeProposal(first, other, evidence.Probability, [.. evidence.Lines.Select(l => new ProposalLine(l.Field, l.Agreement, l.Bits))], now);
    }

    /// <summary>Merges the pairs above the threshold whose whole groups agree; answers the pairs that are one customer now.</summary>
    private async Task<HashSet<ScoredPair>> MergeAsync(LinkageResult result, List<ScoredPair> pairs, double threshold, List<(Guid Id, bool Demo)> people, CancellationToken ct)
    {
        var merged = new HashSet<ScoredPair>();
        var entities = result.Entities(threshold);
        foreach (var pair in pairs.Where(p => p.Score >= threshold && entities[p.First] == entities[p.Second]))
        {
            status.Report(ProposalStage.Merging, merged.Count, null);
            try
            {
                await InScopeAsync(services => services.GetRequiredService<MergeProposed>().RunAsync(people[pair.First].Id, people[pair.Second].Id, ct));
                merged.Add(pair);
            }
            catch (ProblemException problem) when (problem.Code == "customer_same")
            {
                merged.Add(pair);
            }
            catch (ProblemException problem) when (problem.Code is "customer_unknown" or "customer_demo")
            {
                // Erased in the meantime, or of the demo shop: left to people.
            }
        }
        return merged;
    }

    private async Task<T> InScopeAsync<T>(Func<IServiceProvider, Task<T>> use)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = actor.Value;
        return await use(scope.ServiceProvider);
    }
}
