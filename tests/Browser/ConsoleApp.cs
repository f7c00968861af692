using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>The real program in a process of its own, and a real Chromium that is signed in as the owner.</summary>
/// <param name="demo">Whether the first start makes a demo shop.</param>
public partial class ConsoleApp(string environment, bool demo = false) : IAsyncLifetime
{
    public const string Email = "owner@example.com", Password = "correct horse battery 42";
    private readonly string folder = Directory.CreateTempSubdirectory("wellmet-browser").FullName;
    private Process? server;
    private IPlaywright? playwright;
    private string? storageState;

    public ConsoleApp() : this("Production")
    {
    }

    public string BaseUrl { get; private set; } = "";
    public string DataFolder => folder;
    /// <summary>Milliseconds that a page has: a busy machine is no failure, and no test measures time.</summary>
    private const float Patience = 90_000;

    public IBrowser Browser { get; private set; } = null!;

    /// <summary>The one-time link that the first start prints.</summary>
    public string FirstLink { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var chromium = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(chromium is null, "Chromium is not installed (apt-get install chromium).");
        await StartServerAsync();
        Assertions.SetDefaultExpectTimeout(Patience / 3);
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            Headless = true,
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-component-update", "--disable-sync"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }
        playwright?.Dispose();
        if (server is { HasExited: false })
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Runs a command of the program on the same data folder.</summary>
    public async Task<string> CommandAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Program, .. arguments, "--data", folder]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, output);
        return output;
    }

    /// <summary>A page of a signed-in owner.</summary>
    /// <param name="width">1440 for a desk, 390 for a phone.</param>
    /// <param name="language"><c>en</c> or <c>zh-CN</c>.</param>
    public async Task<IPage> OpenAsync(int width = 1440, bool dark = false, string language = "en")
    {
        storageState ??= await SignInOnceAsync();
        var context = await Browser.NewContextAsync(new()
        {
            BaseURL = BaseUrl,
            ViewportSize = new() { Width = width, Height = width > 600 ? 900 : 844 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            Locale = language,
            StorageState = storageState,
            ReducedMotion = ReducedMotion.Reduce,
        });
        await context.AddCookiesAsync([new() { Name = "wm_lang", Value = language, Url = BaseUrl }]);
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        return page;
    }

    private static string Program => typeof(Wellmet.Server.WebServer).Assembly.Location;

    private async Task StartServerAsync()
    {
        var port = FreePort();
        BaseUrl = $"http://localhost:{port}";
        server = Process.Start(new ProcessStartInfo("dotnet", [Program, "up", .. demo ? Array.Empty<string>() : ["--no-demo"], "--data", folder, "--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = environment },
        })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await server.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (Link().Match(line) is { Success: true } link)
            {
                FirstLink = link.Value;
                _ = server.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }
        throw new InvalidOperationException("The server ended before it printed the sign-in link.");
    }

    private async Task<string> SignInOnceAsync()
    {
        var context = await Browser.NewContextAsync(new() { BaseURL = BaseUrl });
        var page = await context.NewPageAsync();
        await SignInPages.UseFirstLinkAsync(page, FirstLink);
        var state = await context.StorageStateAsync();
        await context.CloseAsync();
        return state;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"http://\S+/\S+")]
    private static partial Regex Link();
}
