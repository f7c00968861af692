using System.Text.Json;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.ShopPayloads;

/// <summary>What is known of a thing of the shop by its own id there.</summary>
/// <param name="Kind"><c>order</c>, <c>product</c> or <c>parcel</c>.</param>
/// <param name="ChangedAt">As the shop said last; what is older changes nothing.</param>
/// <param name="Content">Tells whether it is told differently; null where that does not matter.</param>
internal sealed record ConnectedThing(Guid ConnectionId, string Kind, string ExternalId, DateTimeOffset ChangedAt, DateTimeOffset TriggeredAt)
{
    public const string Order = "order", Product = "product", Parcel = "parcel";

    public string? Number { get; init; }
    public Guid? SubjectId { get; init; }
    public string? Content { get; init; }
    public IReadOnlyList<string> Skus { get; init; } = [];

    /// <summary>Times of a shop have whole seconds; within one, that counts which happened later.</summary>
    public bool IsNewerThan(ConnectedThing? known) => known is null || (ChangedAt, TriggeredAt).CompareTo((known.ChangedAt, known.TriggeredAt)) >= 0;

    public static Task<ConnectedThing?> FindAsync(Session session, Guid connectionId, string kind, string externalId, CancellationToken ct) => session.FirstAsync("""
        select changed_at, triggered_at, number, subject_id, content, skus from commerce_connected where connection_id = @connectionId and kind = @kind and external_id = @externalId
        """, new { connectionId, kind, externalId }, r => new ConnectedThing(connectionId, kind, externalId, r.Time(0), r.Time(1))
        {
            Number = r.TextOrNull(2), SubjectId = r.GuidOrNull(3), Content = r.TextOrNull(4), Skus = r.TextOrNull(5) is { } skus ? JsonSerializer.Deserialize<string[]>(skus)! : [],
        }, ct);

    public Task KeepAsync(Transaction tx, CancellationToken ct) => tx.ExecuteAsync("""
        insert into commerce_connected (connection_id, kind, external_id, changed_at, triggered_at, number, subject_id, content, skus)
        values (@ConnectionId, @Kind, @ExternalId, @ChangedAt, @TriggeredAt, @Number, @SubjectId, @Content, @skus)
        on conflict (connection_id, kind, external_id) do update set changed_at = excluded.changed_at, triggered_at = excluded.triggered_at, number = excluded.number,
          subject_id = excluded.subject_id, content = excluded.content, skus = excluded.skus
        """, new { ConnectionId, Kind, ExternalId, ChangedAt, TriggeredAt, Number, SubjectId, Content, skus = new Json(JsonSerializer.Serialize(Skus)) }, ct);
}
