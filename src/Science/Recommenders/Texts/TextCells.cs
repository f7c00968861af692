using Wellmet.Science.Statistics;

namespace Wellmet.Science.Recommenders.Texts;

/// <summary>A catalogue cut into cells of similar texts, by spherical k-means over the vectors.</summary>
internal sealed class TextCells
{
    private const ulong Seed = 0x7E47;

    private readonly int[] _offsets;
    private readonly int[] _items;

    private TextCells(TextVectors centres, int[] cellOf)
    {
        Centres = centres;
        _offsets = RowOffsets.Count(cellOf, centres.Count);
        _items = [.. Enumerable.Range(0, cellOf.Length).OrderBy(item => cellOf[item])];
    }

    /// <summary>The mean direction of each cell.</summary>
    public TextVectors Centres { get; }

    /// <summary>The items of a cell, ascending.</summary>
    public ReadOnlySpan<int> ItemsOf(int cell) => _items.AsSpan(_offsets[cell], _offsets[cell + 1] - _offsets[cell]);

    public static TextCells Build(TextVectors vectors, SimilarTextsSettings settings, TrainingRun run)
    {
        var centres = Draw(vectors, Math.Max(1, (int)(settings.CellsPerRoot * Math.Sqrt(vectors.Count))));
        var cellOf = new int[vectors.Count];
        for (var round = 0; round < settings.Rounds; round++)
        {
            ItemLoop.Run(vectors.Count, run, () => 0, (item, _) => cellOf[item] = NearestCell(vectors.Of(item), centres));
            centres = Means(vectors, new TextCells(centres, cellOf));
        }

        ItemLoop.Run(vectors.Count, run, () => 0, (item, _) => cellOf[item] = NearestCell(vectors.Of(item), centres));
        return new TextCells(centres, cellOf);
    }

    /// <summary>Distinct items drawn at random are the first centres.</summary>
    private static TextVectors Draw(TextVectors vectors, int count)
    {
        var random = new SeededRandom(Seed);
        var items = Enumerable.Range(0, vectors.Count).ToArray();
        var drawn = new sbyte[count * TextModel.Dimensions];
        for (var cell = 0; cell < count; cell++)
        {
            var at = cell + random.Next(items.Length - cell);
            (items[cell], items[at]) = (items[at], items[cell]);
            vectors.Of(items[cell]).CopyTo(drawn.AsSpan(cell * TextModel.Dimensions));
        }

        return new TextVectors(drawn);
    }

    private static int NearestCell(ReadOnlySpan<sbyte> vector, TextVectors centres)
    {
        var (nearest, highest) = (0, float.NegativeInfinity);
        for (var cell = 0; cell < centres.Count; cell++)
        {
            var cosine = TextVectors.Dot(vector, centres.Of(cell)) * centres.InverseLengthOf(cell);
            (nearest, highest) = cosine > highest ? (cell, cosine) : (nearest, highest);
        }

        return nearest;
    }

    /// <summary>A cell that lost all its items keeps its centre.</summary>
    private static TextVectors Means(TextVectors vectors, TextCells cells)
    {
        var means = new sbyte[cells.Centres.All.Length];
        for (var cell = 0; cell < cells.Centres.Count; cell++)
        {
            var mean = means.AsSpan(cell * TextModel.Dimensions, TextModel.Dimensions);
            if (cells.ItemsOf(cell).IsEmpty)
            {
                cells.Centres.Of(cell).CopyTo(mean);
            }
            else
            {
                vectors.Mean(cells.ItemsOf(cell), mean);
            }
        }

        return new TextVectors(means);
    }
}
