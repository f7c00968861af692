using Wellmet.Customers.Contract;
using Wellmet.Platform.Purposes;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Imports;

/// <summary>A remark as it is kept.</summary>
/// <param name="Content">The detail, a line break, the whole line; sealed under the import's own key, as a line of a file is full of personal data.</param>
internal sealed record SealedRemark(Guid ImportId, long Line, string Reason, RemarkKind Kind, Sealed<string> Content);

/// <summary>Keeps the remarks of an import and opens them again.</summary>
[Uses(Purpose.Service, "shows whoever imports a file its own lines")]
public sealed class ImportRemarks(KeyStore keys, Database database)
{
    private const string Column = "customers_import_remarks.content";
    private const int LongestLine = 4000;

    private static readonly BulkInsert<SealedRemark> Insert = new("customers_import_remarks",
        new("import_id", typeof(Guid), r => r.ImportId),
        new("line", typeof(long), r => r.Line),
        new("reason", typeof(string), r => r.Reason),
        new("kind", typeof(RemarkKind), r => r.Kind),
        new("content", typeof(byte[]), r => r.Content.Envelope));

    public Task<SubjectKeys> KeyAsync(Guid importId, bool create, CancellationToken ct) => keys.KeysAsync([importId], create, ct);

    /// <summary>The remarks of a batch: on lines that the file itself spoilt, and on those that the target had something to say of.</summary>
    internal static List<SealedRemark> Seal(Guid importId, SubjectKeys key, FileBatch batch, IEnumerable<ImportRemark> remarks)
    {
        var all = remarks.Concat(batch.Repaired.Select(line => new ImportRemark(line, RemarkKind.Repaired, "stray_quote", ""))).ToList();
        var named = all.Select(r => r.LineNumber).ToHashSet();
        var lines = batch.Lines.Where(l => named.Contains(l.Number)).ToDictionary(l => l.Number, l => CsvText.RawLine(l.Cells));
        var kept = all.DistinctBy(r => (r.LineNumber, r.Reason)).Select(r => One(r, lines.GetValueOrDefault(r.LineNumber, "")));
        return [.. kept, .. batch.Faults.Select(f => One(new ImportRemark(f.Line, RemarkKind.Rejected, f.Fault!, ""), f.Raw))];

        SealedRemark One(ImportRemark remark, string raw) => new(importId, remark.LineNumber, remark.Reason, remark.Kind,
            key.Seal(importId, Column, $"{remark.Detail.ReplaceLineEndings(" ")}\n{raw[..Math.Min(raw.Length, LongestLine)]}"));
    }

    internal static Task WriteAsync(Transaction tx, IReadOnlyCollection<SealedRemark> remarks, CancellationToken ct) => Insert.RunAsync(tx, remarks, ct);

    /// <summary>Remarks after a line, in their order.</summary>
    public async Task<List<OpenRemark>> ReadAsync(Guid importId, RemarkKind? kind, (long Line, string Reason) after, int limit, CancellationToken ct)
    {
        var key = await KeyAsync(importId, create: false, ct);
        var rows = await database.ReadAsync(s => s.QueryAsync("""
            select line, reason, kind, content from customers_import_remarks
            where import_id = @importId and (line > @line or (line = @line and reason > @reason)) and (@any or kind = @kind)
            order by line, reason limit @limit
            """, new { importId, line = after.Line, reason = after.Reason, any = kind is null, kind = kind ?? RemarkKind.Rejected, limit },
            r => (Line: r.Long(0), Reason: r.Text(1), Kind: r.Enum<RemarkKind>(2), Content: r.Sealed(3)), ct), ct);
        return rows.ConvertAll(r =>
        {
            var content = key.Open(importId, Column, r.Content) ?? "\n";
            var cut = content.IndexOf('\n', StringComparison.Ordinal);
            return new OpenRemark(r.Line, r.Kind, r.Reason, content[..cut], content[(cut + 1)..]);
        });
    }

    /// <summary>How many remarks of each kind and reason.</summary>
    public Task<List<RemarkCount>> CountsAsync(Guid importId, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync(
        "select kind, reason, count(*) from customers_import_remarks where import_id = @importId group by kind, reason order by count(*) desc, reason",
        new { importId }, r => new RemarkCount(r.Enum<RemarkKind>(0), r.Text(1), r.Long(2)), ct), ct);

    public static async Task<int> ForgetSomeAsync(Transaction tx, Guid importId, int limit, CancellationToken ct) => await tx.ExecuteAsync("""
        delete from customers_import_remarks where import_id = @importId and (line, reason) in (
          select line, reason from customers_import_remarks where import_id = @importId limit @limit)
        """, new { importId, limit }, ct);

    /// <summary>What is left of the remarks in backups cannot be read again.</summary>
    public Task ForgetKeyAsync(Guid importId, CancellationToken ct) => keys.DestroyAsync([importId], ct);
}

/// <summary>A remark as people read it.</summary>
/// <param name="Raw">The whole line, as CSV.</param>
public sealed record OpenRemark(long Line, RemarkKind Kind, string Reason, string Detail, string Raw);

/// <summary>How many lines have the same remark.</summary>
/// <param name="Reason">A code such as <c>quantity_not_a_number</c>.</param>
public sealed record RemarkCount(RemarkKind Kind, string Reason, long Lines);
