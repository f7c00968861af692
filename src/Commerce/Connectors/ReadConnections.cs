using Wellmet.Commerce.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Connectors;

/// <summary>A connection with how it goes.</summary>
/// <param name="Day">Deliveries of the last 24 hours.</param>
/// <param name="Failed">Deliveries of thirty days that could not be taken.</param>
/// <param name="Held">Those that wait for an order.</param>
/// <param name="Open">Requests of customers that nobody has seen to yet.</param>
/// <param name="LastRefused">When a signature was refused last, as far as this node knows.</param>
public sealed record ConnectionStatus(Connection Connection, DateTimeOffset? LastAt, long Day, long Failed, long Held, long Open, DateTimeOffset? LastRefused);

/// <summary>A connection with its latest deliveries and requests.</summary>
/// <param name="Deliveries">At most <see cref="ReadConnections.Most"/>, the newest first; those that failed before the others.</param>
public sealed record ConnectionDetails(ConnectionStatus Status, IReadOnlyList<DeliveryItem> Deliveries, IReadOnlyList<ShopRequest> Requests);

/// <summary>Shows staff the connections, and what came over one of them.</summary>
internal sealed class ReadConnections(Database database, ConnectionStore connections, DeliveryNews news, TimeProvider time, CurrentActor actor)
{
    public const int Most = 100;

    public async Task<IReadOnlyList<ConnectionStatus>> AllAsync(CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditConnections);
        var all = await connections.AllAsync(ct);
        return await database.ReadAsync<IReadOnlyList<ConnectionStatus>>(async s =>
        {
            var read = new List<ConnectionStatus>();
            foreach (var connection in all)
            {
                read.Add(await StatusAsync(s, connection, ct));
            }
            return read;
        }, ct);
    }

    /// <exception cref="Platform.ProblemException"><c>connection_unknown</c> (404).</exception>
    public async Task<ConnectionDetails> OneAsync(Guid id, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditConnections);
        var connection = await connections.GetAsync(id, ct);
        return await database.ReadAsync(async s => new ConnectionDetails(await StatusAsync(s, connection, ct),
            await s.QueryAsync($"""
                select {DeliveryItem.Columns} from (
                  select * from (select {DeliveryItem.Columns}, 0 as place from commerce_deliveries where connection_id = @id and state = 'failed' order by received_at desc, delivery_id desc limit {Most / 2}) f
                  union all
                  select * from (select {DeliveryItem.Columns}, 1 as place from commerce_deliveries where connection_id = @id and state <> 'failed' order by received_at desc, delivery_id desc limit {Most / 2}) o) x
                order by place, received_at desc, delivery_id desc
                """, new { id }, DeliveryItem.Of, ct),
            await ShopRequest.OfAsync(s, id, ct)), ct);
    }

    private async Task<ConnectionStatus> StatusAsync(Session s, Connection connection, CancellationToken ct) => (await s.FirstAsync("""
        select max(received_at), count(case when received_at > @day then 1 end), count(case when state = 'failed' then 1 end), count(case when state = 'held' then 1 end),
          (select count(*) from commerce_shop_requests q where q.connection_id = @ConnectionId and q.done_at is null)
        from commerce_deliveries where connection_id = @ConnectionId
        """, new { connection.ConnectionId, day = time.GetUtcNow().AddDays(-1) },
        r => new ConnectionStatus(connection, r.TimeOrNull(0), r.Long(1), r.Long(2), r.Long(3), r.Long(4), news.LastRefused(connection.ConnectionId)), ct))!;
}
