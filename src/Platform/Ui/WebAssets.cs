using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Wellmet.Platform.Ui;

/// <summary>The built scripts and styles of <c>web/</c>, embedded in this assembly and served at <c>/assets/…</c>.</summary>
public static class WebAssets
{
    private const string Prefix = "assets/";

    /// <summary>Those that pages of other origins may load.</summary>
    private static readonly FrozenSet<string> ForShops = ["widget.js", Snippet];

    /// <summary>What pages of shops send events with; it has a short address of its own: <c>/wellmet.js</c>.</summary>
    internal const string Snippet = "wellmet.js";

    private static readonly Assembly Home = typeof(WebAssets).Assembly;

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".json"] = "application/json; charset=utf-8",
        [".txt"] = "text/plain; charset=utf-8",
    }.ToFrozenDictionary();

    /// <summary>Resource name by asset name; the first has the separator of the machine that built it.</summary>
    private static readonly FrozenDictionary<string, string> Resources = Home.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..].Replace('\\', '/'));

    private static readonly FrozenDictionary<string, string> Hashes =
        Resources.Keys.Where(HasKnownType).ToFrozenDictionary(name => name, name => Convert.ToHexStringLower(SHA256.HashData(Read(name)))[..16]);

    /// <summary>Address of an asset with the hash of its content, so that browsers may keep it for ever.</summary>
    /// <exception cref="KeyNotFoundException">No such asset was built.</exception>
    public static string Url(string name) => $"/{Prefix}{name}?v={Hashes[name]}";

    public static byte[] Read(string name)
    {
        using var stream = Home.GetManifestResourceStream(Resources[name])!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    internal static IResult Serve(string name, string? v, HttpContext http)
    {
        if (!Hashes.TryGetValue(name, out var hash))
        {
            return Results.NotFound();
        }
        // Chunks carry the hash in their name; anything else is kept for ever only under its own hash.
        var permanent = v == hash || name.StartsWith("chunks/", StringComparison.Ordinal);
        var headers = http.Response.Headers;
        headers.CacheControl = permanent ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.XContentTypeOptions = "nosniff";
        if (ForShops.Contains(name))
        {
            // Pages of shops load it under its plain address: a new version reaches them within an hour.
            headers["Cross-Origin-Resource-Policy"] = "cross-origin";
            headers.AccessControlAllowOrigin = "*";
            headers.CacheControl = "public, max-age=3600";
        }
        var (resource, encoding) = Encoded(name, http.Request);
        if (encoding is not null)
        {
            headers.ContentEncoding = encoding;
        }
        var tag = new EntityTagHeaderValue($"\"{hash}{(encoding is null ? "" : "-" + encoding)}\"");
        return Results.Stream(Home.GetManifestResourceStream(resource)!, ContentTypes[Path.GetExtension(name)], entityTag: tag);
    }

    private static (string Resource, string? Encoding) Encoded(string name, HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        bool Accepts(string coding) => accepted.Any(a => a.Value.Equals(coding, StringComparison.OrdinalIgnoreCase) && a.Quality is null or > 0);
        if (Accepts("br") && Resources.TryGetValue(name + ".br", out var brotli))
        {
            return (brotli, "br");
        }
        return Accepts("gzip") && Resources.TryGetValue(name + ".gz", out var gzip) ? (gzip, "gzip") : (Resources[name], null);
    }

    private static bool HasKnownType(string name) => ContentTypes.ContainsKey(Path.GetExtension(name));
}
