namespace Wellmet.Tests;

/// <summary>
/// New folders for tests, in memory where the machine has <c>/dev/shm</c>: these tests are about what is written, not about surviving a
/// power cut (that is <c>tests/Faults</c>, on real disks), and thousands of fsyncs would only make them slow.
/// </summary>
public static class TestFolder
{
    private const long NeededBytes = 4L << 30;

    private static readonly string Root = Directory.Exists("/dev/shm") && new DriveInfo("/dev/shm").AvailableFreeSpace >= NeededBytes ? "/dev/shm" : Path.GetTempPath();

    public static string New(string name) => Directory.CreateDirectory(Path.Combine(Root, $"wellmet-{name}-{Guid.CreateVersion7():N}")).FullName;
}
