using Wellmet.Commerce.Storefronts;
using Wellmet.Customers.Contract;

namespace Wellmet.Commerce.Imports;

/// <summary>What holds for every line of a file, and the remarks on its lines.</summary>
internal sealed class SalesFile(ImportFormat format, Storefront storefront)
{
    private const int LongestDetail = 60;
    private string lastTimeCell = "";
    private DateTimeOffset lastTime;

    public TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(storefront.TimeZone);
    public string Currency => storefront.Currency;

    /// <summary>What the first line of the order that is being read said of the whole order; null where each line says it.</summary>
    public OrderFacts? Order { get; set; }

    /// <summary>Remarks since they were last taken.</summary>
    public List<ImportRemark> Remarks { get; private set; } = [];

    public decimal? Number(string cell) => format.Number(cell);

    /// <summary>Neighbouring lines mostly bear the same time.</summary>
    public DateTimeOffset? Time(string cell)
    {
        if (cell.Length > 0 && cell == lastTimeCell)
        {
            return lastTime;
        }
        if (format.Time(cell, Zone) is not { } time)
        {
            return null;
        }
        (lastTimeCell, lastTime) = (cell, time);
        return time;
    }

    public void Note(long line, RemarkKind kind, string reason, string detail = "") =>
        Remarks.Add(new ImportRemark(line, kind, reason, detail.Length > LongestDetail ? detail[..LongestDetail] + "…" : detail));

    /// <summary>Notes a rejection; for <c>return file.Reject(…)</c>.</summary>
    public SalesLine? Reject(long line, string reason, string detail)
    {
        Note(line, RemarkKind.Rejected, reason, detail);
        return null;
    }

    public List<ImportRemark> TakeRemarks()
    {
        var taken = Remarks;
        Remarks = [];
        return taken;
    }
}
