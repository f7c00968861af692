using System.Diagnostics;

namespace Wellmet.Tests.Server;

/// <summary>The real program in a process of its own.</summary>
internal sealed class WellmetProcess : IDisposable
{
    private readonly Process process;
    private readonly TaskCompletionSource<string> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> output = [], errors = [];

    private WellmetProcess(Process process) => this.process = process;

    public int Id => process.Id;
    public int ExitCode => process.ExitCode;
    public string Output { get { lock (output) { return string.Join('\n', output); } } }
    public string Errors { get { lock (errors) { return string.Join('\n', errors); } } }

    public static WellmetProcess Start(params string[] arguments) => StartWithin([], arguments);

    /// <param name="wrapper">A program with its arguments that becomes the one it is given, e.g. <c>unshare --net</c>.</param>
    public static WellmetProcess StartWithin(string[] wrapper, params string[] arguments)
    {
        string[] line = [.. wrapper, "dotnet", typeof(Wellmet.Server.WebServer).Assembly.Location, .. arguments];
        var started = new WellmetProcess(new Process { StartInfo = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true } });
        started.process.OutputDataReceived += (_, e) => started.Hear(e.Data, started.output);
        started.process.ErrorDataReceived += (_, e) => started.Hear(e.Data, started.errors);
        started.process.Start();
        started.process.BeginOutputReadLine();
        started.process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Whether a program is there and does what it is told.</summary>
    public static async Task<bool> CanRunAsync(string[] line)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardError = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Runs to the end.</summary>
    public static async Task<WellmetProcess> RunAsync(params string[] arguments)
    {
        var started = Start(arguments);
        await started.ExitAsync();
        return started;
    }

    /// <summary>Waits for the line <c>Ready: …</c>; answers the address.</summary>
    public async Task<string> ReadyAsync()
    {
        var first = await Task.WhenAny(ready.Task, process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(60)));
        return first == ready.Task ? await ready.Task : throw new InvalidOperationException($"Not ready:\n{Output}\n{Errors}");
    }

    /// <summary>As Ctrl-C does.</summary>
    public void Interrupt() => Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();

    public async Task ExitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(patience.Token);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }
        process.Dispose();
    }

    private void Hear(string? line, List<string> to)
    {
        if (line is null)
        {
            return;
        }
        lock (to)
        {
            to.Add(line);
        }
        if (line.StartsWith("Ready: ", StringComparison.Ordinal))
        {
            ready.TrySetResult(line["Ready: ".Length..]);
        }
    }
}
