using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Audit;

namespace Wellmet.Server.Commands;

/// <summary><c>wellmet audit verify</c>: recomputes the chain of the audit log.</summary>
internal static class AuditCommand
{
    public static Command Build()
    {
        var storage = new StorageArguments();
        var verify = new Command("verify", "Recompute the hash chain; says which entries were changed, removed, moved or added.");
        storage.AddTo(verify);
        verify.SetAction(async (parsed, ct) =>
        {
            await using var shop = await ShopHost.OpenAsync(storage.Read(parsed), receivers: false, prepare: true, ct);
            var result = await shop.Services.GetRequiredService<VerifyAudit>().RunAsync(ct);
            foreach (var finding in result.Findings)
            {
                Console.WriteLine(finding);
            }
            Console.WriteLine($"{result.Entries} entries, {result.Sealed} sealed: {(result.IsWhole ? "whole" : $"{result.Findings.Count} findings")}");
            return result.IsWhole ? 0 : 1;
        });
        return new Command("audit", "The audit log.") { verify };
    }
}

/// <summary><c>wellmet keys rotate</c>: turns the epoch of the key store.</summary>
internal static class KeysCommand
{
    public static Command Build()
    {
        var storage = new StorageArguments();
        var rotate = new Command("rotate", "Wrap every subject's key anew and destroy the old epoch's key, also while the shop runs. Key backups taken before still open with the root key: delete them.");
        storage.AddTo(rotate);
        rotate.SetAction(async (parsed, ct) =>
        {
            await using var shop = await ShopHost.OpenAsync(storage.Read(parsed), receivers: false, prepare: true, ct);
            Console.WriteLine($"The key store is in epoch {await shop.Services.GetRequiredService<Wellmet.Platform.Vault.KeyStore>().RotateAsync(ct)}.");
            return 0;
        });
        return new Command("keys", "The key store.") { rotate };
    }
}
