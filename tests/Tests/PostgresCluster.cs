using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Wellmet.Tests;

/// <summary>A private PostgreSQL cluster in a temporary folder, started once for a test run, gone afterwards.</summary>
public sealed class PostgresCluster : IDisposable
{
    private static readonly Lazy<PostgresCluster?> Shared = new(TryStart);
    private readonly string folder;
    private readonly string binaries;
    private readonly int port;

    private PostgresCluster(string folder, string binaries, int port)
    {
        this.folder = folder;
        this.binaries = binaries;
        this.port = port;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>Null where PostgreSQL's programs are not installed.</summary>
    public static PostgresCluster? Instance => Shared.Value;

    /// <summary>A new empty database; answers its connection string.</summary>
    public string CreateDatabase()
    {
        var name = "t" + Guid.CreateVersion7().ToString("N");
        using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        connection.Open();
        using var command = new NpgsqlCommand($"create database {name}", connection);
        command.ExecuteNonQuery();
        return ConnectionString(name);
    }

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Run("pg_ctl", "stop", "-m", "immediate", "-D", folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={port};Username=wellmet;Database={database};Maximum Pool Size=40";

    private static PostgresCluster? TryStart()
    {
        var binaries = new[] { "/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin", "/usr/local/bin" }
            .FirstOrDefault(b => File.Exists(Path.Combine(b, "initdb")) && File.Exists(Path.Combine(b, "postgres")));
        if (binaries is null)
        {
            return null;
        }
        var folder = TestFolder.New("pg");
        var cluster = new PostgresCluster(folder, binaries, FreePort());
        if (Environment.UserName == "root")
        {
            cluster.Shell($"chown postgres {folder}");
        }
        cluster.Run("initdb", "-D", folder, "-U", "wellmet", "-A", "trust", "-E", "UTF8", "--no-locale");
        // Nothing may depend on what PostgreSQL finds out about the tables by itself, some time later: here it never does.
        cluster.Run("pg_ctl", "start", "-w", "-D", folder, "-l", Path.Combine(folder, "log"),
            "-o", $"-p {cluster.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=300 -c shared_buffers=128MB -c autovacuum=off");
        return cluster;
    }

    /// <summary>PostgreSQL refuses to run as root, so root runs it as the user that Debian's package makes.</summary>
    private void Run(string program, params string[] arguments)
    {
        var start = Environment.UserName == "root"
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", Path.Combine(binaries, program), .. arguments])
            : new ProcessStartInfo(Path.Combine(binaries, program), arguments);
        Wait(start);
    }

    private void Shell(string command) => Wait(new ProcessStartInfo("/bin/sh", ["-c", command]));

    private void Wait(ProcessStartInfo start)
    {
        start.WorkingDirectory = folder;
        // Not redirected: the server would inherit the pipe and keep it open.
        start.RedirectStandardOutput = false;
        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}.");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
