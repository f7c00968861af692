using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Wellmet.Platform.Ui;

/// <summary>The address of the shown page, to make links that change only one thing of it.</summary>
public sealed class PageUrl(string path, IReadOnlyDictionary<string, StringValues> query)
{
    public static PageUrl Of(HttpRequest request) => new(request.PathBase + request.Path, request.Query.ToDictionary(q => q.Key, q => q.Value));

    public string Path { get; } = path;
    public IReadOnlyDictionary<string, StringValues> Query { get; } = query;

    public string? this[string name] => Query.TryGetValue(name, out var value) ? value.LastOrDefault() : null;

    /// <summary>The same page with another value of one parameter; null or empty removes it.</summary>
    public PageUrl With(string name, string? value)
    {
        var changed = new Dictionary<string, StringValues>(Query);
        changed.Remove(name);
        if (!string.IsNullOrEmpty(value))
        {
            changed[name] = value;
        }
        return new PageUrl(Path, changed);
    }

    public PageUrl Without(params string[] names) => names.Aggregate(this, (url, name) => url.With(name, null));

    public override string ToString() => QueryHelpers.AddQueryString(Path, Query);
}
