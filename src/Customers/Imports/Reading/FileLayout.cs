using Wellmet.Customers.Contract;

namespace Wellmet.Customers.Imports.Reading;

/// <summary>How one file is read. Kept with its import, so that a later run reads it the same way.</summary>
/// <param name="Encoding">As <see cref="TextEncodings"/> names it.</param>
/// <param name="Headings">Of its first line.</param>
/// <param name="Columns">For each field of the layout the column it is in, or -1.</param>
public sealed record FileLayout(string Encoding, char Delimiter, ImportFormat Format, IReadOnlyList<string> Headings, int[] Columns)
{
    /// <summary>Opens the file behind its first line.</summary>
    public async Task<DelimitedReader> OpenAsync(ImportSource source, CancellationToken ct)
    {
        var text = new StreamReader(await source.OpenAsync(ct), TextEncodings.ByName(Encoding), detectEncodingFromByteOrderMarks: true, 65_536);
        var reader = new DelimitedReader(text, Delimiter, new LineLimits());
        reader.Read();
        return reader;
    }
}
