using System.Collections.Frozen;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Log;

/// <summary>
/// Which partitions this node works on. A lease lives in the database and is judged by the database's clock; each new owner gets a higher
/// fencing number, which its transactions state, so that a node that slept through its lease changes nothing when it wakes.
/// </summary>
public sealed class Leases(Database database, LogOptions options)
{
    private FrozenDictionary<int, long> held = FrozenDictionary<int, long>.Empty;

    /// <summary>Partition → fencing number.</summary>
    public IReadOnlyDictionary<int, long> Held => held;

    public string Node => options.Node;

    /// <summary>Renews what we hold, gives back what is above our fair share, takes what is free up to it.</summary>
    public async Task RenewAsync(CancellationToken ct)
    {
        held = await database.WriteAsync(async tx =>
        {
            var now = Now(tx);
            var until = Until(tx);
            await tx.ExecuteAsync(
                $"insert into log_nodes (node, seen_until) values (@Node, {until}) on conflict (node) do update set seen_until = excluded.seen_until",
                new { options.Node }, ct);
            await tx.ExecuteAsync($"delete from log_nodes where seen_until < {now}", null, ct);
            var nodes = await tx.CountAsync("select count(*) from log_nodes", null, ct);
            var share = (int)((Partitions.Count + nodes - 1) / Math.Max(1, nodes));
            var mine = await tx.QueryAsync(
                $"update log_leases set lease_until = {until} where node = @Node and lease_until >= {now} returning partition, fence",
                new { options.Node }, r => (Partition: r.Int(0), Fence: r.Long(1)), ct);
            await GiveBackAsync(tx, mine, share, ct);
            await TakeAsync(tx, mine, share, now, until, ct);
            return mine.ToFrozenDictionary(m => m.Partition, m => m.Fence);
        }, ct);
    }

    /// <summary>Gives everything back, so that another node need not wait for the leases to end.</summary>
    public async Task ReleaseAsync(CancellationToken ct)
    {
        held = FrozenDictionary<int, long>.Empty;
        await database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync($"update log_leases set lease_until = {Past(tx)} where node = @Node", new { options.Node }, ct);
            await tx.ExecuteAsync("delete from log_nodes where node = @Node", new { options.Node }, ct);
        }, ct);
    }

    /// <summary>Whether the partitions are still ours, asked inside the transaction that is about to commit.</summary>
    internal static async Task<bool> StillOursAsync(Transaction tx, string node, IReadOnlyDictionary<int, long> fences, CancellationToken ct)
    {
        var rows = await tx.QueryAsync("select partition, fence from log_leases where node = @node and partition in @partitions",
            new { node, partitions = fences.Keys.ToArray() }, r => (r.Int(0), r.Long(1)), ct);
        return rows.Count == fences.Count && rows.All(r => fences[r.Item1] == r.Item2);
    }

    private async Task GiveBackAsync(Transaction tx, List<(int Partition, long Fence)> mine, int share, CancellationToken ct)
    {
        if (mine.Count <= share)
        {
            return;
        }
        var surplus = mine.Skip(share).Select(m => m.Partition).ToArray();
        await tx.ExecuteAsync($"update log_leases set lease_until = {Past(tx)} where node = @Node and partition in @surplus", new { options.Node, surplus }, ct);
        mine.RemoveRange(share, mine.Count - share);
    }

    private async Task TakeAsync(Transaction tx, List<(int Partition, long Fence)> mine, int share, string now, string until, CancellationToken ct)
    {
        var wanted = share - mine.Count;
        if (wanted <= 0)
        {
            return;
        }
        var free = await tx.QueryAsync($"""
            select p.partition from log_partitions p left join log_leases l on l.partition = p.partition
            where l.partition is null or l.lease_until < {now} order by p.partition limit @wanted
            """, new { wanted }, r => r.Int(0), ct);
        foreach (var partition in free)
        {
            // The condition is repeated here: where two nodes want the same partition, the second one's update finds it taken.
            var fence = await tx.FirstAsync($"""
                insert into log_leases (partition, node, fence, lease_until) values (@partition, @Node, 1, {until})
                on conflict (partition) do update set node = excluded.node, fence = log_leases.fence + 1, lease_until = excluded.lease_until
                where log_leases.lease_until < {now} returning fence
                """, new { partition, options.Node }, r => (long?)r.Long(0), ct);
            if (fence is { } f)
            {
                mine.Add((partition, f));
            }
        }
    }

    private static string Now(Session s) => s.Pick("cast(unixepoch('subsec') * 1000000 as integer)", "now()");
    private static string Past(Session s) => s.Pick("0", "to_timestamp(0)");

    private string Until(Session s) => s.Pick(
        $"cast(unixepoch('subsec') * 1000000 as integer) + {(long)options.Lease.TotalMicroseconds}",
        $"now() + interval '{(long)options.Lease.TotalMilliseconds} milliseconds'");
}
