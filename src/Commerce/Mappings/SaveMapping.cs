using Wellmet.Commerce.Connectors;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Mappings;

/// <summary>Puts a new version of a connection's mapping in force. What waited for a mapping is worked on next.</summary>
internal sealed class SaveMapping(Database database, ConnectionStore connections, DeliveryNews news, AuditLog audit, TimeProvider time, CurrentActor actor)
{
    /// <returns>The number of the version.</returns>
    /// <exception cref="ProblemException"><c>connection_unknown</c> (404); <c>connection_not_generic</c>, and that of the first error of the mapping (422).</exception>
    public async Task<long> RunAsync(Guid connectionId, Mapping mapping, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditConnections);
        if (!(await connections.GetAsync(connectionId, ct)).IsGeneric)
        {
            throw new ProblemException("connection_not_generic", "What this shop sends is understood without a mapping.", 422);
        }
        if (CompiledMapping.Of(mapping).Errors is [var first, ..])
        {
            throw first.Problem;
        }
        var document = new Json(MappingJson.Write(mapping));
        var version = await database.WriteAsync(async tx =>
        {
            // Nothing of this connection is finished meanwhile: what finds no mapping is then either released here, or sees the new one.
            await tx.ExecuteAsync("update commerce_connection_leases set node = node where connection_id = @connectionId", new { connectionId }, ct);
            var next = await tx.CountAsync("select coalesce(max(version), 0) + 1 from commerce_mappings where connection_id = @connectionId", new { connectionId }, ct);
            await tx.ExecuteAsync("insert into commerce_mappings (connection_id, version, document, made_at, made_by) values (@connectionId, @next, @document, @now, @by)",
                new { connectionId, next, document, now = time.GetUtcNow(), by = actor.Value.Name }, ct);
            await tx.ExecuteAsync("update commerce_deliveries set state = 'waiting', reason = null, next_at = @now where connection_id = @connectionId and state = 'held' and reason = 'mapping_missing'",
                new { connectionId, now = time.GetUtcNow() }, ct);
            await audit.RecordAsync(tx, "connection.mapped", $"connection:{connectionId}", reason: null, ct, $"{next}");
            return next;
        }, ct);
        news.Wake();
        return version;
    }
}
