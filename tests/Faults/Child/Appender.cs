using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;

namespace Wellmet.Faults.Child;

/// <summary>
/// The process that gets killed: several writers append events and write down each one that was acknowledged, while the receiver works.
/// Arguments: data folder, folder of the acknowledgements, number of writers, PostgreSQL connection string (or '-'), name of the node.
/// </summary>
internal static class Appender
{
    public const int DiskFull = 28;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync(string[] args)
    {
        var storage = new StorageOptions(args[0], args[3] == "-" ? null : args[3]);
        using var host = Open(storage, args[4]);
        using var ends = new CancellationTokenSource(Life);
        var exit = 0;
        host.Services.GetRequiredService<StorageHealth>().Failed += _ => { exit = StorageHealth.ExitCode; ends.Cancel(); };
        await host.Services.GetRequiredService<Preparation>().RunAsync(ends.Token);
        await host.StartAsync(ends.Token);
        Console.WriteLine("ready");
        await using var acks = new Acknowledged(args[1], args[4]);
        var database = host.Services.GetRequiredService<Database>();
        await Task.WhenAll(Enumerable.Range(0, int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture)).Select(_ => Task.Run(async () =>
        {
            try
            {
                await WriteAsync(database, acks, ends.Token);
            }
            catch (OperationCanceledException)
            {
                // The life is over.
            }
            catch (ProblemException e) when (e.Code == "disk_full")
            {
                exit = DiskFull;
            }
            catch (ProblemException e) when (e.Code == "storage_failed")
            {
                exit = StorageHealth.ExitCode;
            }
        })));
        return exit;
    }

    public static IHost Open(StorageOptions storage, string node, bool workers = true)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddPlatform(storage, [new CountingModule()], new LogOptions
        {
            Node = node,
            Lease = TimeSpan.FromSeconds(4),
            Renewal = TimeSpan.FromSeconds(1),
            Poll = TimeSpan.FromMilliseconds(200),
        });
        if (workers)
        {
            builder.Services.AddLogWorkers();
        }
        return builder.Build();
    }

    private static async Task WriteAsync(Database database, Acknowledged acks, CancellationToken ct)
    {
        var subject = Id.New();
        for (long number = 0; !ct.IsCancellationRequested; number++)
        {
            var told = number;
            await database.WriteAsync(tx =>
            {
                tx.Append(new Counted(subject, TimeProvider.System.GetUtcNow(), told));
                return Task.CompletedTask;
            }, ct);
            acks.Add(subject, number);
        }
    }
}

/// <summary>
/// What was acknowledged, one line each; on a disk that the fault does not reach. Each node has a file of its own: a .NET stream appends
/// where it believes the end to be, so that two processes would write over each other's lines.
/// </summary>
internal sealed class Acknowledged(string folder, string node) : IAsyncDisposable
{
    private readonly StreamWriter writer = new(Path.Combine(Directory.CreateDirectory(folder).FullName, node), append: true) { AutoFlush = true };

    public void Add(Guid subject, long number)
    {
        lock (writer)
        {
            writer.Write($"{subject:N} {number}\n");
        }
    }

    public static HashSet<(Guid, long)> Read(string folder) =>
        [.. Directory.EnumerateFiles(folder).SelectMany(File.ReadLines).Where(l => l.Length > 33).Select(l => (Guid.ParseExact(l[..32], "N"), long.Parse(l[33..], System.Globalization.CultureInfo.InvariantCulture)))];

    public ValueTask DisposeAsync() => writer.DisposeAsync();
}
