using Wellmet.Commerce.Storefronts;
using Wellmet.Customers.Contract;

namespace Wellmet.Commerce.Imports;

/// <summary>What holds for every line of a file, and the remarks on its lines.</summary>
internal sealed class SalesFile(ImportFormat format, Storefront storefront)
{
    private const int LongestDetail = 60;
    private string lastTimeCell = "";
    private string lastNumber = "";
    private DateTimeOffset lastTime;

    public TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(storefront.TimeZone);
    public string Currency => storefront.Currency;

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

    /// <summary>The time of an order's line; a line without one has that of the line before it in the same order.</summary>
    public DateTimeOffset? OrderTime(string number, string cell)
    {
        if (cell.Length == 0 && number == lastNumber)
        {
            return lastTime;
        }
        if (Time(cell) is not { } time)
        {
            return null;
        }
        lastNumber = number;
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
