using Wellmet.Platform.Ui.Live;
using Wellmet.Recommendations.Models;

namespace Wellmet.Recommendations.Predictions;

/// <summary>What making predictions is at; the unit of progress is customers.</summary>
public enum PredictionStage
{
    /// <summary>Reading the histories that are learnt from.</summary>
    Reading,

    /// <summary>Learning; how long that takes nobody knows.</summary>
    Learning,

    /// <summary>Foretelling and writing, customer by customer.</summary>
    Predicting,
}

/// <param name="Total">Null while nobody knows.</param>
public sealed record PredictionProgress(PredictionStage Stage, long Done, long? Total);

/// <summary>Whether this process makes predictions, and how far it is; pages that follow along hear of each step.</summary>
public sealed class PredictionStatus(LiveTopics live)
{
    /// <summary>What pages listen to.</summary>
    public const string Topic = "predictions";

    private PredictionProgress? progress;
    private bool failed;

    /// <summary>Null while none are made.</summary>
    public PredictionProgress? Progress => Volatile.Read(ref progress);

    /// <summary>Whether the last run ended in an error, which is in the program's log.</summary>
    public bool Failed => Volatile.Read(ref failed);

    internal void Report(PredictionStage stage, long done, long? total) => Show(new PredictionProgress(stage, done, total));

    internal void End(bool failed)
    {
        Volatile.Write(ref this.failed, failed);
        Show(null);
    }

    /// <summary>Pages that follow along look again.</summary>
    internal void Tell() => live.Publish(Topic);

    private void Show(PredictionProgress? now)
    {
        Volatile.Write(ref progress, now);
        Tell();
    }
}

/// <summary>Somebody asks that predictions are made now; <see cref="PredictionWorker"/> hears of it.</summary>
public sealed class PredictionRequest : BackgroundRequest;
