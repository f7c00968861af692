using Wellmet.Customers.Contract;

namespace Wellmet.Customers.Imports.Reading;

/// <summary>
/// Finds out whether a file writes the day before the month: a number above 12 shows it. In a file of the first days of months none may stand
/// for hundreds of lines, so that as much is read as it takes.
/// </summary>
public sealed class DateOrder
{
    private const int LinesLookedAt = 200, Months = 12;
    private int dayFirst, monthFirst, either;
    private bool twelveHours;

    /// <summary>Null where nothing shows it.</summary>
    public bool? DayFirst => dayFirst != monthFirst ? dayFirst > monthFirst : twelveHours ? false : null;

    /// <summary>Whether there are dates that mean one day if read one way and another day if read the other way.</summary>
    public bool Matters => dayFirst + monthFirst + either > 0;

    /// <summary>Looks at the cells of a file's date columns, to its end if it must.</summary>
    public static Task<DateOrder> OfFileAsync(FileLayout layout, IReadOnlyList<ImportField> fields, ImportSource source, CancellationToken ct) => Task.Run(async () =>
    {
        var columns = fields.Select((f, i) => (f.Kind, Column: layout.Columns[i])).Where(f => f.Kind == ImportFieldKind.Time && f.Column >= 0).Select(f => f.Column).ToArray();
        var order = new DateOrder();
        using var reader = await layout.OpenAsync(source, ct);
        for (var line = 1; (line <= LinesLookedAt || order is { Matters: true, DayFirst: null }) && reader.Read() is { } record; line++)
        {
            ct.ThrowIfCancellationRequested();
            foreach (var column in columns.Where(c => c < record.Cells.Length))
            {
                order.Add(record.Cells[column].Trim());
            }
        }
        return order;
    }, ct);

    /// <summary>Takes a date such as <c>12/1/2010 8:26</c> into account; one that begins with the year says nothing.</summary>
    public void Add(string cell)
    {
        if (Number(cell, 0) is not { } first || first.End >= cell.Length || cell[first.End] is not ('/' or '.' or '-')
            || Number(cell, first.End + 1) is not { } second || second.End >= cell.Length || cell[second.End] != cell[first.End])
        {
            return;
        }
        _ = (first.Value > Months, second.Value > Months) switch
        {
            (true, false) => dayFirst++,
            (false, true) => monthFirst++,
            _ => either += first.Value == second.Value ? 0 : 1,
        };
        // A 12-hour clock is written where the month goes first.
        twelveHours |= cell.EndsWith("AM", StringComparison.OrdinalIgnoreCase) || cell.EndsWith("PM", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>One or two digits.</summary>
    private static (int Value, int End)? Number(string cell, int at)
    {
        var end = at;
        var value = 0;
        while (end < cell.Length && char.IsAsciiDigit(cell[end]) && end - at < 3)
        {
            value = (value * 10) + (cell[end++] - '0');
        }
        return end - at is 1 or 2 ? (value, end) : null;
    }
}
