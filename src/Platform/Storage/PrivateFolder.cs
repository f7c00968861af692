namespace Wellmet.Platform.Storage;

/// <summary>Folders and files that only the program's own user may look into (modes 0700 and 0600; on Windows what the parent folder says).</summary>
public static class PrivateFolder
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes a folder with what is missing above it; one that stands already keeps its mode.</summary>
    public static DirectoryInfo Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return Directory.CreateDirectory(folder);
        }
        // The framework gives the mode to the last folder only.
        if (Path.GetDirectoryName(Path.GetFullPath(folder)) is { } parent && !Directory.Exists(parent))
        {
            Create(parent);
        }
        return Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Copies all files of a folder; answers at once where there is no such folder.</summary>
    public static void Copy(string source, string target)
    {
        if (!Directory.Exists(source))
        {
            return;
        }
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Create(Path.GetDirectoryName(copy)!);
            try
            {
                CopyFile(file, copy);
            }
            catch (FileNotFoundException)
            {
                // Deleted since it was listed, as an upload is whose import was done meanwhile.
            }
        }
    }

    /// <exception cref="IOException">The target stands already.</exception>
    public static void CopyFile(string source, string target)
    {
        File.Copy(source, target);
        Protect(target);
    }

    /// <summary>Takes a file away from everybody but its owner.</summary>
    public static void Protect(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>Whether others than its owner have any right on a file or folder; never on Windows, where rights are not modes.</summary>
    public static bool IsOpenToOthers(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0;
}
