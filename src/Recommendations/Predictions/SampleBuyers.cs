using Wellmet.Commerce.Contract;
using Wellmet.Science.Experiments;

namespace Wellmet.Recommendations.Predictions;

/// <summary>Draws buyers out of all: those whose ids have the lowest hashes, so the same buyers give the same sample. Memory is that of the sample, however many there are.</summary>
public sealed class SampleBuyers(IOrders orders, PredictionOptions options)
{
    private const int PageSize = 5_000;

    /// <returns>How many there are, and the subjects of the sample by id.</returns>
    internal async Task<(int All, IReadOnlyList<Guid> Sample)> RunAsync(CancellationToken ct)
    {
        var lowest = new PriorityQueue<Guid, ulong>(Comparer<ulong>.Create((a, b) => b.CompareTo(a)));
        var all = 0;
        IReadOnlyList<Guid> page;
        for (var after = Guid.Empty; (page = await orders.BuyersAsync(after, PageSize, ct)).Count > 0; after = page[^1])
        {
            all += page.Count;
            foreach (var buyer in page)
            {
                var hash = XxHash64.Hash(buyer.ToByteArray(bigEndian: true));
                if (lowest.Count < options.Sample)
                {
                    lowest.Enqueue(buyer, hash);
                }
                else
                {
                    lowest.EnqueueDequeue(buyer, hash);
                }
            }
        }
        return (all, [.. lowest.UnorderedItems.Select(b => b.Element).Order()]);
    }
}
