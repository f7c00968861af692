namespace Wellmet.Platform.Security;

/// <summary>How the program is reached.</summary>
/// <param name="BaseUrl">The address people use, e.g. <c>https://crm.example.com</c>: links, cookies and accepted host names follow from it.</param>
/// <param name="KnownProxies">IP addresses or CIDR ranges of the reverse proxies whose <c>X-Forwarded-For</c> is believed; none by default.</param>
public sealed record WebOptions(Uri BaseUrl, IReadOnlyList<string> KnownProxies)
{
    /// <summary>Serve plain HTTP on a host other than localhost: passwords and sessions can then be read on the way.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>Let everybody read the API document; by default it is for staff and keys.</summary>
    public bool PublicApiDocument { get; init; }

    public bool IsHttps => BaseUrl.Scheme == Uri.UriSchemeHttps;

    /// <summary>
    /// Whether cookies are <c>Secure</c> and carry the <c>__Host-</c> prefix: under https, and on localhost, which Chromium and Firefox treat as
    /// trustworthy. (Safari does not: there, use https or 127.0.0.1 behind a proxy with TLS.)
    /// </summary>
    public bool HasSecureCookies => IsHttps || BaseUrl.IsLoopback;

    /// <summary>An address of this program.</summary>
    /// <param name="path">Begins with a slash.</param>
    public Uri Link(string path) => new(BaseUrl, path);

    /// <exception cref="ProblemException"><c>base_url_invalid</c>, <c>plain_http_refused</c>.</exception>
    public void Demand()
    {
        if (!BaseUrl.IsAbsoluteUri || BaseUrl.Scheme is not ("http" or "https") || BaseUrl.AbsolutePath != "/" || BaseUrl.Query.Length > 0)
        {
            throw new ProblemException("base_url_invalid", "The base URL {0} must look like https://crm.example.com, without a path.", 500, BaseUrl);
        }
        if (!HasSecureCookies && !AllowPlainHttp)
        {
            throw new ProblemException("plain_http_refused",
                "The base URL {0} is plain HTTP: passwords could be read on the way. Use https (a proxy with TLS in front), localhost, or say --allow-plain-http.", 500, BaseUrl);
        }
    }
}
