using System.Diagnostics;

namespace Wellmet.Tests.Server.Api;

/// <summary>
/// Tools of other people accept the API document: Redocly's linter, and a TypeScript client that openapi-typescript generates, which the compiler checks
/// and Node runs against the same server. The tools are in tests/Clients.
/// </summary>
public sealed class GeneratedClientTest
{
    private static readonly string Clients = Path.Combine(Repository.Root, "tests", "Clients");

    [Fact]
    public async Task A_linter_accepts_the_document_and_a_generated_client_works()
    {
        await using var shop = await ApiShop.OpenAsync();
        var folder = TestFolder.New("client");
        Directory.CreateSymbolicLink(Path.Combine(folder, "node_modules"), Path.Combine(Clients, "node_modules"));
        foreach (var file in new[] { "client.ts", "tsconfig.json", "package.json", "redocly.yaml" })
        {
            File.Copy(Path.Combine(Clients, file), Path.Combine(folder, file));
        }
        await File.WriteAllTextAsync(Path.Combine(folder, "openapi.json"), (await shop.GetAsync("/v1/openapi.json")).GetRawText());

        await RunAsync(folder, "node_modules/@redocly/cli/bin/cli.js", "lint", "openapi.json");
        await RunAsync(folder, "node_modules/openapi-typescript/bin/cli.js", "openapi.json", "-o", "schema.d.ts");
        await RunAsync(folder, "node_modules/typescript/bin/tsc", "-p", ".");
        var answer = await RunAsync(folder, "out/client.js", shop.Web.Address.ToString().TrimEnd('/'), shop.Key);

        answer.Trim().ShouldBe("""{"statuses":["accepted"],"numbers":["2","1"],"price":339,"refused":"parameter_malformed","parameter":"state"}""");
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["REDOCLY_TELEMETRY"], start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"]) = ("off", "true");
        using var tool = Process.Start(start)!;
        var errors = tool.StandardError.ReadToEndAsync();
        var output = await tool.StandardOutput.ReadToEndAsync();
        await tool.WaitForExitAsync();
        tool.ExitCode.ShouldBe(0, $"{string.Join(' ', arguments)}\n{output}\n{await errors}");
        return output;
    }
}
