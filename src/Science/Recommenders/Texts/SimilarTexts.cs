using System.Buffers;

namespace Wellmet.Science.Recommenders.Texts;

/// <summary>How similar texts are found.</summary>
public sealed record SimilarTextsSettings
{
    /// <summary>Up to so many items every one is compared; above, only the nearest cells.</summary>
    public int CompareAllUpTo { get; init; } = 50_000;

    /// <summary>Cells per square root of the number of items.</summary>
    public double CellsPerRoot { get; init; } = 1.5;

    /// <summary>Cells looked into per question.</summary>
    public int Probes { get; init; } = 32;

    /// <summary>Rounds of k-means.</summary>
    public int Rounds { get; init; } = 8;
}

/// <summary>
/// Finds the items whose texts are nearest to one, by the cosine of their vectors. Small catalogues are searched through; large ones are cut into
/// cells by spherical k-means, and only the cells nearest to the question are searched (inverted file index, Sivic and Zisserman, "Video Google",
/// ICCV 2003). The same vectors and settings give the same cells for any number of threads. Immutable; safe for any number of threads; a call rents
/// its buffer and allocates nothing once it is warm.
/// </summary>
public sealed class SimilarTexts
{
    private readonly TextCells? _cells;
    private readonly int _probes;

    private SimilarTexts(TextVectors vectors, TextCells? cells, int probes) => (Vectors, _cells, _probes) = (vectors, cells, probes);

    /// <summary>The items' vectors.</summary>
    public TextVectors Vectors { get; }

    /// <summary>Prepares the search: nothing to do for small catalogues, items × cells × rounds dot products for large ones.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static SimilarTexts Build(TextVectors vectors, SimilarTextsSettings? settings = null, TrainingRun run = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        settings ??= new SimilarTextsSettings();
        return new SimilarTexts(vectors, vectors.Count > settings.CompareAllUpTo ? TextCells.Build(vectors, settings, run) : null, settings.Probes);
    }

    /// <summary>The items nearest to an item, without the item itself; nearest first. Returns how many there were.</summary>
    /// <param name="item">Product index.</param>
    /// <param name="eligible">The items that may be shown; null for all.</param>
    /// <param name="results">Filled from the front with items and their cosines above 0.</param>
    public int Nearest(int item, ItemSet? eligible, Span<Neighbour> results) => Nearest(Vectors.Of(item), item, eligible, results);

    /// <summary>The items nearest to any text.</summary>
    /// <inheritdoc cref="Nearest(int, ItemSet?, Span{Neighbour})" path="/param"/>
    /// <param name="vector">From <see cref="TextModel.Embed(in ItemText, Span{sbyte})"/>.</param>
    public int Nearest(ReadOnlySpan<sbyte> vector, ItemSet? eligible, Span<Neighbour> results) => Nearest(vector, -1, eligible, results);

    private int Nearest(ReadOnlySpan<sbyte> vector, int without, ItemSet? eligible, Span<Neighbour> results)
    {
        var search = new Search(Vectors, vector, without, eligible, results);
        if (_cells is not null)
        {
            LookIntoCells(_cells, ref search);
        }

        // Few eligible items may lie in none of the nearest cells.
        if (_cells is null || search.Count < results.Length)
        {
            search.Restart();
            for (var item = 0; item < Vectors.Count; item++)
            {
                search.Offer(item);
            }
        }

        return search.Count;
    }

    private void LookIntoCells(TextCells cells, ref Search search)
    {
        var buffer = ArrayPool<Neighbour>.Shared.Rent(_probes);
        try
        {
            var nearest = new Search(cells.Centres, search.Vector, -1, null, buffer.AsSpan(0, Math.Min(_probes, cells.Centres.Count)));
            for (var cell = 0; cell < cells.Centres.Count; cell++)
            {
                nearest.Offer(cell);
            }

            for (var at = 0; at < nearest.Count; at++)
            {
                foreach (var item in cells.ItemsOf(buffer[at].Item))
                {
                    search.Offer(item);
                }
            }
        }
        finally
        {
            ArrayPool<Neighbour>.Shared.Return(buffer);
        }
    }

    /// <summary>Keeps the nearest in a sorted list; most offers fail the first comparison.</summary>
    private ref struct Search(TextVectors vectors, ReadOnlySpan<sbyte> vector, int without, ItemSet? eligible, Span<Neighbour> results)
    {
        private readonly Span<Neighbour> _results = results;
        private readonly float _inverseLength = TextVectors.InverseLength(vector);

        public ReadOnlySpan<sbyte> Vector { get; } = vector;

        public int Count { get; private set; }

        public void Restart() => Count = 0;

        public void Offer(int item)
        {
            var candidate = new Neighbour(item, TextVectors.Dot(Vector, vectors.Of(item)) * vectors.InverseLengthOf(item) * _inverseLength);
            if (!(candidate.Score > 0) || item == without || _results.IsEmpty
                || (Count == _results.Length && !IsNearer(candidate, _results[Count - 1])) || eligible?.Contains(item) == false)
            {
                return;
            }

            var at = Count < _results.Length ? Count++ : Count - 1;
            for (; at > 0 && IsNearer(candidate, _results[at - 1]); at--)
            {
                _results[at] = _results[at - 1];
            }

            _results[at] = candidate;
        }

        private static bool IsNearer(Neighbour a, Neighbour b) => a.Score > b.Score || (a.Score == b.Score && a.Item < b.Item);
    }
}
