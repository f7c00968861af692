using System.Net;

namespace Wellmet.Platform.SafeHttp;

/// <summary>What <see cref="SafeHttpClient"/> may do; the defaults are right for addresses that people type in.</summary>
public sealed record SafeHttpOptions
{
    public bool AllowPlainHttp { get; init; }

    /// <summary>Ranges that an administrator opened although they are not public, e.g. the shop's own server.</summary>
    public IReadOnlyList<IPNetwork> AllowedRanges { get; init; } = [];

    public IReadOnlyList<int> Ports { get; init; } = [443, 80];
    public int MaxRedirects { get; init; } = 3;
    public int MaxAnswerBytes { get; init; } = 1024 * 1024;
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A failure takes at least this long, so that its time does not tell what stands behind a firewall.</summary>
    public TimeSpan LeastFailureTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Finds the addresses of a host.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;
}
