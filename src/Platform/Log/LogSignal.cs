namespace Wellmet.Platform.Log;

/// <summary>
/// 'There is something new in the log': wakes the receivers of this process at once. Other nodes learn it through
/// <see cref="LogNotifications"/>, and a slow poll stands behind both, so a lost signal costs a second and nothing else.
/// </summary>
public sealed class LogSignal
{
    private TaskCompletionSource raised = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Raised by this process itself, not on behalf of another node.</summary>
    public event Action? RaisedHere;

    public void Raise()
    {
        Wake();
        RaisedHere?.Invoke();
    }

    /// <summary>Another node told us.</summary>
    public void Wake() => Interlocked.Exchange(ref raised, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Take before looking at the log, await after finding nothing: no signal in between is missed.</summary>
    public Task Next => Volatile.Read(ref raised).Task;
}
