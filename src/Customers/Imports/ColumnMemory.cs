using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Imports;

/// <summary>Remembers which column was which: a file with the same headings is mapped as the last one was.</summary>
public sealed class ColumnMemory(Database database)
{
    public async Task<FileLayout> RecallAsync(IImportTarget target, FileProbe probe, FileLayout detected, CancellationToken ct)
    {
        if (!target.NeedsMapping)
        {
            return detected;
        }
        var remembered = await database.ReadAsync(s => s.FirstAsync(
            "select mapping from customers_import_mappings where layout = @Layout and headings_hash = @hash",
            new { target.Layout, hash = HashOf(detected.Headings) }, r => JsonSerializer.Deserialize<int[]>(r.Text(0)), ct), ct);
        return remembered is { Length: var length } && length == target.Fields.Count
            ? LayoutDetection.Remap(probe, detected, target.Fields, remembered)
            : detected;
    }

    public static Task RememberAsync(Transaction tx, string layout, FileLayout chosen, CancellationToken ct) => tx.ExecuteAsync("""
        insert into customers_import_mappings (layout, headings_hash, mapping) values (@layout, @hash, @mapping)
        on conflict (layout, headings_hash) do update set mapping = excluded.mapping
        """, new { layout, hash = HashOf(chosen.Headings), mapping = new Json(JsonSerializer.Serialize(chosen.Columns)) }, ct);

    private static byte[] HashOf(IReadOnlyList<string> headings) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', headings)));
}
