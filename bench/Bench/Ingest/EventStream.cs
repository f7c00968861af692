using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Wellmet.Bench.Ingest;

/// <summary>
/// Events as a shop's server sends them: of ten, one is a new customer's first (an identify call with name and e-mail address), one more holds
/// something personal, eight are views, baskets and pages of customers seen before. The same for the same seed.
/// </summary>
internal sealed class EventStream(int seed)
{
    private static readonly string[] Names = ["Product Viewed", "Product Added", "Product List Viewed", "Cart Viewed", "Checkout Started"];
    private ulong state = ((ulong)seed * 2654435769) + 1;
    private int customers, events;

    /// <summary>Batches as the bodies of requests.</summary>
    public List<byte[]> Batches(int count, int size) => [.. Enumerable.Range(0, count).Select(_ => Body(size))];

    private byte[] Body(int size)
    {
        var batch = Enumerable.Range(0, size).Select(_ => Next()).ToArray();
        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { batch, sentAt = (string?)null }));
    }

    private object Next()
    {
        var messageId = $"{seed}-{events}";
        var tenth = events++ % 10;
        if (tenth == 0)
        {
            var id = $"u{seed}-{customers++}";
            return new { type = "identify", messageId, userId = id, traits = new { email = $"{id}@shop.example", name = $"Person {Text(customers)}" } };
        }
        var userId = $"u{seed}-{Number(customers)}";
        return tenth == 1
            ? new { type = "track", messageId, userId, @event = "Gift Note Written", properties = new { note = "For my dear aunt", product_id = $"P{Number(400)}" } }
            : (object)new { type = "track", messageId, userId, @event = Names[Number(Names.Length)], properties = new { product_id = $"P{Number(400)}", price = 9.99, currency = "EUR", category = "Lamps" } };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Xorshift (Marsaglia 2003): the same numbers everywhere.</summary>
    private int Number(int below)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (int)(state % (ulong)below);
    }
}
