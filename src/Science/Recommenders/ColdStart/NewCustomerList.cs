using Wellmet.Science.Recommenders.Places;

namespace Wellmet.Science.Recommenders.ColdStart;

/// <summary>
/// What somebody is shown of whom only the place is known: by turns what sells there more than elsewhere, and what sells best. Places may as well
/// be where people come from and with what ("Lyon, by phone, from a search engine" in "Lyon, by phone" in "Lyon"): any tree will do.
/// Immutable; safe for any number of threads; calls allocate nothing.
/// </summary>
/// <param name="places">What sells where.</param>
public sealed class NewCustomerList(RegionalBestsellers places)
{
    private const int MostLength = 128;

    /// <summary>Fills <paramref name="results"/> with distinct items and returns how many; the score is what the list gave it that it came from.</summary>
    /// <param name="place">Where.</param>
    /// <param name="eligible">The items that may be shown; null for all.</param>
    /// <param name="results">Filled from the front.</param>
    /// <exception cref="ArgumentException">More than 128 results are wanted.</exception>
    public int Rank(int place, ItemSet? eligible, Span<Neighbour> results)
    {
        if (results.Length > MostLength)
        {
            throw new ArgumentException($"At most {MostLength} results.", nameof(results));
        }

        Span<Neighbour> near = stackalloc Neighbour[results.Length];
        Span<Neighbour> best = stackalloc Neighbour[results.Length];
        near = near[..places.NearYou(place, eligible, near, out _)];
        best = best[..places.Top(place, eligible, best)];
        var count = 0;
        for (var at = 0; at < results.Length; at++)
        {
            count = at < near.Length ? Add(near[at], results, count) : count;
            count = at < best.Length ? Add(best[at], results, count) : count;
        }

        return count;
    }

    private static int Add(Neighbour candidate, Span<Neighbour> results, int count)
    {
        if (count == results.Length)
        {
            return count;
        }

        foreach (var result in results[..count])
        {
            if (result.Item == candidate.Item)
            {
                return count;
            }
        }

        results[count] = candidate;
        return count + 1;
    }
}
