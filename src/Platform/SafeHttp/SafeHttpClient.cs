using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Wellmet.Platform.SafeHttp;

/// <summary>A request to an address that somebody gave us.</summary>
public sealed record SafeRequest(HttpMethod Method, Uri Address)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Null for a request that carries nothing.</summary>
    public RequestBody? Body { get; init; }

    /// <summary>For a request that may take longer, or less, than others.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>An answer, read whole.</summary>
/// <param name="Address">Where it came from, after redirects.</param>
public sealed record SafeAnswer(int Status, Uri Address, string? ContentType, byte[] Body)
{
    /// <summary>How long the other side asks to wait before the next request; null where it says nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>
/// The only way out for addresses that people type or send: webhooks, feeds, images. Connects only to public addresses, to the very address that
/// was checked (so a name that changes its mind gains nothing), checks every redirect anew, and reads a bounded answer. No cookies, no proxy.
/// </summary>
public sealed class SafeHttpClient : IDisposable
{
    private readonly SafeHttpOptions options;
    private readonly TimeProvider time;
    private readonly HttpClient client;

    [SuppressMessage("ApiDesign", "RS0030", Justification = "This is the one client that may be made.")]
    public SafeHttpClient(SafeHttpOptions options, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = ConnectAsync,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <exception cref="ProblemException">
    /// <c>address_invalid</c>: not an address we call; <c>address_unreachable</c> (502): refused, not there or too slow, and it does not say which;
    /// <c>answer_large</c> (502).
    /// </exception>
    public async Task<SafeAnswer> SendAsync(SafeRequest request, CancellationToken ct)
    {
        Demand(request.Address);
        var started = time.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(request.Timeout ?? options.Timeout);
        try
        {
            return await FollowAsync(request, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            var left = options.LeastFailureTime - time.GetElapsedTime(started);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, time, ct);
            }
            throw new ProblemException("address_unreachable", "{0} could not be reached.", 502, request.Address.Host);
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<SafeAnswer> FollowAsync(SafeRequest request, CancellationToken ct)
    {
        var address = request.Address;
        for (var redirects = 0; ; redirects++)
        {
            using var message = MessageOf(request, address);
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, ct);
            // Only what merely asks follows: what changes something must not be sent to an address nobody entered.
            if ((int)response.StatusCode is not (>= 300 and < 400) || response.Headers.Location is not { } next || request.Method != HttpMethod.Get)
            {
                return new SafeAnswer((int)response.StatusCode, address, response.Content.Headers.ContentType?.ToString(), await ReadAsync(response, ct)) { RetryAfter = RetryAfterOf(response) };
            }
            if (redirects == options.MaxRedirects)
            {
                throw new HttpRequestException("Too many redirects.");
            }
            address = new Uri(address, next);
            Demand(address);
        }
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } at } => at - time.GetUtcNow(),
        _ => null,
    };

    private static HttpRequestMessage MessageOf(SafeRequest request, Uri address)
    {
        var message = new HttpRequestMessage(request.Method, address);
        if (request.Body is not null)
        {
            message.Content = new ByteArrayContent(request.Body.Content);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.Body.ContentType);
        }
        // Secrets of the first host are none of the next one's business.
        if (address.IdnHost == request.Address.IdnHost && address.Scheme == request.Address.Scheme)
        {
            foreach (var (name, value) in request.Headers)
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return message;
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, ct)) > 0;)
        {
            if (body.Length + read > options.MaxAnswerBytes)
            {
                throw new ProblemException("answer_large", "The answer of {0} is larger than {1} bytes.", 502, response.RequestMessage!.RequestUri!.Host, options.MaxAnswerBytes);
            }
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    /// <summary>Whether an address that somebody enters may be called at all; what its name leads to is looked at each time it is called.</summary>
    /// <exception cref="ProblemException"><c>address_invalid</c>.</exception>
    public void Demand(Uri address)
    {
        var allowed = address.IsAbsoluteUri
            && (address.Scheme == Uri.UriSchemeHttps || (options.AllowPlainHttp && address.Scheme == Uri.UriSchemeHttp))
            && address.UserInfo.Length == 0 && address.IdnHost.Length > 0 && options.Ports.Contains(address.Port)
            && (!IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var literal) || IsAllowed(literal));
        if (!allowed)
        {
            throw new ProblemException("address_invalid", "This address is not called from here: it must begin with https:// and lead to the public internet.");
        }
    }

    private bool IsAllowed(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return PublicAddresses.Contains(plain) || options.AllowedRanges.Any(r => r.BaseAddress.AddressFamily == plain.AddressFamily && r.Contains(plain));
    }

    /// <summary>Resolves, checks, and connects to what was checked.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await options.Resolve(host, ct);
        if (addresses.Length == 0 || !addresses.All(IsAllowed))
        {
            throw new HttpRequestException("The host leads to an address that is not public.");
        }
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
