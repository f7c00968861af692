using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Wellmet.Platform.Backups;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Server.Commands;

/// <summary><c>wellmet backup FOLDER</c>: two artefacts, data and keys, while the shop runs.</summary>
internal static class BackupCommand
{
    public static Command Build()
    {
        var storage = new StorageArguments();
        var folder = new Argument<string>("folder") { Description = "Where to write data-… and keys-…; keep the two in different places." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("backup", "Back up data and keys while the shop runs.") { folder, json };
        storage.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var options = storage.Read(parsed);
            await using var shop = await ShopHost.OpenAsync(options, receivers: false, prepare: true, ct);
            var backup = shop.Services.GetRequiredService<BackupShop>();
            var target = parsed.GetValue(folder)!;
            if (parsed.GetValue(json))
            {
                var places = await backup.RunAsync(target, ct);
                Console.WriteLine(JsonSerializer.Serialize(new { data = places.Data, keys = places.Keys, bytes = places.Bytes }));
                return 0;
            }
            var taken = await AnsiConsole.Status().StartAsync("Backing up…", _ => backup.RunAsync(target, ct));
            AnsiConsole.MarkupLineInterpolated($"Data: {taken.Data}");
            AnsiConsole.MarkupLineInterpolated($"Keys: {taken.Keys}  ({taken.Bytes / 1048576.0:F1} MiB together)");
            AnsiConsole.MarkupLineInterpolated($"Not included: the root key {RootKey.FileIn(options.KeysFolder)}. Keep a copy of it apart; without it no personal data can be read.");
            return 0;
        });
        return command;
    }
}

/// <summary><c>wellmet restore DATA KEYS</c>: puts a backup back into an empty installation.</summary>
internal static class RestoreCommand
{
    public static Command Build()
    {
        var storage = new StorageArguments();
        var data = new Argument<string>("data-folder") { Description = "The folder data-… of the backup." };
        var keys = new Argument<string>("keys-folder") { Description = "The folder keys-… of the same backup." };
        var rootKey = new Option<string?>("--root-key") { Description = "The saved root key, where it is not in its place already." };
        var command = new Command("restore", "Restore a backup into an empty installation, after verifying it.") { data, keys, rootKey };
        storage.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var options = storage.Read(parsed);
            await AnsiConsole.Status().StartAsync("Verifying and restoring…",
                _ => RestoreShop.RunAsync(options, parsed.GetValue(data)!, parsed.GetValue(keys)!, parsed.GetValue(rootKey), ct));
            await using var shop = await ShopHost.OpenAsync(options, receivers: false, prepare: true, ct);
            await shop.Services.GetRequiredService<KeyStore>().SearchKeyAsync(ct);
            AnsiConsole.MarkupLineInterpolated($"Restored. The database opens, and the root key fits ({EnumText.Of(options.Engine)}).");
            return 0;
        });
        return command;
    }
}
