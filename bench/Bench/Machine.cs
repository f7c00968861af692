using System.Globalization;
using System.Runtime.InteropServices;

namespace Wellmet.Bench;

/// <summary>Where a measurement was made, and what it took of the machine.</summary>
internal static class Machine
{
    public static IReadOnlyDictionary<string, object> Describe() => new Dictionary<string, object>
    {
        ["cores"] = Environment.ProcessorCount,
        ["memory_gib"] = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30), 1),
        ["os"] = RuntimeInformation.OSDescription,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
    };

    /// <summary>The most memory that this process held so far, in MB; 0 where the system does not tell.</summary>
    public static double PeakRssMegabytes() => PeakRssMegabytes(Environment.ProcessId);

    /// <summary>The same of another process.</summary>
    public static double PeakRssMegabytes(int process) => Math.Round(Number($"/proc/{process}/status", "VmHWM:") / 1024, 1);

    /// <summary>What this process gave to the disk so far, in MB; 0 where the system does not tell.</summary>
    public static double WrittenMegabytes() => Math.Round(Number("/proc/self/io", "write_bytes:") / (1024 * 1024), 1);

    private static double Number(string file, string key)
    {
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal)) : null;
        return line is null ? 0 : double.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
