using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Wellmet.Faults;

/// <summary>
/// A small disk that can lose its power: an ext4 image on a loop device. <see cref="CutPower"/> shuts the file system down without writing its
/// journal, so that all that was not fsynced is gone after <see cref="Restart"/>. Limit: writes are dropped, not torn or reordered.
/// </summary>
internal sealed partial class FaultDisk : IDisposable
{
    private const uint Ext4IocShutdown = 0x8004587D, NoLogFlush = 2;
    private readonly string image;

    private FaultDisk(string folder, string image)
    {
        Folder = folder;
        this.image = image;
    }

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; }

    /// <summary>An ext4 disk; skips the test visibly where the machine does not allow it.</summary>
    public static FaultDisk Ext4(int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "A disk that loses its power needs root on Linux.");
        var root = Directory.CreateTempSubdirectory("wellmet-disk").FullName;
        var image = Path.Combine(root, "image");
        using (var file = File.Create(image))
        {
            file.SetLength((long)megabytes << 20);
        }
        var disk = new FaultDisk(Directory.CreateDirectory(Path.Combine(root, "mount")).FullName, image);
        Assert.SkipUnless(Run("mkfs.ext4", "-q", image) == 0, "mkfs.ext4 is not installed.");
        Assert.SkipUnless(Run("mount", "-o", "loop", image, disk.Folder) == 0, "Loop devices cannot be mounted here.");
        return disk;
    }

    /// <summary>A file system in memory that is soon full.</summary>
    public static FaultDisk Small(int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "A small disk needs root on Linux.");
        var folder = Directory.CreateTempSubdirectory("wellmet-small").FullName;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", Size(megabytes), "tmpfs", folder) == 0, "tmpfs cannot be mounted here.");
        return new FaultDisk(folder, "");
    }

    public void Resize(int megabytes) => Run("mount", "-o", "remount," + Size(megabytes), Folder).ShouldBe(0);

    /// <summary>
    /// The machine stops with its disk. A process that ran on for a moment could take a flush that was under way for done: ext4 answers 0 to
    /// an fsync whose transaction the shutdown has thrown away meanwhile. On a real machine nobody would be there to hear that answer.
    /// </summary>
    public void CutPower(ChildProcess machine)
    {
        machine.Pause();
        var descriptor = Open(Folder, 0);
        descriptor.ShouldBeGreaterThanOrEqualTo(0);
        var how = NoLogFlush;
        Ioctl(descriptor, Ext4IocShutdown, ref how).ShouldBe(0, "EXT4_IOC_SHUTDOWN");
        _ = Close(descriptor);
    }

    public void Restart()
    {
        // The machine that was killed lets go of its last files a moment later.
        SpinWait.SpinUntil(() => Run("umount", Folder) == 0, TimeSpan.FromSeconds(20)).ShouldBeTrue("umount");
        Run("mount", "-o", "loop", image, Folder).ShouldBe(0);
    }

    public void Dispose()
    {
        Run("umount", "-l", Folder);
        if (image.Length > 0)
        {
            File.Delete(image);
        }
    }

    private static string Size(int megabytes) => "size=" + megabytes.ToString(CultureInfo.InvariantCulture) + "m";

    private static int Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(int descriptor, nuint request, ref uint argument);
}
