using System.Diagnostics;
using Wellmet.Faults.Child;
using Wellmet.Platform.Storage;
using Wellmet.Tests;

namespace Wellmet.Faults;

/// <summary>A disk that is full, slow, or fails to flush.</summary>
public sealed class DiskTest(ITestOutputHelper output)
{
    [Fact]
    public async Task A_full_disk_refuses_loses_nothing_and_goes_on_when_there_is_room()
    {
        using var disk = FaultDisk.Small(megabytes: 6);
        var acks = Path.Combine(NewFolder(), "acks");
        using (var child = ChildProcess.Append(disk.Folder, acks, 4, null, "filler"))
        {
            (await child.ExitAsync()).ShouldBe(Appender.DiskFull, child.Output);
        }
        var before = Acknowledged.Read(acks).Count;

        disk.Resize(megabytes: 512); // the write-ahead log alone takes 64 before it is written back
        using (var child = ChildProcess.Append(disk.Folder, acks, 4, null, "again"))
        {
            await child.ReadyAsync();
            await Task.Delay(500);
            child.Kill();
            await child.ExitAsync();
        }
        var after = await Ledger.VerifyAsync(new StorageOptions(disk.Folder, null), acks);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        after.ShouldBeGreaterThan(before);
        output.WriteLine($"{before} acknowledged until the disk was full, {after} after there was room, 0 lost");
    }

    [Fact]
    public async Task After_a_failed_fsync_nothing_more_is_acknowledged_and_the_process_ends_with_70()
    {
        var shim = Shim();
        var folder = NewFolder();
        var acks = Path.Combine(folder, "acks");
        using (var child = ChildProcess.Append(folder, acks, 4, null, "failing", new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = shim,
            ["F_FSYNC_EIO_AFTER"] = "400",
        }))
        {
            (await child.ExitAsync()).ShouldBe(StorageHealth.ExitCode, child.Output);
        }
        var acknowledged = await Ledger.VerifyAsync(new StorageOptions(folder, null), acks);
        acknowledged.ShouldBeGreaterThan(0);
        output.WriteLine($"{acknowledged} acknowledged before the failed fsync, 0 lost, exit code 70");
    }

    [Fact]
    public async Task A_slow_fsync_only_makes_it_slow()
    {
        var shim = Shim();
        var folder = NewFolder();
        var acks = Path.Combine(folder, "acks");
        using (var child = ChildProcess.Append(folder, acks, 4, null, "slow", new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = shim,
            ["F_FSYNC_DELAY_MS"] = "100",
        }))
        {
            await child.ReadyAsync();
            await Task.Delay(4000);
            child.HasExited.ShouldBeFalse(child.Output);
            child.Kill();
            await child.ExitAsync();
        }
        (await Ledger.VerifyAsync(new StorageOptions(folder, null), acks)).ShouldBeGreaterThan(5);
    }

    /// <summary>A library that makes fsync fail or wait, built from the fault tools that stand beside the repository.</summary>
    private static string Shim()
    {
        var source = FindBeside("shared/tools/faults/shim.c");
        Assert.SkipWhen(source is null, "The fault tools (shared/tools/faults/shim.c) are not there.");
        var library = Path.Combine(NewFolder(), "shim.so");
        try
        {
            using var compiler = Process.Start("cc", ["-O2", "-shared", "-fPIC", "-o", library, source!, "-ldl"]);
            compiler.WaitForExit();
            compiler.ExitCode.ShouldBe(0);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("A C compiler (cc) is not installed.");
        }
        return library;
    }

    private static string? FindBeside(string path)
    {
        for (var folder = new DirectoryInfo(Repository.Root); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, path)))
            {
                return Path.Combine(folder.FullName, path);
            }
        }
        return null;
    }

    private static string NewFolder() => Directory.CreateTempSubdirectory("wellmet-faults").FullName;
}
