using Wellmet.Customers.Schema;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Traits;

/// <summary>A moment at which something was said. Times count in milliseconds, as segments keep them; the token of the statement breaks a tie, so that the order of arrival never matters.</summary>
internal readonly record struct SaidAt(DateTimeOffset At, byte[] Token) : IComparable<SaidAt>
{
    public int CompareTo(SaidAt other) => At.ToUnixTimeMilliseconds().CompareTo(other.At.ToUnixTimeMilliseconds()) is not 0 and var time ? time : Token.AsSpan().SequenceCompareTo(other.Token);

    public static bool operator <(SaidAt a, SaidAt b) => a.CompareTo(b) < 0;
    public static bool operator >(SaidAt a, SaidAt b) => a.CompareTo(b) > 0;
    public static bool operator <=(SaidAt a, SaidAt b) => a.CompareTo(b) <= 0;
    public static bool operator >=(SaidAt a, SaidAt b) => a.CompareTo(b) >= 0;
}

/// <summary>A row of customers_trait_history, opened: one source said one value, from a first time to a last one.</summary>
/// <param name="SourceId">The key or connection that said it last; all zeros for staff, and for what was said before sources were noted.</param>
/// <param name="ImportId">All zeros where no import says it.</param>
/// <param name="Value">JSON text; null where the trait was taken back.</param>
internal sealed record TraitRun(Guid SubjectId, string Name, TraitSource Source, Guid SourceId, Guid ImportId, SaidAt First, SaidAt Last, [property: Pii("trait")] string? Value)
{
    /// <summary>To this column values are bound, in whichever table they stand.</summary>
    public const string Column = StatedTrait.Column;

    public static TraitRun Of(Guid subject, string name, TraitSource source, Guid sourceId, Guid importId, SaidAt said, string? value) => new(subject, name, source, sourceId, importId, said, said, value);

    /// <summary>Writes rows, over those that begin with the same statement.</summary>
    public static Task WriteAsync(Transaction tx, IEnumerable<TraitRun> runs, SubjectKeys keys, CancellationToken ct) => Rows(keys).RunAsync(tx, [.. runs.OrderBy(r => r.SubjectId)], ct);

    public static async Task DeleteAsync(Transaction tx, IEnumerable<TraitRun> runs, CancellationToken ct)
    {
        foreach (var run in runs)
        {
            await tx.ExecuteAsync("delete from customers_trait_history where subject_id = @SubjectId and name = @Name and token = @Token", new { run.SubjectId, run.Name, run.First.Token }, ct);
        }
    }

    /// <summary>Everything that was said of the subjects.</summary>
    public static async Task<List<SealedRun>> ReadAsync(Session session, IReadOnlyCollection<Guid> subjects, CancellationToken ct) =>
        await session.QueryAsync($"{SealedRun.Select} where subject_id in @subjects", new { subjects }, SealedRun.Of, ct);

    /// <summary>Of some traits.</summary>
    public static async Task<List<SealedRun>> ReadAsync(Session session, IReadOnlyCollection<Guid> subjects, IReadOnlyCollection<string> names, CancellationToken ct)
    {
        var read = new List<SealedRun>();
        foreach (var page in subjects.Chunk(500))
        {
            read.AddRange(await session.QueryAsync($"{SealedRun.Select} where subject_id in @page and name in @names", new { page, names }, SealedRun.Of, ct));
        }
        return read;
    }

    private static BulkInsert<TraitRun> Rows(SubjectKeys keys) => new("customers_trait_history",
        new("subject_id", typeof(Guid), r => r.SubjectId),
        new("name", typeof(string), r => r.Name),
        new("token", typeof(byte[]), r => r.First.Token),
        new("source", typeof(TraitSource), r => r.Source),
        new("source_id", typeof(Guid), r => r.SourceId),
        new("import_id", typeof(Guid), r => r.ImportId),
        new("first_at", typeof(DateTimeOffset), r => r.First.At),
        new("last_at", typeof(DateTimeOffset), r => r.Last.At),
        new("last_token", typeof(byte[]), r => r.Last.Token),
        new("value", typeof(byte[]), r => r.Value is null ? null : keys.Seal(r.SubjectId, Column, r.Value).Envelope))
    {
        OnConflict = """
            on conflict (subject_id, name, token) do update set source_id = excluded.source_id, first_at = excluded.first_at, last_at = excluded.last_at, last_token = excluded.last_token, value = excluded.value
            """,
    };
}

/// <summary>A row of customers_trait_history as it stands.</summary>
/// <param name="Run">Without its value.</param>
internal sealed record SealedRun(TraitRun Run, Sealed<string>? Value)
{
    public const string Select = "select subject_id, name, token, source, source_id, import_id, first_at, last_at, last_token, value from customers_trait_history";

    public static SealedRun Of(Row r) => new(new TraitRun(r.Guid(0), r.Text(1), r.Enum<TraitSource>(3), r.Guid(4), r.Guid(5), new SaidAt(r.Time(6), r.Bytes(2)), new SaidAt(r.Time(7), r.Bytes(8)), null), r.Sealed(9));

    /// <summary>Opened; a subject that was forgotten says nothing.</summary>
    public TraitRun Open(SubjectKeys keys) => Run with { Value = keys.Open(Run.SubjectId, TraitRun.Column, Value) };
}
