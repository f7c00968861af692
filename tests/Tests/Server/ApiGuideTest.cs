using System.Diagnostics;
using System.Text.RegularExpressions;
using Wellmet.Tests.Server.Api;

namespace Wellmet.Tests.Server;

/// <summary>Every example of the API guide, run as it stands in a shell, against the real server.</summary>
public sealed partial class ApiGuideTest
{
    [Fact]
    public async Task Every_example_of_the_guide_works()
    {
        await using var shop = await ApiShop.OpenAsync();
        var examples = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "api"), "*.md")
            .SelectMany(file => Shell().Matches(File.ReadAllText(file)).Select(m => (File: Path.GetFileName(file), Script: m.Groups[1].Value))).ToList();

        foreach (var (file, script) in examples)
        {
            var start = new ProcessStartInfo("bash", ["-euc", script.Replace("curl -s ", "curl -s --fail-with-body ", StringComparison.Ordinal)
                .Replace("http://localhost:5080", shop.Web.Address.ToString().TrimEnd('/'), StringComparison.Ordinal)]) { RedirectStandardOutput = true };
            start.Environment["KEY"] = shop.Key;
            using var shell = Process.Start(start)!;
            var answer = await shell.StandardOutput.ReadToEndAsync();
            await shell.WaitForExitAsync();
            shell.ExitCode.ShouldBe(0, $"{file}: {script}\n{answer}");
            answer.ShouldContain(file switch { "events.md" when script.Contains("pixel.gif", StringComparison.Ordinal) => "200 image/gif", "events.md" => "accepted", "reading.md" => "\"id\":", "consents.md" => "consent_id", "products.md" => "\"status\":\"", _ => "" }, Case.Sensitive, $"{file}: {script}");
        }
        examples.Count.ShouldBeGreaterThan(8);
    }

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline, 1000)]
    private static partial Regex Shell();
}
