using System.Text;
using Microsoft.AspNetCore.Http;
using Wellmet.Platform.Purposes;

namespace Wellmet.Platform.Downloads;

/// <summary>A list that becomes a file.</summary>
/// <param name="Headings">Our own words.</param>
/// <param name="Cells">Of a row, in the order of the headings; see <see cref="CsvText"/>.</param>
/// <param name="Page">Answers at most so many rows after a cursor (null: from the beginning), and the cursor of the next page (null: there is none).</param>
public sealed record CsvList<TRow>(IReadOnlyList<string> Headings, Func<TRow, IEnumerable<object?>> Cells, Func<string?, int, Task<(IReadOnlyList<TRow> Rows, string? Next)>> Page)
{
    /// <summary>Rows of the list after which the file is full.</summary>
    public int MostRows { get; init; } = 500_000;

    public int PageSize { get; init; } = 500;
}

/// <summary>
/// Writes a list as CSV, a page at a time, as long as the list is or until the file is full; the lines at its end, which begin with <c>#</c>, say what is
/// missing and why.
/// </summary>
public sealed class CsvDownload(IPurposeGate gate)
{
    /// <summary>Rows that say nothing of a person who could object.</summary>
    public Task WriteAsync<TRow>(Stream output, CsvList<TRow> list, CancellationToken ct) => WriteAsync(output, list, (rows, _) => Task.FromResult(rows), ct);

    /// <summary>Rows about persons: the gate is asked for each, and those whose data may not be handed out are left out.</summary>
    /// <param name="subject">Whom a row is about.</param>
    public Task WriteGatedAsync<TRow>(Stream output, CsvList<TRow> list, Func<TRow, Guid> subject, CancellationToken ct) => WriteAsync(output, list, async (rows, leftOut) =>
    {
        var answer = await gate.AskAsync(new DataUse(Purpose.Export), [.. rows.Select(subject)], ct);
        leftOut.Add(answer);
        return [.. rows.Where(r => answer[subject(r)].Allowed)];
    }, ct);

    /// <summary>The answer to a request for such a file.</summary>
    public IResult Result<TRow>(string name, CsvList<TRow> list, CancellationToken ct) => Results.Stream(stream => WriteAsync(stream, list, ct), "text/csv; charset=utf-8", name);

    private static async Task WriteAsync<TRow>(Stream output, CsvList<TRow> list, Func<IReadOnlyList<TRow>, LeftOut, Task<IReadOnlyList<TRow>>> allowed, CancellationToken ct)
    {
        // Before anything is written: what is wrong with the question is answered as a problem, not as a file that breaks off.
        var (rows, after) = await list.Page(null, Math.Min(list.PageSize, list.MostRows));
        // Spreadsheets take a file for UTF-8 by its byte order mark only.
        await using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync(CsvText.RawLine(list.Headings).AsMemory(), ct);
        var leftOut = new LeftOut();
        var written = 0;
        while (true)
        {
            foreach (var row in await allowed(rows, leftOut))
            {
                await writer.WriteLineAsync(CsvText.SafeLine(list.Cells(row)).AsMemory(), ct);
            }
            written += rows.Count;
            if (after is null || written >= list.MostRows)
            {
                break;
            }
            (rows, after) = await list.Page(after, Math.Min(list.PageSize, list.MostRows - written));
        }
        if (after is not null)
        {
            leftOut.CutAt(written);
        }
        foreach (var line in leftOut.Lines)
        {
            await writer.WriteLineAsync(CsvText.SafeLine([line]).AsMemory(), ct);
        }
    }
}
