namespace Wellmet.Science.Recommenders;

/// <summary>Lends buffers to one caller at a time and keeps them for the next, so that serving allocates nothing once it is warm.</summary>
internal sealed class ScratchPool<T>(Func<T> make)
    where T : class
{
    private readonly T?[] _kept = new T?[2 * Environment.ProcessorCount];

    public T Rent()
    {
        foreach (ref var place in _kept.AsSpan())
        {
            if (place is not null && Interlocked.Exchange(ref place, null) is { } scratch)
            {
                return scratch;
            }
        }

        return make();
    }

    public void Return(T scratch)
    {
        foreach (ref var place in _kept.AsSpan())
        {
            if (place is null && Interlocked.CompareExchange(ref place, scratch, null) is null)
            {
                return;
            }
        }
    }
}
