using System.Text;
using Wellmet.Science.Recommenders;

namespace Wellmet.Science.Predictions;

/// <summary>A model as bytes: magic, version, features, trees, SHA-256 of all before it; little-endian.</summary>
public static class CalibratedTreesFile
{
    /// <summary>The file's first eight bytes, "WELLMETP".</summary>
    private const ulong Magic = 0x5054454D4C4C4557;

    private const int Version = 1, MostFeatures = 100_000;

    /// <summary>Writes the model. The stream stays open, so more may follow.</summary>
    public static void Save(CalibratedTrees model, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        using var writer = new ModelWriter(stream);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(model.Scaling);
        writer.Write(model.Quality);
        writer.Write(model.Trees.BaseLogOdds);
        writer.Write(model.Trees.Features.Count);
        foreach (var feature in model.Trees.Features)
        {
            writer.Write((int)feature.Kind);
            WriteText(writer, feature.Name);
            writer.Write(feature.Categories.Count);
            feature.Categories.ToList().ForEach(category => WriteText(writer, category));
        }
        writer.Write(model.Trees.TreeCount);
        foreach (var tree in model.Trees.Trees)
        {
            WriteTree(writer, tree);
        }
        writer.WriteChecksum();
    }

    /// <summary>Reads what <see cref="Save"/> wrote and leaves the stream right behind it.</summary>
    /// <exception cref="ModelFileException">Not a model file, another version, cut short or damaged.</exception>
    public static CalibratedTrees Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var reader = new ModelReader(stream);
        try
        {
            if (reader.Read<ulong>() != Magic || reader.Read<int>() != Version)
            {
                throw new ModelFileException("This is not a file of predictions, or one of another version.");
            }
            return Body(reader);
        }
        catch (EndOfStreamException exception)
        {
            throw new ModelFileException("The model file is cut short.", exception);
        }
        catch (ArgumentException exception)
        {
            throw new ModelFileException("The model file is damaged: its parts do not fit together.", exception);
        }
    }

    private static CalibratedTrees Body(ModelReader reader)
    {
        var (scaling, quality, start) = (reader.Read<PlattScaling>(), reader.Read<PredictionQuality>(), reader.Read<double>());
        var features = Many(reader, MostFeatures, () => ReadFeature(reader));
        var trees = Many(reader, int.MaxValue, () => ReadTree(reader).Checked(features.Length));
        if (!reader.ChecksumFits())
        {
            throw new ModelFileException("The model file is damaged: its checksum does not fit its content.");
        }
        return new CalibratedTrees(new GradientBoostedTrees(features, start, trees), scaling, quality);
    }

    private static Feature ReadFeature(ModelReader reader)
    {
        var kind = (FeatureKind)reader.Read<int>();
        var name = ReadText(reader);
        return new Feature(name, kind, Many(reader, Bins.MostBins, () => ReadText(reader)));
    }

    private static T[] Many<T>(ModelReader reader, int most, Func<T> read)
    {
        var count = reader.Read<int>();
        if (count < 0 || count > most)
        {
            throw new ModelFileException("The model file is damaged: a number of parts is impossible.");
        }
        // One by one: a damaged number then ends at the end of the file, not in a huge allocation.
        var parts = new List<T>();
        for (var i = 0; i < count; i++)
        {
            parts.Add(read());
        }
        return [.. parts];
    }

    private static void WriteTree(ModelWriter writer, Tree tree)
    {
        writer.WriteArray<int>(tree.Feature);
        writer.WriteArray<double>(tree.Threshold);
        writer.WriteArray<uint>(tree.Categories);
        writer.WriteArray<byte>(tree.MissingLeft);
        writer.WriteArray<int>(tree.Left);
        writer.WriteArray<int>(tree.Right);
        writer.WriteArray<double>(tree.Value);
        writer.WriteArray<double>(tree.Cover);
    }

    private static Tree ReadTree(ModelReader reader) => new(
        reader.ReadArray<int>(), reader.ReadArray<double>(), reader.ReadArray<uint>(), reader.ReadArray<byte>(),
        reader.ReadArray<int>(), reader.ReadArray<int>(), reader.ReadArray<double>(), reader.ReadArray<double>());

    private static void WriteText(ModelWriter writer, string text) => writer.WriteArray<byte>(Encoding.UTF8.GetBytes(text));

    private static string ReadText(ModelReader reader) => Encoding.UTF8.GetString(reader.ReadArray<byte>());
}
