using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Wellmet.Platform.Backups;

/// <summary>Runs PostgreSQL's own client programs; the password goes through the environment, never the argument list.</summary>
internal static class PostgresTools
{
    /// <returns>What the program wrote to its standard output.</returns>
    /// <exception cref="ProblemException"><c>postgres_tool_missing</c>, <c>postgres_tool_failed</c>.</exception>
    public static async Task<string> RunAsync(string program, string connectionString, IEnumerable<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in Environment(new NpgsqlConnectionStringBuilder(connectionString)))
        {
            if (!string.IsNullOrEmpty(value))
            {
                start.Environment[name] = value;
            }
        }
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var error = await process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return process.ExitCode == 0 ? await output : throw new ProblemException("postgres_tool_failed", "{0} failed: {1}", 500, program, error.Trim());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new ProblemException("postgres_tool_missing", "{0} is not installed: install PostgreSQL's client programs.", 500, program);
        }
    }

    /// <summary>The connection in the words of libpq (PostgreSQL manual, 34.15): where we demand an encrypted, verified connection, so do the programs.</summary>
    private static IEnumerable<(string Name, string? Value)> Environment(NpgsqlConnectionStringBuilder connection) =>
    [
        ("PGHOST", connection.Host),
        ("PGPORT", connection.Port.ToString(CultureInfo.InvariantCulture)),
        ("PGUSER", connection.Username),
        ("PGDATABASE", connection.Database),
        ("PGPASSWORD", connection.Password),
        ("PGPASSFILE", connection.Passfile),
        ("PGOPTIONS", connection.Options),
        ("PGSSLMODE", SslMode(connection.SslMode)),
        ("PGSSLROOTCERT", connection.RootCertificate),
        ("PGSSLCERT", connection.SslCertificate),
        ("PGSSLKEY", connection.SslKey),
        ("PGCHANNELBINDING", connection.ChannelBinding.ToString().ToLowerInvariant()),
        ("PGKRBSRVNAME", connection.KerberosServiceName),
    ];

    private static string SslMode(SslMode mode) => mode switch
    {
        Npgsql.SslMode.VerifyCA => "verify-ca",
        Npgsql.SslMode.VerifyFull => "verify-full",
        _ => mode.ToString().ToLowerInvariant(),
    };
}
