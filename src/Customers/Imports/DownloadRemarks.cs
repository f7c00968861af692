using System.Text;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;

namespace Wellmet.Customers.Imports;

/// <summary>
/// The lines that were rejected, repaired or flagged, as CSV: number, kind, reason, detail, line. UTF-8 with a byte order mark, which
/// spreadsheets need.
/// </summary>
public sealed class DownloadRemarks(ImportLedger ledger, ImportRemarks remarks, CurrentActor actor)
{
    private const int PageSize = 1000;

    public async Task RunAsync(Guid importId, RemarkKind? kind, Stream to, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Import);
        await ledger.GetAsync(importId, ct);
        await using var writer = new StreamWriter(to, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync(CsvText.RawLine(["line", "kind", "reason", "detail", "content"]));
        (long Line, string Reason) after = (-1, "");
        for (List<OpenRemark> page; (page = await remarks.ReadAsync(importId, kind, after, PageSize, ct)).Count > 0;)
        {
            foreach (var r in page)
            {
                await writer.WriteLineAsync(CsvText.SafeLine([r.Line.ToString(), Platform.Storage.EnumText.Of(r.Kind), r.Reason, r.Detail, r.Raw]));
            }
            after = (page[^1].Line, page[^1].Reason);
        }
    }
}
