using System.Globalization;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Log;

/// <summary>An event as it stands in the log.</summary>
public sealed record LogEntry(Guid SubjectId, long Seq, ILogEvent Event, DateTimeOffset RecordedAt, bool Live);

/// <summary>
/// Reads the log backwards, what was recorded last first, page by page. The partitions (or the subjects, where some are chosen) are strands, each
/// in the order of its sequence numbers; the page is their merge by time. What comes in later does not move the pages.
/// </summary>
public sealed class LogTail(Database database, EventTypes types)
{
    /// <summary>Places of the log that one page looks at; then it ends, short or empty, with a cursor.</summary>
    public const int MostLooked = 50_000;

    private const int FirstStep = 64, LargestStep = 8192, MostRows = 500;

    /// <summary>How far the clocks of two nodes may lie apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(10);

    /// <param name="Wanted">Types of events.</param>
    /// <param name="Subjects">Only theirs; null for everybody's.</param>
    /// <param name="From">Recorded at or after.</param>
    /// <param name="Before">Recorded before.</param>
    /// <param name="Fits">Which of them are on the page.</param>
    /// <param name="After">The cursor of the page before.</param>
    public sealed record Request(
        IReadOnlyCollection<Type> Wanted, IReadOnlyCollection<Guid>? Subjects, DateTimeOffset? From, DateTimeOffset? Before, Func<ILogEvent, bool> Fits, string? After, int Limit);

    /// <param name="Next">Null at the end.</param>
    public sealed record Page(IReadOnlyList<LogEntry> Entries, string? Next);

    /// <exception cref="ProblemException"><c>cursor_unknown</c>.</exception>
    public Task<Page> RunAsync(Request request, CancellationToken ct) => database.ReadAsync(async session =>
    {
        var strands = await StrandsAsync(session, request, ct);
        var names = request.Wanted.Select(types.NameOf).ToArray();
        var entries = new List<LogEntry>();
        var looked = 0;
        while (entries.Count < request.Limit)
        {
            foreach (var strand in strands.Where(s => s.IsDry))
            {
                while (strand.IsDry && looked < MostLooked)
                {
                    looked += await FillAsync(session, strand, names, ct);
                }
            }
            if (strands.TrueForAll(s => s.Waiting.Count == 0) || strands.Exists(s => s.IsDry))
            {
                break;
            }
            var newest = strands.Where(s => s.Waiting.Count > 0).MaxBy(s => (s.Waiting.Peek().RecordedAt, s.Waiting.Peek().SubjectId))!;
            var entry = newest.Take();
            if (entry.RecordedAt < request.From - Skew)
            {
                newest.End();
            }
            else if (!(entry.RecordedAt < request.From) && !(entry.RecordedAt >= request.Before) && request.Fits(entry.Event))
            {
                entries.Add(entry);
            }
        }
        return new Page(entries, strands.TrueForAll(s => s.IsAtEnd) ? null : string.Join('.', strands.Select(s => s.Position.ToString(CultureInfo.InvariantCulture))));
    }, ct);

    private static async Task<List<Strand>> StrandsAsync(Session session, Request request, CancellationToken ct)
    {
        var heads = (await session.QueryAsync("select partition, head from log_partitions", null, r => (Partition: r.Int(0), Head: r.Long(1)), ct)).ToDictionary(h => h.Partition, h => h.Head);
        List<Strand> strands = request.Subjects is { } subjects
            ? [.. subjects.Distinct().Order().Select(s => new Strand(Partitions.Of(s), s))]
            : [.. heads.Keys.Order().Select(p => new Strand(p, null))];
        var places = request.After?.Split('.').Select(p => long.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : throw Unknown()).ToList();
        if (places is not null && places.Count != strands.Count)
        {
            throw Unknown();
        }
        for (var i = 0; i < strands.Count; i++)
        {
            strands[i].Position = places?[i] ?? heads.GetValueOrDefault(strands[i].Partition) + 1;
        }
        return strands;
    }

    /// <summary>Looks at the places before those that were looked at; farther each time that nothing is found.</summary>
    /// <returns>How many.</returns>
    private async Task<int> FillAsync(Session session, Strand strand, string[] names, CancellationToken ct)
    {
        var before = strand.Unread;
        var (condition, from) = strand.Subject is null ? ("partition = @Partition", Math.Max(1, before - strand.Step)) : ("subject_id = @Subject", 1);
        var found = await session.QueryAsync($"""
            select subject_id, seq, type, payload, recorded_at, live, occurred_at from log_events
            where {condition} and seq >= @from and seq < @before and type in @names order by seq desc limit {MostRows}
            """, new { strand.Partition, Subject = strand.Subject ?? Guid.Empty, from, before, names }, Entry, ct);
        found.ForEach(strand.Waiting.Enqueue);
        strand.Unread = found.Count < MostRows ? from : found[^1].Seq;
        strand.Step = found.Count > 0 ? FirstStep : Math.Min(LargestStep, strand.Step * 2);
        return strand.Subject is null ? (int)(before - strand.Unread) : MostRows;
    }

    private LogEntry Entry(Row r) => new(r.Guid(0), r.Long(1), LogReader.Read(types, r.Guid(0), r.Time(6), r.Text(2), r.Text(3)), r.Time(4), r.Bool(5));

    private static ProblemException Unknown() => new("cursor_unknown", "This place in the list does not exist. Start again from the first page.");

    /// <summary>Events in the order of their sequence numbers, read from the end.</summary>
    private sealed class Strand(int partition, Guid? subject)
    {
        private long position;

        public int Partition => partition;
        public Guid? Subject => subject;
        public Queue<LogEntry> Waiting { get; } = new();
        public long Unread { get; set; }
        public int Step { get; set; } = FirstStep;

        /// <summary>What lies before it was not shown yet.</summary>
        public long Position
        {
            get => Waiting.Count > 0 ? position : Math.Min(position, Unread);
            set => Unread = position = value;
        }

        public bool IsDry => Waiting.Count == 0 && Unread > 1;
        public bool IsAtEnd => Waiting.Count == 0 && Unread <= 1;

        public LogEntry Take()
        {
            var entry = Waiting.Dequeue();
            position = entry.Seq;
            return entry;
        }

        public void End()
        {
            Waiting.Clear();
            Unread = position = 1;
        }
    }
}
