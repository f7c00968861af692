namespace Wellmet.Platform.Storage;

/// <summary>
/// Whether what is acknowledged is still durable. After a failed fsync the kernel may have dropped the pages, so nothing is retried:
/// every later write is refused and the host ends with <see cref="ExitCode"/> for its supervisor to start it anew.
/// </summary>
public sealed class StorageHealth
{
    /// <summary>EX_SOFTWARE of sysexits.h.</summary>
    public const int ExitCode = 70;

    private string? failure;

    /// <summary>Called once, on the first fatal fault.</summary>
    public event Action<string>? Failed;

    public string? Failure => failure;

    public void Fail(string reason)
    {
        if (Interlocked.CompareExchange(ref failure, reason, null) is null)
        {
            Failed?.Invoke(reason);
        }
    }

    public void ThrowIfFailed()
    {
        if (failure is not null)
        {
            throw new ProblemException("storage_failed", "The storage failed and nothing more is accepted until the program is started again: {0}", 503, failure);
        }
    }
}
