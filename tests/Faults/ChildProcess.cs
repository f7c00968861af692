using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Wellmet.Faults;

/// <summary>A process of this test, killed or paused by its id.</summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int SigKill = 9, SigContinue = 18, SigStop = 19;
    private readonly Process process;
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> lines = [];

    private ChildProcess(Process process) => this.process = process;

    public int ExitCode => process.ExitCode;
    public bool HasExited => process.HasExited;
    public string Output { get { lock (lines) { return string.Join('\n', lines); } } }

    /// <param name="program">A .dll to run with dotnet.</param>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        var child = new ChildProcess(new Process { StartInfo = start });
        child.process.OutputDataReceived += (_, e) => child.Hear(e.Data);
        child.process.ErrorDataReceived += (_, e) => child.Hear(e.Data);
        child.process.Start();
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>This program as the appending process.</summary>
    public static ChildProcess Append(string data, string acks, int writers, string? postgres, string node, IReadOnlyDictionary<string, string>? environment = null) =>
        Start(typeof(ChildProcess).Assembly.Location, ["append", data, acks, writers.ToString(System.Globalization.CultureInfo.InvariantCulture), postgres ?? "-", node], environment);

    /// <summary>Waits for the line <c>ready</c>, or <c>Ready: …</c> of the real server.</summary>
    public async Task ReadyAsync()
    {
        var done = await Task.WhenAny(ready.Task, process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(60)));
        if (done != ready.Task && !ready.Task.IsCompleted)
        {
            throw new InvalidOperationException("The process did not get ready:\n" + Output);
        }
    }

    public void Kill() => Signal(SigKill);
    public void Pause() => Signal(SigStop);
    public void Continue() => Signal(SigContinue);

    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Signal(SigKill);
            process.WaitForExit();
        }
        process.Dispose();
    }

    private void Signal(int signal)
    {
        if (!process.HasExited)
        {
            _ = SendSignal(process.Id, signal);
        }
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }
        lock (lines)
        {
            lines.Add(line);
        }
        if (line == "ready" || line.StartsWith("Ready: ", StringComparison.Ordinal))
        {
            ready.TrySetResult();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
