using Wellmet.Platform.Ui.Live;

namespace Wellmet.Recommendations.Models;

/// <summary>What a training is at.</summary>
public enum TrainingStage
{
    /// <summary>Reading orders from the log; the unit of progress is events.</summary>
    Reading,

    /// <summary>Learning; the unit of progress is products × passes.</summary>
    Learning,

    /// <summary>Measuring how well it foretells, and trying other settings; how long that takes nobody knows.</summary>
    Checking,
}

/// <param name="Total">Null while nobody knows.</param>
public sealed record TrainingProgress(TrainingStage Stage, long Done, long? Total);

/// <summary>Whether this process is training or measuring, and how far it is. One of them at a time; pages that follow along hear of each step.</summary>
public sealed class TrainingStatus(LiveTopics live) : IDisposable
{
    /// <summary>What pages with the state of training listen to.</summary>
    public const string Topic = "recommendations";

    private const int ReportEvery = 500;

    private readonly SemaphoreSlim turn = new(1, 1);
    private TrainingProgress? progress;
    private bool requested;
    private bool failed;

    /// <summary>Null while nothing is being trained.</summary>
    public TrainingProgress? Progress => Volatile.Read(ref progress);

    /// <summary>Somebody asked for a new model, and its training has not begun.</summary>
    public bool Requested => Volatile.Read(ref requested);

    /// <summary>Whether the last training ended in an error, which is in the program's log.</summary>
    public bool Failed => Volatile.Read(ref failed);

    internal void Request()
    {
        Volatile.Write(ref requested, true);
        live.Publish(Topic);
    }

    /// <summary>Pages that follow along look again.</summary>
    internal void Tell() => live.Publish(Topic);

    internal async Task<TResult> RunAsync<TResult>(TrainingStage first, Func<Task<TResult>> work, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            Report(new TrainingProgress(first, 0, null));
            if (first == TrainingStage.Reading)
            {
                Volatile.Write(ref requested, false);
            }
            var result = await work();
            Volatile.Write(ref failed, failed && first == TrainingStage.Checking);
            return result;
        }
        catch (Exception e) when (e is not OperationCanceledException && first == TrainingStage.Reading)
        {
            Volatile.Write(ref failed, true);
            throw;
        }
        finally
        {
            Report(null);
            turn.Release();
        }
    }

    internal void Read(long events)
    {
        if (events % ReportEvery == 0)
        {
            Report(new TrainingProgress(TrainingStage.Reading, events, null));
        }
    }

    internal void Learned(long done, long total) => Report(new TrainingProgress(TrainingStage.Learning, done, total));

    public void Dispose() => turn.Dispose();

    private void Report(TrainingProgress? now)
    {
        Volatile.Write(ref progress, now);
        live.Publish(Topic);
    }
}
