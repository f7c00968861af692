namespace Wellmet.Tests;

/// <summary>The sources that these tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>Wellmet.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Wellmet.slnx")))
            {
                return folder.FullName;
            }
        }
        throw new DirectoryNotFoundException($"No Wellmet.slnx above {AppContext.BaseDirectory}.");
    }
}
