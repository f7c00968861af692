namespace Wellmet.Science.Recommenders;

/// <summary>
/// Keeps the best <paramref name="capacity"/> of any number of neighbours: a binary heap with the weakest kept one at the root.
/// Ties go to the lower item index, so the outcome does not depend on the order of the offers.
/// </summary>
internal sealed class BoundedRanking(int capacity)
{
    private static readonly Comparer<Neighbour> BestFirst = Comparer<Neighbour>.Create((a, b) => IsBetter(a, b) ? -1 : IsBetter(b, a) ? 1 : 0);

    private readonly Neighbour[] _heap = new Neighbour[capacity];
    private int _count;

    /// <summary>Whether an offer of this strength can still enter; a cheap test before dearer ones.</summary>
    public bool Accepts(Neighbour candidate) => _count < _heap.Length || (_count > 0 && IsBetter(candidate, _heap[0]));

    public void Offer(Neighbour candidate)
    {
        if (!Accepts(candidate))
        {
            return;
        }

        if (_count < _heap.Length)
        {
            SiftUp(_count++, candidate);
        }
        else
        {
            SiftDown(candidate);
        }
    }

    /// <summary>The kept ones, best first; empties the ranking.</summary>
    public Neighbour[] Take()
    {
        var kept = _heap.AsSpan(0, _count).ToArray();
        Array.Sort(kept, BestFirst);
        _count = 0;
        return kept;
    }

    private static bool IsBetter(Neighbour a, Neighbour b) => a.Score > b.Score || (a.Score == b.Score && a.Item < b.Item);

    private void SiftUp(int at, Neighbour candidate)
    {
        while (at > 0 && IsBetter(_heap[(at - 1) / 2], candidate))
        {
            _heap[at] = _heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _heap[at] = candidate;
    }

    private void SiftDown(Neighbour candidate)
    {
        var at = 0;
        for (var child = 1; child < _count; child = 2 * at + 1)
        {
            if (child + 1 < _count && IsBetter(_heap[child], _heap[child + 1]))
            {
                child++;
            }

            if (!IsBetter(candidate, _heap[child]))
            {
                break;
            }

            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = candidate;
    }
}
