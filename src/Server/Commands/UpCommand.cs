using System.CommandLine;
using Wellmet.Platform;
using Wellmet.Platform.Security;
using Wellmet.Platform.Telemetry;

namespace Wellmet.Server.Commands;

/// <summary><c>wellmet up</c>: serves until Ctrl-C.</summary>
internal static class UpCommand
{
    private const int DefaultPort = 5080;

    public static Command Build()
    {
        var storage = new StorageArguments();
        var port = new Option<int>("--port") { Description = "TCP port to listen on.", DefaultValueFactory = _ => DefaultPort };
        var baseUrl = new Option<string?>("--base-url") { Description = "The address people use, e.g. https://crm.example.com behind a proxy. Default: http://localhost:PORT." };
        var proxies = new Option<string[]>("--proxy") { Description = "Address of a reverse proxy whose X-Forwarded-For is believed; may be repeated.", AllowMultipleArgumentsPerToken = true };
        var plain = new Option<bool>("--allow-plain-http") { Description = "Serve plain HTTP on a host other than localhost: passwords can then be read on the way." };
        var openApi = new Option<bool>("--public-api-document") { Description = "Let everybody read the API document at /v1/openapi.json; by default it is for staff and keys." };
        var telemetry = new Option<string?>("--telemetry") { Description = "Send metrics and traces to this OpenTelemetry collector, e.g. http://localhost:4318. Also OTEL_EXPORTER_OTLP_ENDPOINT." };
        var noDemo = new Option<bool>("--no-demo") { Description = "Make no demo shop on the very first start." };
        var command = new Command("up", "Start Wellmet and serve until Ctrl-C.") { port, baseUrl, proxies, plain, openApi, telemetry, noDemo };
        storage.AddTo(command);
        command.SetAction((parsed, ct) =>
        {
            var listen = parsed.GetValue(port);
            if (listen is < 1 or > 65535)
            {
                throw new ProblemException("port_wrong", "--port must be between 1 and 65535.", 400);
            }
            var web = new WebOptions(BaseUrl(parsed.GetValue(baseUrl), listen), parsed.GetValue(proxies) ?? []) { AllowPlainHttp = parsed.GetValue(plain), PublicApiDocument = parsed.GetValue(openApi) };
            return WebServer.RunAsync(storage.Read(parsed), listen, web, TelemetryOptions.Read(parsed.GetValue(telemetry), Environment.GetEnvironmentVariable), demo: !parsed.GetValue(noDemo), ct);
        });
        return command;
    }

    private static Uri BaseUrl(string? given, int port)
    {
        if (given is null)
        {
            return new Uri($"http://localhost:{port}");
        }
        return Uri.TryCreate(given, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.PathAndQuery == "/"
            ? url
            : throw new ProblemException("base_url_wrong", "--base-url must be like https://crm.example.com, without a path.", 400);
    }
}
