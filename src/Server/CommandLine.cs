using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Server.Commands;

namespace Wellmet.Server;

/// <summary>The command line: what each word does is in its own file of <c>Commands/</c>.</summary>
public static class CommandLine
{
    private const int Refused = 1, Interrupted = 130;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Wellmet: every visitor, order, message and review of your shop, as one customer on one timeline.")
        {
            UpCommand.Build(),
            ImportCommand.Build(),
            DemoCommand.Build(),
            CheckCommand.Build(),
            MigrateCommand.Build(),
            BackupCommand.Build(),
            RestoreCommand.Build(),
            UserCommand.Build(),
            AuditCommand.Build(),
            KeysCommand.Build(),
            OfTheScript("test", "Run the tests as CI does; --long adds the long ones."),
            OfTheScript("bench", "Measure: ./wellmet bench NAME --json; without a name it lists them."),
        };
        WriteForReader();
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        catch (Exception e) when (Explain(e) is { } sentence)
        {
            // Plain: a sentence that is wrapped or coloured cannot be searched for.
            Console.Error.WriteLine("Error: " + sentence);
            return e is ProblemException { Code: "storage_failed" } ? StorageHealth.ExitCode : Refused;
        }
    }

    /// <summary>A file or a pipe gets no colours and no narrow lines.</summary>
    private static void WriteForReader()
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Capabilities.Ansi = false;
            AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
            AnsiConsole.Profile.Width = 160;
        }
    }

    /// <summary>Words that the script <c>./wellmet</c> answers itself; here so that the help lists them.</summary>
    private static Command OfTheScript(string name, string description)
    {
        var command = new Command(name, description);
        command.SetAction(int (_) => throw new ProblemException("script_only", "'{0}' is run from the sources: ./wellmet {0}", 400, name));
        return command;
    }

    /// <summary>One clear sentence for what people can mend; null for what is our own fault, which shows its stack.</summary>
    private static string? Explain(Exception e) => e switch
    {
        ProblemException p => p.Message,
        DbUpdateException { InnerException: { } inner } => inner.Message,
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => e.Message,
        _ => null,
    };
}
