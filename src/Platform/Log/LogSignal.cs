namespace Wellmet.Platform.Log;

/// <summary>
/// 'There is something new in the log': wakes the receivers of this process at once, those that want none of it a little later. Other nodes learn it through
/// <see cref="LogNotifications"/>, and a slow poll stands behind all, so a lost signal costs a second and nothing else.
/// </summary>
public sealed class LogSignal
{
    private readonly Lock adding = new();
    private Listener[] listeners = [];

    /// <summary>Raised by this process itself, not on behalf of another node.</summary>
    public event Action<IReadOnlyCollection<Type>>? RaisedHere;

    /// <summary>Events of these types were told.</summary>
    public void Raise(IReadOnlyCollection<Type> told)
    {
        Wake(told);
        RaisedHere?.Invoke(told);
    }

    /// <summary>Another node told something, or something waits to be tried again.</summary>
    /// <param name="told">Types of events; null where they are not known.</param>
    public void Wake(IReadOnlyCollection<Type>? told = null)
    {
        foreach (var listener in Volatile.Read(ref listeners))
        {
            listener.Hear(told);
        }
    }

    /// <summary>A receiver's ear; for as long as the process runs.</summary>
    internal Listener Listen(IReadOnlyList<Type> wanted)
    {
        var listener = new Listener(wanted);
        lock (adding)
        {
            Volatile.Write(ref listeners, [.. listeners, listener]);
        }
        return listener;
    }

    /// <summary>Take a task before looking at the log, await it after finding nothing: no signal in between is missed.</summary>
    internal sealed class Listener(IReadOnlyList<Type> wanted)
    {
        private TaskCompletionSource something = Fresh(), anything = Fresh();

        /// <summary>There is something for this receiver.</summary>
        public Task Wanted => Volatile.Read(ref something).Task;

        /// <summary>There is something for whomever: the cursor can move on.</summary>
        public Task Anything => Volatile.Read(ref anything).Task;

        /// <param name="told">Null where the types are not known.</param>
        public void Hear(IReadOnlyCollection<Type>? told)
        {
            if (told is null || told.Any(wanted.Contains))
            {
                Interlocked.Exchange(ref something, Fresh()).TrySetResult();
            }
            Interlocked.Exchange(ref anything, Fresh()).TrySetResult();
        }

        private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
