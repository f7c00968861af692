using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Wellmet.Platform.Modules;

namespace Wellmet.Server.Commands;

/// <summary><c>wellmet migrate</c>: brings the database to this version's schema; <c>up</c> does the same when it starts.</summary>
internal static class MigrateCommand
{
    public static Command Build()
    {
        var storage = new StorageArguments();
        var command = new Command("migrate", "Bring the database to the schema of this version.");
        storage.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            await using var shop = await ShopHost.OpenAsync(storage.Read(parsed), receivers: false, prepare: true, ct);
            var count = shop.Services.GetRequiredService<Preparation>().Migrations.Count;
            AnsiConsole.MarkupLineInterpolated($"The database is up to date ({count} migrations).");
            return 0;
        });
        return command;
    }
}
