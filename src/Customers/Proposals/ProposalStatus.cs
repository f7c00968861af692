using Wellmet.Platform.Ui.Live;

namespace Wellmet.Customers.Proposals;

/// <summary>What comparing customers is at.</summary>
public enum ProposalStage
{
    /// <summary>Reading; the unit of progress is customers.</summary>
    Reading,

    /// <summary>Learning the weights and comparing; how long that takes nobody knows.</summary>
    Comparing,

    /// <summary>Merging what is above the precision that the shop chose, pair by pair.</summary>
    Merging,
}

/// <param name="Total">Null while nobody knows.</param>
public sealed record ProposalProgress(ProposalStage Stage, long Done, long? Total);

/// <summary>Whether this process compares customers, and how far it is; pages that follow along hear of each step. Takes wishes for another run.</summary>
public sealed class ProposalStatus(LiveTopics live) : IDisposable
{
    /// <summary>What pages listen to.</summary>
    public const string Topic = "proposals";

    private readonly SemaphoreSlim asked = new(0, 1);
    private ProposalProgress? progress;
    private bool failed;

    /// <summary>Null while nobody is compared.</summary>
    public ProposalProgress? Progress => Volatile.Read(ref progress);

    /// <summary>Whether the last run ended in an error, which is in the program's log.</summary>
    public bool Failed => Volatile.Read(ref failed);

    /// <summary>Whether a run is asked for and has not begun.</summary>
    public bool Requested => asked.CurrentCount > 0;

    internal void Ask()
    {
        try
        {
            asked.Release();
        }
        catch (SemaphoreFullException)
        {
            // Asked twice it is asked once.
        }
        live.Publish(Topic);
    }

    /// <summary>True when somebody asked, false when the time is over.</summary>
    internal Task<bool> WaitAsync(TimeSpan most, CancellationToken ct) => asked.WaitAsync(most, ct);

    internal void Report(ProposalStage stage, long done, long? total) => Show(new ProposalProgress(stage, done, total));

    internal void End(bool failed)
    {
        Volatile.Write(ref this.failed, failed);
        Show(null);
    }

    public void Dispose() => asked.Dispose();

    private void Show(ProposalProgress? now)
    {
        Volatile.Write(ref progress, now);
        live.Publish(Topic);
    }
}
