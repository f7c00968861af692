namespace Wellmet.Recommendations.Models;

/// <summary>Somebody asks that work in the background is done now, and its worker, which waits for it, hears of it.</summary>
public abstract class BackgroundRequest : IDisposable
{
    private readonly SemaphoreSlim asked = new(0, 1);

    /// <summary>Whether it is asked for and has not begun.</summary>
    public bool Waits => asked.CurrentCount > 0;

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
    }

    /// <summary>True when somebody asked, false when the time is over.</summary>
    internal Task<bool> WaitAsync(TimeSpan most, CancellationToken ct) => asked.WaitAsync(most, ct);

    public void Dispose()
    {
        asked.Dispose();
        GC.SuppressFinalize(this);
    }
}
