using System.Globalization;
using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Timeline;

/// <summary>One entry of a customer's timeline.</summary>
/// <param name="Text">What it says; translated on display.</param>
/// <param name="Live">False for what an import told of the past.</param>
public sealed record TimelineLine(Guid SubjectId, long Seq, DateTimeOffset At, TimelineText Text, bool Live);

/// <summary>Reads what all subjects of a customer did from the log, newest first, page by page by key.</summary>
public sealed class ReadTimeline(Database database, EventTypes events, CurrentActor actor)
{
    private const int MostSeen = 1000;

    /// <param name="Kind">Only entries of this kind, e.g. <c>order</c>; null for all.</param>
    /// <param name="After">The cursor of the page before.</param>
    public sealed record Request(Guid CustomerId, string? Kind = null, string? After = null, int Limit = 30);

    /// <param name="Next">Null at the end. A page of a rare kind may be short, or empty, and still have a next one.</param>
    public sealed record Page(IReadOnlyList<TimelineLine> Lines, string? Next);

    /// <exception cref="ProblemException"><c>cursor_unknown</c>.</exception>
    public async Task<Page> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Read);
        var place = Place.Parse(request.After);
        var limit = Math.Clamp(request.Limit, 1, 200);
        return await database.ReadAsync(async s =>
        {
            var subjects = await CustomerLinks.SubjectsOfAsync(s, [request.CustomerId], ct);
            var lines = new List<TimelineLine>();
            for (var seen = 0; seen < MostSeen; seen += limit)
            {
                var page = await PageAsync(s, subjects, place, limit, ct);
                lines.AddRange(page.Where(l => request.Kind is null || l.Text.Kind == request.Kind).Take(limit - lines.Count));
                if (page.Count < limit)
                {
                    return new Page(lines, null);
                }
                place = lines.Count == limit ? Place.Of(lines[^1]) : Place.Of(page[^1]);
                if (lines.Count == limit)
                {
                    break;
                }
            }
            return new Page(lines, place!.ToString());
        }, ct);
    }

    /// <summary>The newest of each subject, along its index, merged.</summary>
    private async Task<List<TimelineLine>> PageAsync(Session session, List<Guid> subjects, Place? place, int limit, CancellationToken ct)
    {
        var types = events.Names.Where(events.IsTimelineEntry).ToList();
        var lines = new List<TimelineLine>();
        foreach (var subject in subjects)
        {
            var rows = await session.QueryAsync($"""
                select seq, occurred_at, type, payload, live from log_events
                where subject_id = @subject and type in @types {place?.ConditionFor(subject)} order by occurred_at desc, seq desc limit @limit
                """, new { subject, types, time = place?.At ?? DateTimeOffset.UnixEpoch, seq = place?.Seq ?? 0, limit }, r => Line(subject, r), ct);
            lines.AddRange(rows);
        }
        return [.. lines.OrderByDescending(l => l.At).ThenByDescending(l => l.SubjectId).ThenByDescending(l => l.Seq).Take(limit)];
    }

    private TimelineLine Line(Guid subject, Row r) => new(subject, r.Long(0), r.Time(1), Describe(r.Text(2), r.Text(3)), r.Bool(4));

    /// <summary>An entry that another version of the program wrote must not hide all the others.</summary>
    private TimelineText Describe(string type, string payload)
    {
        try
        {
            return ((ITimelineEntry)events.Read(type, payload)!).Describe();
        }
        catch (JsonException)
        {
            return new("unreadable", "Something happened that this version cannot read", []);
        }
    }

    /// <summary>A place in the order (time, subject, sequence number), which no two events share.</summary>
    private sealed record Place(DateTimeOffset At, Guid SubjectId, long Seq)
    {
        public static Place Of(TimelineLine line) => new(line.At, line.SubjectId, line.Seq);

        /// <summary>What of a subject's events is older than this place.</summary>
        public string ConditionFor(Guid subject) => subject.CompareTo(SubjectId) switch
        {
            < 0 => "and occurred_at <= @time",
            > 0 => "and occurred_at < @time",
            _ => "and (occurred_at, seq) < (@time, @seq)",
        };

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Clock.ToMicroseconds(At)}_{SubjectId:N}_{Seq}");

        public static Place? Parse(string? cursor)
        {
            if (string.IsNullOrEmpty(cursor))
            {
                return null;
            }
            var parts = cursor.Split('_');
            return parts.Length == 3 && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time) && Guid.TryParseExact(parts[1], "N", out var subject)
                && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var seq) && Math.Abs(time) < 250_000_000_000_000_000
                ? new Place(Clock.FromMicroseconds(time), subject, seq)
                : throw new ProblemException("cursor_unknown", "This place in the list does not exist. Start again from the first page.");
        }
    }
}
