using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Mappings;

/// <summary>A version of a connection's mapping.</summary>
/// <param name="MadeBy">As the audit log names them.</param>
public sealed record MappingVersion(Guid ConnectionId, long Version, Mapping Mapping, DateTimeOffset MadeAt, string MadeBy)
{
    internal const string Columns = "connection_id, version, document, made_at, made_by";

    internal static MappingVersion Of(Row r) => new(r.Guid(0), r.Long(1), MappingJson.Read(r.Text(2)), r.Time(3), r.Text(4));
}

/// <summary>Reads mappings. Each version stays; the highest is in force.</summary>
internal sealed class MappingStore(Database database)
{
    public const int MostVersions = 50;

    /// <summary>Null where none was made yet.</summary>
    public Task<MappingVersion?> CurrentAsync(Guid connectionId, CancellationToken ct) => database.ReadAsync(s => s.FirstAsync(
        $"select {MappingVersion.Columns} from commerce_mappings where connection_id = @connectionId order by version desc limit 1", new { connectionId }, MappingVersion.Of, ct), ct);

    /// <summary>The latest first.</summary>
    public Task<List<MappingVersion>> VersionsAsync(Guid connectionId, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync(
        $"select {MappingVersion.Columns} from commerce_mappings where connection_id = @connectionId order by version desc limit {MostVersions}", new { connectionId }, MappingVersion.Of, ct), ct);

    public static async Task<bool> HasAsync(Session session, Guid connectionId, CancellationToken ct) =>
        await session.CountAsync("select count(*) from commerce_mappings where connection_id = @connectionId", new { connectionId }, ct) > 0;
}
