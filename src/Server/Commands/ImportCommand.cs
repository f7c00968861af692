using System.CommandLine;

namespace Wellmet.Server.Commands;

/// <summary><c>wellmet import LAYOUT FILE</c>.</summary>
internal static class ImportCommand
{
    public static Command Build() => new("import", "Import a file.");
}
