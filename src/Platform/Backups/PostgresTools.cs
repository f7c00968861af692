using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Wellmet.Platform.Backups;

/// <summary>Runs PostgreSQL's own client programs; the password goes through the environment, never the argument list.</summary>
internal static class PostgresTools
{
    /// <exception cref="ProblemException"><c>postgres_tool_missing</c>, <c>postgres_tool_failed</c>.</exception>
    public static async Task RunAsync(string program, string connectionString, IEnumerable<string> arguments, CancellationToken ct)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
        start.Environment["PGHOST"] = connection.Host;
        start.Environment["PGPORT"] = connection.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGUSER"] = connection.Username;
        start.Environment["PGDATABASE"] = connection.Database;
        if (connection.Password is { Length: > 0 } password)
        {
            start.Environment["PGPASSWORD"] = password;
        }
        try
        {
            using var process = Process.Start(start)!;
            var error = await process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            if (process.ExitCode != 0)
            {
                throw new ProblemException("postgres_tool_failed", "{0} failed: {1}", 500, program, error.Trim());
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new ProblemException("postgres_tool_missing", "{0} is not installed: install PostgreSQL's client programs.", 500, program);
        }
    }
}
