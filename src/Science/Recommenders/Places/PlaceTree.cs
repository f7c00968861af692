namespace Wellmet.Science.Recommenders.Places;

/// <summary>Which place lies in which: city, region, country, world. Places are dense indexes given by the caller. Immutable; safe for any number of threads.</summary>
public sealed class PlaceTree
{
    /// <summary>The parent of the one place that holds all others.</summary>
    public const int Nowhere = -1;

    private readonly int[] _parents;

    /// <param name="parents">The parent of each place; a parent comes before its children, so place 0 is the root, with <see cref="Nowhere"/>.</param>
    /// <exception cref="ArgumentException">Place 0 is not the only root, or a parent does not come before its child.</exception>
    public PlaceTree(ReadOnlySpan<int> parents)
    {
        for (var place = 0; place < parents.Length; place++)
        {
            if (parents[place] >= place || (parents[place] < 0) != (place == 0))
            {
                throw new ArgumentException($"Place {place} has the parent {parents[place]}: only place 0 has none, and parents come first.", nameof(parents));
            }
        }

        if (parents.IsEmpty)
        {
            throw new ArgumentException("There is no place.", nameof(parents));
        }

        _parents = parents.ToArray();
    }

    /// <summary>Number of places, the root included.</summary>
    public int Count => _parents.Length;

    /// <summary>The place around a place; <see cref="Nowhere"/> around the root.</summary>
    public int ParentOf(int place) => _parents[place];
}
