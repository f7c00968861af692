using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Audit;

/// <summary>One page of the audit log, newest first.</summary>
public sealed class ListAudit(Database database, CurrentActor actor)
{
    public const int PageSize = 50;
    private const int MaxFilter = 100;

    /// <param name="Actor">A staff id, <c>system</c> or <c>anonymous</c>; all where null.</param>
    /// <param name="Action">The beginning of an action, e.g. <c>sign_in.</c>.</param>
    /// <param name="From">First day (UTC).</param>
    /// <param name="To">Last day (UTC).</param>
    /// <param name="Before">The last entry of the page before.</param>
    public sealed record Request(string? Actor = null, string? Action = null, DateOnly? From = null, DateOnly? To = null, Guid? Before = null);

    public Task<List<AuditEntry>> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ReadAudit);
        if (request.Actor?.Length > MaxFilter || request.Action?.Length > MaxFilter)
        {
            throw new ProblemException("filter_long", "A filter may have at most {0} characters.", 400, MaxFilter);
        }
        var filters = new List<string> { "1 = 1" };
        if (!string.IsNullOrWhiteSpace(request.Actor))
        {
            filters.Add("e.actor = @who");
        }
        if (!string.IsNullOrWhiteSpace(request.Action))
        {
            filters.Add("e.action >= @action and e.action < @actionEnd");
        }
        if (request.From is not null)
        {
            filters.Add("e.at >= @since");
        }
        var until = request.To < DateOnly.MaxValue ? StartOf(request.To?.AddDays(1)) : null;
        if (until is not null)
        {
            filters.Add("e.at < @until");
        }
        if (request.Before is not null)
        {
            filters.Add("(e.at, e.id) < (select b.at, b.id from audit_entries b where b.id = @before)");
        }
        return database.ReadAsync(s => s.QueryAsync(
            $"select {AuditEntry.Selected} from audit_entries e where {string.Join(" and ", filters)} order by e.at desc, e.id desc limit @most",
            new
            {
                who = request.Actor?.Trim(),
                action = request.Action?.Trim(),
                actionEnd = request.Action?.Trim() + "\uffff",
                since = StartOf(request.From),
                until,
                before = request.Before,
                most = PageSize,
            }, AuditEntry.Read, ct), ct);
    }

    private static DateTimeOffset? StartOf(DateOnly? day) => day is { } d ? new DateTimeOffset(d.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;
}
