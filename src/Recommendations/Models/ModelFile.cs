using System.Security.Cryptography;
using System.Text.Json;
using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Models;

/// <summary>
/// The form of a model on disk: the recommender as <see cref="RecommenderModel.Save"/> writes it, then length and bytes of what is added here
/// (format version, products, both counts, the habits, what is similar, what is looked at together and next, what sells where, the card as JSON), then the SHA-256 of these bytes.
/// </summary>
internal static class ModelFile
{
    private const int Version = 5;

    public static void Write(Stream stream, ShopModel model)
    {
        model.Recommender.Save(stream);
        var added = Added(model);
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(added.Length);
        writer.Write(added);
        writer.Write(SHA256.HashData(added));
    }

    /// <exception cref="ModelFileException">Not a model file, another version, cut short or damaged.</exception>
    public static ShopModel Read(Stream stream)
    {
        var recommender = RecommenderModel.Load(stream);
        try
        {
            return ReadAdded(recommender, CheckedBytes(stream));
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException or JsonException)
        {
            throw new ModelFileException("The model file is damaged: its second part cannot be read.", e);
        }
    }

    private static byte[] Added(ShopModel model)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write(Version);
        foreach (var product in model.Products)
        {
            writer.Write(product.ToByteArray(bigEndian: true));
        }
        WriteCounts(writer, model.CustomersOfBoth);
        WriteCounts(writer, model.OrdersWithBoth);
        HabitsFile.Write(writer, model.Habits);
        HabitsFile.WriteNeighbours(writer, model.Similar);
        HabitsFile.WriteNeighbours(writer, model.Viewed.Products);
        WriteCounts(writer, model.Viewed.Viewers);
        HabitsFile.WriteNeighbours(writer, model.Next.Steps);
        PlacesFile.Write(writer, model.Places);
        writer.Write(JsonSerializer.Serialize(model.Card));
        writer.Flush();
        return memory.ToArray();
    }

    private static byte[] CheckedBytes(Stream stream)
    {
        using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        var length = reader.ReadInt32();
        if (length < 0 || length > stream.Length - stream.Position)
        {
            throw new EndOfStreamException();
        }
        var bytes = reader.ReadBytes(length);
        return reader.ReadBytes(SHA256.HashSizeInBytes).AsSpan().SequenceEqual(SHA256.HashData(bytes))
            ? bytes
            : throw new ModelFileException("The model file is damaged: its second checksum does not fit.");
    }

    private static ShopModel ReadAdded(RecommenderModel recommender, byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var version = reader.ReadInt32();
        if (version != Version)
        {
            throw new ModelFileException($"The model file's second part has version {version}; this program reads version {Version}.");
        }
        var products = new Guid[recommender.ItemCount];
        for (var item = 0; item < products.Length; item++)
        {
            products[item] = new Guid(reader.ReadBytes(16), bigEndian: true);
        }
        var (customers, orders) = (ReadCounts(reader, recommender.AlsoBought), ReadCounts(reader, recommender.BoughtTogether));
        var habits = HabitsFile.Read(reader, products.Length);
        var similar = HabitsFile.ReadNeighbours(reader, products.Length);
        var viewed = HabitsFile.ReadNeighbours(reader, products.Length);
        var viewers = ReadCounts(reader, viewed);
        var next = new NextLooks(HabitsFile.ReadNeighbours(reader, products.Length));
        var places = PlacesFile.Read(reader);
        var card = JsonSerializer.Deserialize<ModelCard>(reader.ReadString()) ?? throw new JsonException("The card is empty.");
        return new ShopModel(recommender, products, customers, orders, habits, similar, card) { Viewed = new AlsoViewed(viewed, viewers), Next = next, Places = places };
    }

    private static void WriteCounts(BinaryWriter writer, SharedCounts counts)
    {
        writer.Write(counts.All.Length);
        foreach (var count in counts.All)
        {
            writer.Write(count);
        }
    }

    private static SharedCounts ReadCounts(BinaryReader reader, Neighbours neighbours)
    {
        var counts = new int[reader.ReadInt32()];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = reader.ReadInt32();
        }
        return new SharedCounts(neighbours, counts);
    }
}
