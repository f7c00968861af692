using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Wellmet.Platform.Ui;

/// <summary>Addresses that come from the browser may lead to this program only (no open redirect).</summary>
public static class LocalUrl
{
    [return: NotNullIfNotNull(nameof(fallback))]
    public static string? Or(string? url, string? fallback) => RedirectHttpResult.IsLocalUrl(url) ? url : fallback;
}
