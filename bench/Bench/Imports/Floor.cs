using System.Diagnostics;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Bench.Imports;

/// <summary>
/// The floor of a measured run: the rows that it left behind in the database and in the key store, inserted plainly into fresh ones with the same tables, indexes
/// and durability, in as many transactions. What a program would take that did nothing but keep the same bytes.
/// </summary>
internal sealed class Floor
{
    private readonly TableCopy data, keys;

    private Floor(TableCopy data, TableCopy keys) => (this.data, this.keys) = (data, keys);

    public long Rows => data.Rows + keys.Rows;

    public static async Task<Floor> OfAsync(Database data, KeyStore keys, CancellationToken ct) => new(await TableCopy.OfAsync(data, ct), await TableCopy.OfAsync(keys.Database, ct));

    /// <summary>Inserts everything, each part in one transaction of each of the two; answers how long it took.</summary>
    public async Task<TimeSpan> InsertAsync(string? postgres, int transactions, CancellationToken ct)
    {
        await using var shop = await BenchShop.OpenAsync(postgres, workers: false);
        var store = shop.Get<KeyStore>().Database;
        await data.LeaveOutSeededAsync(shop.Database, ct);
        await keys.LeaveOutSeededAsync(store, ct);
        var started = Stopwatch.GetTimestamp();
        for (var part = 0; part < transactions; part++)
        {
            await keys.InsertAsync(store, part, transactions, ct);
            await data.InsertAsync(shop.Database, part, transactions, ct);
        }
        return Stopwatch.GetElapsedTime(started);
    }
}
