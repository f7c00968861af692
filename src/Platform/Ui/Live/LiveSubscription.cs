namespace Wellmet.Platform.Ui.Live;

/// <summary>One open page. Holds which of its topics changed since it last looked: bounded by the number of its topics.</summary>
internal sealed class LiveSubscription(IReadOnlyCollection<string> topics, Action<LiveSubscription> remove) : IDisposable
{
    private readonly Lock gate = new();
    private readonly HashSet<string> changed = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim signal = new(0, 1);

    public IReadOnlyCollection<string> Topics { get; } = topics;

    public void Mark(string topic)
    {
        lock (gate)
        {
            if (changed.Add(topic) && changed.Count == 1)
            {
                signal.Release();
            }
        }
    }

    /// <returns>False when nothing changed within this time.</returns>
    public async Task<bool> WaitAsync(TimeSpan patience, TimeProvider time, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            await signal.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>What changed since the last time, each topic once.</summary>
    public IReadOnlyList<string> Take()
    {
        lock (gate)
        {
            string[] taken = [.. changed];
            changed.Clear();
            return taken;
        }
    }

    public void Dispose()
    {
        remove(this);
        signal.Dispose();
    }
}
