namespace Wellmet.Science.Recommenders;

/// <summary>How training may use the machine. The model is the same, bit for bit, for any number of threads.</summary>
/// <param name="Threads">Number of threads, at least 1; 0 for one per processor.</param>
/// <param name="Cancellation">Stops training with <see cref="OperationCanceledException"/>.</param>
public readonly record struct TrainingRun(int Threads = 0, CancellationToken Cancellation = default)
{
    /// <summary>Told how many items more have gone through one of the <see cref="RecommenderModel.Passes"/>; called from several threads.</summary>
    public Action<int>? Finished { get; init; }

    internal ParallelOptions Options => new()
    {
        MaxDegreeOfParallelism = Threads == 0 ? Environment.ProcessorCount : Threads,
        CancellationToken = Cancellation,
    };
}

/// <summary>Runs one independent piece of work per item on several threads, each with a scratch of its own.</summary>
internal static class ItemLoop
{
    private const int ChunkSize = 64;

    /// <param name="itemCount">Work runs for items 0 to this, exclusive.</param>
    /// <param name="run">Threads and cancellation.</param>
    /// <param name="makeScratch">Makes what one thread works with.</param>
    /// <param name="work">Must write only to places that belong to its item.</param>
    public static void Run<TScratch>(int itemCount, TrainingRun run, Func<TScratch> makeScratch, Action<int, TScratch> work)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(run.Threads);
        Parallel.For(0, (itemCount + ChunkSize - 1) / ChunkSize, run.Options, makeScratch, RunChunk, _ => { });

        TScratch RunChunk(int chunk, ParallelLoopState state, TScratch scratch)
        {
            var (from, to) = (chunk * ChunkSize, Math.Min(itemCount, (chunk + 1) * ChunkSize));
            for (var item = from; item < to; item++)
            {
                work(item, scratch);
            }

            run.Finished?.Invoke(to - from);
            return scratch;
        }
    }
}
