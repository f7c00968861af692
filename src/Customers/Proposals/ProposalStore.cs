using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Joining;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Proposals;

/// <summary>What a day's comparison came to.</summary>
/// <param name="Customers">Who were compared.</param>
/// <param name="Found">Proposals that a person may decide.</param>
/// <param name="Merged">Pairs that were merged automatically.</param>
public sealed record ProposalCard(DateTimeOffset MadeAt, TimeSpan Took, int Customers, int Found, int Merged);

/// <summary>Keeps proposals, the card of each day's run, and the precision from which on nobody is asked.</summary>
public sealed class ProposalStore(Database database)
{
    internal const int Whole = 1_000_000;
    private const int PageSize = 300, DeletedAtOnce = 1_000;

    /// <summary>What has not come to its end by then broke off with its node, and another one takes it up.</summary>
    private static readonly TimeSpan GivenUp = TimeSpan.FromHours(6);

    private static readonly BulkInsert<MergeProposal> Rows = new("customers_proposals",
        new("subject_id", typeof(Guid), p => p.FirstId),
        new("other_id", typeof(Guid), p => p.OtherId),
        new("proposal_id", typeof(Guid), p => p.ProposalId),
        new("chance", typeof(int), p => (int)(p.Chance * Whole)),
        new("evidence", typeof(Json), p => new Json(JsonSerializer.Serialize(p.Lines))),
        new("state", typeof(string), _ => EnumText.Of(ProposalState.Open)),
        new("found_at", typeof(DateTimeOffset), p => p.FoundAt))
    {
        OnConflict = """
            on conflict (subject_id, other_id) do update set chance = excluded.chance, evidence = excluded.evidence, found_at = excluded.found_at
              where customers_proposals.state = excluded.state
            """,
    };

    internal const string Columns = "p.subject_id, p.other_id, p.chance, p.evidence, p.found_at, p.proposal_id";

    internal static MergeProposal Read(Row r) => new(r.Guid(0), r.Guid(1), r.Long(2) / (double)Whole, JsonSerializer.Deserialize<List<ProposalLine>>(r.Text(3))!, r.Time(4)) { ProposalId = r.Guid(5) };

    /// <summary>Takes the day for this node; false where it is done or another one does it, unless it is asked for <paramref name="again"/>.</summary>
    internal async Task<bool> TakeAsync(DateOnly day, DateTimeOffset now, bool again, CancellationToken ct) => await database.WriteAsync(tx => tx.ExecuteAsync("""
        insert into customers_proposal_runs (day, started_at) values (@day, @now)
        on conflict (day) do update set started_at = excluded.started_at
          where @again or (customers_proposal_runs.finished_at is null and customers_proposal_runs.started_at < @givenUp)
        """, new { day, now, again, givenUp = now - GivenUp }, ct), ct) > 0;

    /// <summary>Writes what was found, page by page; not of people who were erased or merged in the meantime.</summary>
    internal async Task WriteAsync(IReadOnlyList<MergeProposal> proposals, CancellationToken ct)
    {
        foreach (var page in proposals.Chunk(PageSize))
        {
            await database.WriteAsync(async tx =>
            {
                var ids = page.SelectMany(p => new[] { p.FirstId, p.OtherId }).Distinct().ToList();
                await CustomerLinks.LockAsync(tx, ids, ct);
                var living = (await tx.QueryAsync("""
                    select s.subject_id from customers_subjects s join customers_links l on l.subject_id = s.subject_id and l.customer_id = s.subject_id
                    where s.subject_id in @ids and s.erased_at is null
                    """, new { ids }, r => r.Guid(0), ct)).ToHashSet();
                await Rows.RunAsync(tx, [.. page.Where(p => living.Contains(p.FirstId) && living.Contains(p.OtherId))], ct);
            }, ct);
        }
    }

    /// <summary>Keeps the card, and lets go of what was not found again.</summary>
    internal async Task FinishAsync(DateOnly day, ProposalCard card, DateTimeOffset finishedAt, CancellationToken ct)
    {
        var open = EnumText.Of(ProposalState.Open);
        while (await database.WriteAsync(tx => tx.ExecuteAsync($"""
            delete from customers_proposals where (subject_id, other_id) in
              (select subject_id, other_id from customers_proposals where state = @open and found_at < @MadeAt limit {DeletedAtOnce})
            """, new { open, card.MadeAt }, ct), ct) > 0)
        {
        }
        await database.WriteAsync(tx => tx.ExecuteAsync("update customers_proposal_runs set finished_at = @finishedAt, card = @json where day = @day",
            new { day, finishedAt, json = new Json(JsonSerializer.Serialize(card)) }, ct), ct);
    }

    /// <summary>Of the last run that came to its end; null before the first one.</summary>
    internal Task<ProposalCard?> CardAsync(CancellationToken ct) => database.ReadAsync(s => s.FirstAsync(
        "select card from customers_proposal_runs where card is not null order by day desc limit 1", null, r => JsonSerializer.Deserialize<ProposalCard>(r.Text(0)), ct), ct);

    /// <summary>Pairs of customers whom somebody keeps apart: refused, or merged and taken apart again by people. By the customers they belong to now.</summary>
    internal Task<HashSet<(Guid, Guid)>> KeptApartAsync(CancellationToken ct) => database.ReadAsync(async s =>
    {
        var pairs = await s.QueryAsync("""
            select subject_id, other_id from customers_proposals where state = @refused
            union select subject_id, kept_id from customers_merge_log where action = 'unmerged' and actor <> @Actor
            """, new { JoinSubjects.Actor, refused = EnumText.Of(ProposalState.Refused) }, r => (One: r.Guid(0), Other: r.Guid(1)), ct);
        var customers = await CustomerLinks.CustomersOfAsync(s, [.. pairs.SelectMany(p => new[] { p.One, p.Other })], ct);
        return pairs.Select(p => InOrder(customers[p.One], customers[p.Other])).ToHashSet();
    }, ct);

    /// <summary>The lower id first, as the database orders them.</summary>
    internal static (Guid First, Guid Other) InOrder(Guid one, Guid other) => one.CompareTo(other) < 0 ? (one, other) : (other, one);

    /// <summary>The precision from which on proposals are accepted automatically; null where a person decides each.</summary>
    internal Task<double?> AutomaticAsync(CancellationToken ct) => database.ReadAsync(async s => (await s.QueryAsync(
        "select precision_wished from customers_proposal_settings where id = 1", null, r => (double?)r.Long(0) / Whole, ct)).FirstOrDefault(), ct);

    internal static Task SetAutomaticAsync(Transaction tx, double? precision, CancellationToken ct) => precision is { } wished
        ? tx.ExecuteAsync("insert into customers_proposal_settings (id, precision_wished) values (1, @wished) on conflict (id) do update set precision_wished = excluded.precision_wished",
            new { wished = (int)Math.Round(wished * Whole) }, ct)
        : tx.ExecuteAsync("delete from customers_proposal_settings where id = 1", null, ct);
}
