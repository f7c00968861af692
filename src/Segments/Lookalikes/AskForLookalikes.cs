using System.Text.Json;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Definitions;

namespace Wellmet.Segments.Lookalikes;

/// <summary>How a list of those like others was made, and how good the model is.</summary>
public sealed record ModelCard
{
    public DateTimeOffset At { get; init; }

    /// <summary>Of the segment that was begun with.</summary>
    public int Members { get; init; }

    /// <summary>Of them, those whose histories the model was made from, and others.</summary>
    public int Seeds { get; init; }
    public int Others { get; init; }

    /// <summary>Customers who were passed over as they object to being personalised for, or their market's rules forbid it.</summary>
    public long Objected { get; init; }

    /// <summary>Kinds of facts that were not looked at, as the rule of the seeds asks about them.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Columns of the model.</summary>
    public int Columns { get; init; }

    /// <summary>Area under the ROC curve of seeds that the model did not see, with its standard error: 0.5 is chance, 1 perfect. Null where none was made.</summary>
    public double? Auc { get; init; }
    public double? AucError { get; init; }

    /// <summary>How many are on the list.</summary>
    public int Chosen { get; init; }

    /// <summary>What distinguishes the seeds most, the strongest first.</summary>
    public IReadOnlyList<ModelReason> Reasons { get; init; } = [];

    /// <summary>Why there is no list: <c>seeds_few</c>, <c>others_few</c>, <c>no_better_than_chance</c>; null where there is one.</summary>
    public string? Refused { get; init; }
}

/// <param name="Column">See <see cref="CustomerSketch"/>.</param>
/// <param name="Weight">Difference of log odds for a standard deviation; below 0 speaks against.</param>
/// <param name="Seeds">Mean of the seeds.</param>
/// <param name="Others">Mean of the others.</param>
public sealed record ModelReason(string Column, double Weight, double Seeds, double Others);

/// <summary>A list of those like others.</summary>
/// <param name="Card">Null before it was made for the first time.</param>
public sealed record LookalikeRow(Guid SeedsId, string SeedsName, int Wanted, bool Waiting, ModelCard? Card);

/// <summary>Asks for a list of those most like the members of a segment, and for it to be made anew; <see cref="BuildLookalikes"/> makes it.</summary>
public sealed class AskForLookalikes(Database database, SaveSegment save, ListSegments segments, AuditLog audit, CurrentActor actor, TimeProvider time)
{
    public const int Least = 10, Most = 100_000;

    /// <returns>The list.</returns>
    /// <exception cref="ProblemException"><c>lookalikes_many</c>, <c>lookalike_seeds_few</c> (409), <c>segment_missing</c> (404), and what keeps a list from being made.</exception>
    public async Task<Guid> RunAsync(Guid seedsId, string name, int wanted, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Edit);
        if (wanted is < Least or > Most)
        {
            throw new ProblemException("lookalikes_many", "A list holds from {0} to {1} customers.", 400, Least, Most) { Parameter = "count" };
        }
        var seeds = await segments.OneAsync(seedsId, ct) is { State: not Members.SegmentState.Archived } there ? there : throw SaveSegment.Missing();
        if (seeds.Size < BuildLookalikes.FewestSeeds)
        {
            throw new ProblemException("lookalike_seeds_few", "{0} customers belong to it; to find others like them it takes at least {1}.", 409, seeds.Size, BuildLookalikes.FewestSeeds);
        }
        return await save.RunAsync(null, SegmentDraft.List(name, ""), ct, async (tx, listId) =>
        {
            await tx.ExecuteAsync("insert into segments_lookalikes (segment_id, seeds_id, wanted, state, asked_at, asked_by) values (@listId, @seedsId, @wanted, 'waiting', @now, @by)",
                new { listId, seedsId, wanted, now = time.GetUtcNow(), by = actor.Value.Name }, ct);
            await audit.RecordAsync(tx, "segment.lookalikes_asked", $"segment:{listId}", reason: null, ct, $"segment:{seedsId}");
        });
    }

    /// <summary>Makes the list anew from those who belong to the segment now.</summary>
    /// <exception cref="ProblemException"><c>list_missing</c> (404).</exception>
    public async Task AgainAsync(Guid listId, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Edit);
        await database.WriteAsync(async tx =>
        {
            if (await tx.ExecuteAsync("update segments_lookalikes set state = 'waiting', asked_at = @now, asked_by = @by where segment_id = @listId", new { listId, now = time.GetUtcNow(), by = actor.Value.Name }, ct) == 0)
            {
                throw Lists.TellList.Missing();
            }
            await audit.RecordAsync(tx, "segment.lookalikes_asked", $"segment:{listId}", reason: null, ct);
        }, ct);
    }

    /// <returns>Null for any other list.</returns>
    public async Task<LookalikeRow?> OfAsync(Guid listId, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        return await database.ReadAsync(s => s.FirstAsync("""
            select l.seeds_id, s.name, l.wanted, l.state, l.card from segments_lookalikes l join segments_segments s on s.segment_id = l.seeds_id where l.segment_id = @listId
            """, new { listId }, r => new LookalikeRow(r.Guid(0), r.Text(1), r.Int(2), r.Text(3) == "waiting", r.TextOrNull(4) is { } card ? JsonSerializer.Deserialize<ModelCard>(card) : null), ct), ct);
    }
}
