using System.Text;
using Microsoft.AspNetCore.Http;
using Wellmet.Platform;

namespace Wellmet.Commerce;

/// <summary>A list as a CSV file: what the list shows, all of its pages.</summary>
internal static class CsvDownload
{
    private const int MostPages = 1000;

    /// <param name="page">Answers the lines of a page, and the cursor of the next one.</param>
    public static IResult Of(string name, IReadOnlyList<string> headings, Func<string?, Task<(IEnumerable<string[]> Lines, string? Next)>> page) => Results.Stream(async stream =>
    {
        // Spreadsheets take a file for UTF-8 by its byte order mark only.
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync(CsvText.SafeLine(headings));
        string? next = null;
        for (var n = 0; n < MostPages; n++)
        {
            (var lines, next) = await page(next);
            foreach (var line in lines)
            {
                await writer.WriteLineAsync(CsvText.SafeLine(line));
            }
            if (next is null)
            {
                break;
            }
        }
    }, "text/csv", name);
}
