using System.Text;
using Wellmet.Commerce.Connectors;
using Wellmet.Commerce.ShopPayloads;
using Wellmet.Platform;

namespace Wellmet.Commerce.Mappings;

/// <summary>Finds a message's id in its body, where the mapping says that it stands there.</summary>
internal sealed class MessageIds(MappingStore mappings)
{
    /// <summary>Null where there is none: the same bytes are the same message then.</summary>
    public async Task<string?> KeyOfAsync(Connection connection, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        if (!connection.IsGeneric || await mappings.CurrentAsync(connection.ConnectionId, ct) is not { Mapping.DeliveryId: { } path })
        {
            return null;
        }
        try
        {
            var payload = WorkMapped.ParsePayload(Encoding.UTF8.GetString(body.Span));
            return JsonPath.Parse(path).Find(new JsonScope(payload, payload, new ReadingBudget())).Select(JsonText.Of).Select(ShopJson.Clean).FirstOrDefault() is { Length: <= ShopProtocol.LongestHeader } id ? "id:" + id : null;
        }
        catch (Exception e) when (e is ProblemException or InvalidOperationException)
        {
            // No payload, or a name with half of a surrogate pair, which .NET does not compare.
            return null;
        }
    }
}
