namespace Wellmet.Science.Recommenders;

/// <summary>The form of <see cref="Taste"/> in a model file. A part that is not there has no dimensions.</summary>
internal static class TasteFile
{
    public static void Write(ModelWriter writer, Taste? taste)
    {
        writer.Write(taste?.Shares ?? default);
        writer.WriteArray<float>(taste?.ItemFactors ?? []);
        WriteMatrix(writer, taste?.Als?.Whitened);
        writer.Write(taste?.Als?.Alpha ?? 0);
        WriteMatrix(writer, taste?.Spectral?.Basis);
        writer.WriteArray<float>(taste?.Spectral?.Scales ?? []);
    }

    /// <exception cref="EndOfStreamException">The stream ends too early.</exception>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public static Taste? Read(ModelReader reader, int items)
    {
        var shares = reader.Read<TasteShares>();
        var factors = reader.ReadArray<float>();
        var whitened = ReadMatrix(reader, items);
        var alpha = reader.Read<float>();
        var basis = ReadMatrix(reader, items);
        var scales = reader.ReadArray<float>();
        if (basis is not null && scales.Length != items)
        {
            throw new ArgumentException($"{items} items have {scales.Length} scales.");
        }

        var als = whitened is null ? null : new ItemFactors(whitened, alpha);
        var spectral = basis is null ? null : new SpectralFactors(basis, scales);
        return als is null && spectral is null ? null : new Taste(als, spectral, shares, factors.Length == 0 ? null : factors);
    }

    private static void WriteMatrix(ModelWriter writer, DenseMatrix? matrix)
    {
        writer.Write(matrix?.Columns ?? 0);
        writer.WriteArray<float>(matrix?.Values ?? []);
    }

    private static DenseMatrix? ReadMatrix(ModelReader reader, int items)
    {
        const int most = 1 << 16;
        var columns = reader.Read<int>();
        var values = reader.ReadArray<float>();
        if (columns is < 0 or > most)
        {
            throw new ArgumentException($"{columns} is not a number of dimensions.");
        }

        return columns == 0 ? null : new DenseMatrix(items, columns, values);
    }
}
