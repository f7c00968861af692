namespace Wellmet.Science.Recommenders;

/// <summary>The settings of every part; null stands for the defaults.</summary>
public sealed record RecommenderSettings(
    AlsoBoughtSettings? AlsoBought = null,
    BoughtTogetherSettings? BoughtTogether = null,
    ForYouSettings? ForYou = null,
    TrendSettings? Trend = null,
    BestsellersSettings? Bestsellers = null);

/// <summary>What a model was trained on.</summary>
/// <param name="Users">Customers, with and without purchases.</param>
/// <param name="Orders">Orders.</param>
/// <param name="Purchases">Distinct pairs of customer and item.</param>
/// <param name="EarliestTime">Time of the first order, seconds since 1970-01-01 UTC; 0 without orders.</param>
/// <param name="LatestTime">Time of the last order, likewise.</param>
public readonly record struct TrainingData(int Users, int Orders, int Purchases, long EarliestTime, long LatestTime);

/// <summary>
/// All a shop's recommendations in one immutable object: trained in one go, saved to and loaded from a stream. Items are the dense indexes
/// of training; the caller keeps which product each one is.
/// </summary>
public sealed class RecommenderModel
{
    /// <summary>The file's first eight bytes, "WELLMETR".</summary>
    private const ulong Magic = 0x5254454D4C4C4557;

    private const int Version = 2;

    /// <summary>How often training goes through all items: co-occurrence, ridge, factorisation, also bought, bought together.</summary>
    public const int Passes = 5;

    private readonly SparseMatrix _weights;

    private RecommenderModel(TrainingData trainedOn, Neighbours alsoBought, Neighbours boughtTogether, ForYou forYou, SparseMatrix weights) =>
        (TrainedOn, AlsoBought, BoughtTogether, ForYou, _weights) = (trainedOn, alsoBought, boughtTogether, forYou, weights);

    /// <summary>What the model was trained on.</summary>
    public TrainingData TrainedOn { get; }

    /// <summary>Customers who bought an item also bought; see <see cref="Recommenders.AlsoBought"/>.</summary>
    public Neighbours AlsoBought { get; }

    /// <summary>What shares orders with an item; see <see cref="Recommenders.BoughtTogether"/>.</summary>
    public Neighbours BoughtTogether { get; }

    /// <summary>Recommendations to one customer.</summary>
    public ForYou ForYou { get; }

    /// <summary>What sells now.</summary>
    public Bestsellers Bestsellers => ForYou.Bestsellers;

    /// <summary>Number of items.</summary>
    public int ItemCount => ForYou.ItemCount;

    /// <summary>Trains every part. The same interactions and settings give the same model, bit for bit, for any number of threads.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static RecommenderModel Train(Interactions interactions, RecommenderSettings? settings = null, TrainingRun run = default)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        settings ??= new RecommenderSettings();
        var trainedOn = new TrainingData(
            interactions.UserCount, interactions.OrderCount, interactions.Users.Count, interactions.EarliestTime, interactions.LatestTime);
        var forYou = settings.ForYou ?? ForYouSettings.Default;
        var trend = Trend.Factors(interactions, settings.Trend);
        var weights = LocalRidge.Train(interactions, forYou.Ridge, run).ScaleColumns(trend);
        var taste = forYou.TrainTaste(interactions, trend, run);
        return new RecommenderModel(
            trainedOn,
            Recommenders.AlsoBought.Train(interactions, settings.AlsoBought, run),
            Recommenders.BoughtTogether.Train(interactions, settings.BoughtTogether, run),
            new ForYou(weights, Bestsellers.Train(interactions, settings.Bestsellers), taste),
            weights);
    }

    /// <summary>Keeps the weights of <see cref="ForYou"/> current between two trainings.</summary>
    /// <param name="interactions">What the model was trained on.</param>
    /// <param name="settings">What it was trained with; null for the defaults.</param>
    public LiveRidge Follow(Interactions interactions, RecommenderSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        return new LiveRidge(interactions, _weights, (settings?.ForYou ?? ForYouSettings.Default).Ridge, Trend.Factors(interactions, settings?.Trend));
    }

    /// <summary>The same model with weights that went on; its file holds what it was trained with.</summary>
    public RecommenderModel With(IItemWeights weights) => new(TrainedOn, AlsoBought, BoughtTogether, ForYou.With(weights), _weights);

    /// <summary>Writes the model: magic, version, data, SHA-256 of all before it; little-endian. The stream stays open, so more may follow.</summary>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var writer = new ModelWriter(stream);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(TrainedOn);
        WriteNeighbours(writer, AlsoBought);
        WriteNeighbours(writer, BoughtTogether);
        writer.WriteArray(Bestsellers.Ranking);
        writer.WriteArray(_weights.Offsets);
        writer.WriteArray(_weights.AllColumns);
        writer.WriteArray(_weights.AllValues);
        TasteFile.Write(writer, ForYou.Taste);
        writer.WriteChecksum();
    }

    /// <summary>Reads what <see cref="Save"/> wrote and leaves the stream right behind it.</summary>
    /// <exception cref="ModelFileException">Not a model file, another version, cut short or damaged.</exception>
    public static RecommenderModel Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var reader = new ModelReader(stream);
        try
        {
            CheckHeader(reader);
            return ReadBody(reader);
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

    private static void CheckHeader(ModelReader reader)
    {
        if (reader.Read<ulong>() != Magic)
        {
            throw new ModelFileException("This is not a recommender model file.");
        }

        var version = reader.Read<int>();
        if (version != Version)
        {
            throw new ModelFileException($"The model file has version {version}; this program reads version {Version}.");
        }
    }

    private static RecommenderModel ReadBody(ModelReader reader)
    {
        var trainedOn = reader.Read<TrainingData>();
        var (alsoOffsets, also) = (reader.ReadArray<int>(), reader.ReadArray<Neighbour>());
        var (togetherOffsets, together) = (reader.ReadArray<int>(), reader.ReadArray<Neighbour>());
        var ranking = reader.ReadArray<Neighbour>();
        var (offsets, columns, values) = (reader.ReadArray<int>(), reader.ReadArray<int>(), reader.ReadArray<float>());
        var taste = TasteFile.Read(reader, ranking.Length);
        if (!reader.ChecksumFits())
        {
            throw new ModelFileException("The model file is damaged: its checksum does not fit its content.");
        }

        var weights = new SparseMatrix(ranking.Length, offsets, columns, values);
        return new RecommenderModel(
            trainedOn, new Neighbours(alsoOffsets, also), new Neighbours(togetherOffsets, together), new ForYou(weights, new Bestsellers(ranking), taste), weights);
    }

    private static void WriteNeighbours(ModelWriter writer, Neighbours neighbours)
    {
        writer.WriteArray(neighbours.Offsets);
        writer.WriteArray(neighbours.AllEntries);
    }
}
