using System.Buffers.Binary;
using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Schema;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Traits;

/// <summary>See <see cref="IShopTraits"/>.</summary>
internal sealed class ShopTraits(KeyStore store, TraitBook book, WriteTraits write) : IShopTraits
{
    public async Task<IReadOnlyList<ShopTrait>> DefinedAsync(CancellationToken ct) =>
        [.. (await book.ReadAsync(ct)).All.Values.Where(d => !d.Archived).OrderBy(d => d.Name, StringComparer.Ordinal).Select(d => new ShopTrait(d.Name, d.Label, d.Type, d.Telling))];

    public async Task<string?> ProblemAsync(string name, string value, CancellationToken ct) => JudgeTraits.ProblemOf(await book.CurrentAsync(ct), TraitSource.Import, name, JsonSerializer.Serialize(value));

    public async Task<IImportedTraits> PrepareAsync(Guid importId, IReadOnlyList<ImportedTrait> said, DateTimeOffset saidAt, CancellationToken ct)
    {
        var runs = said.GroupBy(s => (s.SubjectId, s.Name)).Select(g => g.MaxBy(s => s.Line)!)
            .Select(s => TraitRun.Of(s.SubjectId, s.Name, TraitSource.Import, importId, importId, new SaidAt(saidAt, TokenOf(importId, s.Line)), JsonSerializer.Serialize(s.Value))).ToList();
        return new Imported(write, new PreparedTraits(runs, await store.KeysAsync([.. runs.Select(r => r.SubjectId).Distinct()], create: true, ct), await write.AskAsync(runs, ct)));
    }

    /// <summary>The same for the same line; later lines are greater.</summary>
    private static byte[] TokenOf(Guid importId, long line)
    {
        var token = new byte[24];
        importId.TryWriteBytes(token);
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(16), line);
        return token;
    }

    private sealed class Imported(WriteTraits write, PreparedTraits prepared) : IImportedTraits
    {
        public async Task WriteAsync(Transaction tx, CancellationToken ct)
        {
            // Whoever was erased meanwhile stays so.
            var living = (await tx.QueryAsync("select subject_id from customers_subjects where subject_id in @subjects and erased_at is null",
                new { subjects = prepared.Said.Select(s => s.SubjectId).Distinct() }, r => r.Guid(0), ct)).ToHashSet();
            await write.RunAsync(tx, prepared with { Said = [.. prepared.Said.Where(s => living.Contains(s.SubjectId))] }, ct);
        }
    }
}
