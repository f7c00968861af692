using System.Text.Json;
using Microsoft.Playwright;
using Wellmet.Tests;

namespace Wellmet.Browser;

/// <summary>Runs axe-core on a page: WCAG 2.2 A and AA.</summary>
internal static class Accessibility
{
    private static readonly Lazy<string> Axe = new(() => File.ReadAllText(Path.Combine(Repository.Root, "web/node_modules/axe-core/axe.min.js")));

    /// <summary>Fails with each serious or critical violation and where it is.</summary>
    public static async Task CheckAsync(IPage page, string what)
    {
        await page.EvaluateAsync(Axe.Value);
        var result = await page.EvaluateAsync<JsonElement>("""
            async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })).violations
                .filter(v => v.impact === 'serious' || v.impact === 'critical')
                .map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + n.html.slice(0, 120)).join(' | '))
            """);
        result.EnumerateArray().Select(v => v.GetString()).ShouldBeEmpty(what);
    }
}
