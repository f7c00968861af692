using Wellmet.Demo.Loading;
using Wellmet.Demo.Removal;
using Wellmet.Insights.Rollups;
using Wellmet.Platform.Vault;

namespace Wellmet.Tests.Demo;

/// <summary>What tests do with a demo shop.</summary>
internal static class DemoInShop
{
    /// <summary>Makes one whole: receivers have seen everything, and the roll-ups hold it.</summary>
    public static async Task MakeDemoAsync(this TestShop shop, int customers = 60, int months = 12)
    {
        await shop.UseAsync<CreateDemo>(create => create.RunAsync(new(customers, months, 5), default));
        await shop.FinishAsync();
        await shop.DrainAsync();
        while (await shop.UseAsync<CountSales, int>(count => count.RunAsync(default)) > 0)
        {
        }
    }

    public static async Task RemoveDemoAsync(this TestShop shop)
    {
        await shop.UseAsync<RemoveDemo>(remove => remove.RunAsync(default));
        for (var i = 0; i < 600 && await shop.Get<DemoLedger>().FindAsync(default) is not null; i++)
        {
            await shop.UseAsync<RunRemoval>(removal => removal.RunAsync(null, default));
            await Task.Delay(20);
        }
        (await shop.Get<DemoLedger>().FindAsync(default)).ShouldBeNull();
    }

    public static Task<long> CountAsync(this TestShop shop, string sql) => shop.Database.ReadAsync(s => s.CountAsync(sql), default);

    /// <summary>Rows of a table of the key store.</summary>
    public static Task<long> KeysAsync(this TestShop shop, string table) => shop.Get<KeyStore>().Database.ReadAsync(s => s.CountAsync($"select count(*) from {table}"), default);

    /// <summary>The worker of the shop may be at it, too.</summary>
    private static async Task FinishAsync(this TestShop shop)
    {
        for (var i = 0; i < 600 && await shop.Get<DemoLedger>().FindAsync(default) is { Stage: Wellmet.Demo.Contract.DemoStage.Making }; i++)
        {
            await shop.UseAsync<MakeDemo>(make => make.RunAsync(null, default));
            await Task.Delay(20);
        }
        (await shop.Get<DemoLedger>().FindAsync(default))!.Stage.ShouldBe(Wellmet.Demo.Contract.DemoStage.Ready);
    }
}
