using System.Globalization;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Science.Lifecycles;
using Wellmet.Segments.Contract;

namespace Wellmet.Segments.Lifecycles;

/// <summary>How far the scoring is, and what the last one counted.</summary>
/// <param name="Running">Somebody is at it, or asked for it.</param>
/// <param name="FinishedAt">Null before the first.</param>
public sealed record Scoring(bool Running, DateTimeOffset? FinishedAt, ScoringFigures? Figures);

/// <summary>Reads scores: the figures, who has which, and those of one customer.</summary>
public sealed class ReadScores(Database database, ICustomers customers, CurrentActor actor, TimeProvider time)
{
    private static readonly (string, string) Key = ("spent", "subject_id");

    /// <summary>Which ones; null for any.</summary>
    /// <param name="Cells">Each ten times the score of recency and that of value.</param>
    public sealed record Request(LifecycleStage? Stage = null, IReadOnlyCollection<int>? Cells = null, string? After = null, string? Before = null, int Limit = 50);

    /// <param name="Previous">Cursors of the pages around; null where there is none.</param>
    public sealed record Page(IReadOnlyList<CustomerScore> Rows, string? Previous, string? Next);

    public async Task<Scoring> RunAsync(CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        return (await database.ReadAsync(s => s.FirstAsync("select asked_at, begun_at, finished_at, figures from segments_scorings where id = 1", null,
            r => new Scoring(r.TimeOrNull(0) is not null || r.TimeOrNull(1) is not null, r.TimeOrNull(2), r.TextOrNull(3) is { } json ? ScoringFigures.Read(json) : null), ct), ct))!;
    }

    /// <summary>How many were in each stage, day by day, the earliest first; of the last year.</summary>
    public async Task<IReadOnlyList<(DateOnly Day, LifecycleStage Stage, long Customers)>> StagesAsync(CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        var since = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-365);
        return await database.ReadAsync(s => s.QueryAsync("select day, stage, customers from segments_stages where day >= @since order by day", new { since }, r => (r.Day(0), r.Enum<LifecycleStage>(1), r.Long(2)), ct), ct);
    }

    /// <summary>Those who spent most first, page by page by key.</summary>
    /// <exception cref="Platform.ProblemException"><c>cursor_unknown</c>.</exception>
    public async Task<Page> ListAsync(Request request, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        actor.Demand(CustomersPermissions.Read);
        var paging = new KeyPaging(request.After, request.Before, request.Limit);
        var found = await database.ReadAsync(s => s.QueryAsync($"""
            select {CustomerScore.Columns} from segments_scores where true {(request.Stage is null ? "" : "and stage = @stage")} {(request.Cells is null ? "" : "and cell in @cells")}
            {paging.Condition(Key, descending: true)} {paging.Order(Key, descending: true)} limit @limit
            """, new { stage = request.Stage ?? LifecycleStage.Active, cells = request.Cells ?? [], at = paging.At?.Number ?? 0, id = paging.At?.Id ?? Guid.Empty, limit = paging.Rows }, CustomerScore.Read, ct), ct);
        var (rows, previous, next) = paging.Cut(found, c => new Cursor(c.SpentMinor.ToString(CultureInfo.InvariantCulture), c.CustomerId));
        return new Page(rows, previous, next);
    }

    /// <param name="subject">The customer's id, or that of any of their subjects.</param>
    /// <returns>Null for who was not scored yet.</returns>
    public async Task<CustomerScore?> OneAsync(Guid subject, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        actor.Demand(CustomersPermissions.Read);
        var customer = (await customers.CustomersOfAsync([subject], ct)).GetValueOrDefault(subject, subject);
        return await database.ReadAsync(s => s.FirstAsync($"select {CustomerScore.Columns} from segments_scores where subject_id = @customer", new { customer }, CustomerScore.Read, ct), ct);
    }
}
