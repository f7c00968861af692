using Microsoft.AspNetCore.Http;

namespace Wellmet.Platform.Security;

/// <summary>Who waits for the answer.</summary>
internal enum Audience
{
    /// <summary>A program: JSON.</summary>
    Program,

    /// <summary>A person who opened a page.</summary>
    Page,

    /// <summary>A page that swaps one of its parts (htmx).</summary>
    Part,
}

internal static class Audiences
{
    public static Audience Of(HttpRequest request) =>
        request.Headers.ContainsKey("HX-Request") ? Audience.Part
        : request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase) ? Audience.Page
        : Audience.Program;
}
