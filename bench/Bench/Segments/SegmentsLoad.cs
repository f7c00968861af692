using System.Globalization;
using Wellmet.Bench.Imports;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Members;

namespace Wellmet.Bench.Segments;

/// <summary>Fills the log with what customers did, and lets the receiver of segments take it, as it would have event by event.</summary>
internal sealed class SegmentsLoad(BenchShop shop)
{
    /// <summary>Customers in one transaction.</summary>
    private const int Page = 500;

    public async Task RunAsync(int customers, int events, CancellationToken ct)
    {
        var now = TimeProvider.System.GetUtcNow();
        var history = new MadeUpHistory(7, now);
        var seq = 0L;
        for (var done = 0; done < customers; done += Page)
        {
            var told = new List<ILogEvent>();
            for (var i = 0; i < Math.Min(Page, customers - done); i++)
            {
                told.AddRange(history.Of(Id.New(), Math.Max(1, events / customers)));
            }
            var deliveries = told.ConvertAll(e => new Delivery(0, ++seq, e, Live: false, null));
            await shop.UseAsync<FollowFacts, int>(async receiver =>
            {
                await shop.Database.WriteUnflushedAsync(async tx =>
                {
                    told.ForEach(e => tx.AppendHistory(e, null));
                    await receiver.ReceiveAsync(deliveries, tx, ct);
                }, ct);
                return 0;
            });
            if (done % 50_000 == 0)
            {
                await Console.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"\r{done,9} of {customers} customers"));
            }
        }
        await Console.Error.WriteLineAsync();
        await shop.Database.WriteAsync(async tx =>
        {
            // The other receivers have nothing to do with it.
            foreach (var receiver in shop.Get<ModuleCatalog>().Receivers)
            {
                await tx.ExecuteAsync("insert into log_cursors (receiver, partition, seq) select @Name, partition, head from log_partitions where true on conflict (receiver, partition) do update set seq = excluded.seq", new { receiver.Name }, ct);
            }
        }, ct);
        await shop.Database.ReadAsync(async s => await s.ExecuteAsync(s.Pick("analyze", "vacuum analyze log_events, segments_histories"), null, ct), ct);
    }
}
