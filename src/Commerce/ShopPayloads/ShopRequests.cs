using Wellmet.Commerce.Connectors;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.ShopPayloads;

/// <summary>
/// Keeps what the law lets customers ask of the shop, and the shop of us, for a person of the staff to see to. Nothing is erased by itself: whoever holds a connection's secret could
/// forget any customer.
/// </summary>
internal sealed class ShopRequests(ICustomerStatements statements, TimeProvider time) : IShopKeeper
{
    /// <summary>As Shopify asks for; the law gives a month.</summary>
    private static readonly TimeSpan Due = TimeSpan.FromDays(30);

    public IReadOnlyList<ShopTopic> Topics => [ShopTopic.DataRequest, ShopTopic.EraseCustomer, ShopTopic.EraseShop];

    public async Task<WriteShopDelivery> PrepareAsync(ShopDelivery delivery, CancellationToken ct)
    {
        var subject = delivery.Topic == ShopTopic.EraseShop ? null : await SubjectAsync(delivery.Read.About(delivery.Payload), ct);
        if (subject is null && delivery.Topic != ShopTopic.EraseShop)
        {
            return (_, _) => Task.FromResult(new DeliveryOutcome(DeliveryState.Done, "nobody_known"));
        }
        var kind = delivery.Topic switch { ShopTopic.DataRequest => ShopRequestKind.Data, ShopTopic.EraseCustomer => ShopRequestKind.EraseCustomer, _ => ShopRequestKind.EraseShop };
        var now = time.GetUtcNow();
        return async (tx, inner) =>
        {
            await tx.ExecuteAsync("""
                insert into commerce_shop_requests (request_id, connection_id, delivery_key, kind, subject_id, received_at, due_at)
                values (@id, @ConnectionId, @Key, @kind, @subject, @now, @due) on conflict do nothing
                """, new { id = Id.New(), delivery.Connection.ConnectionId, delivery.Key, kind, subject, now, due = now + Due }, inner);
            return DeliveryOutcome.Done;
        };
    }

    private async Task<Guid?> SubjectAsync(ShopPerson person, CancellationToken ct) => await statements.FindAsync(IdentityKind.ExternalId, person.CustomerNumber, ct)
        ?? await statements.FindAsync(IdentityKind.Email, person.Email, ct) ?? await statements.FindAsync(IdentityKind.Phone, person.Phone, ct);
}
