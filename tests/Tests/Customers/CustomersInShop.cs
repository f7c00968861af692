using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Vault;

namespace Wellmet.Tests.Customers;

/// <summary>What tests of customers do with a shop.</summary>
internal static class CustomersInShop
{
    public static readonly DateTimeOffset Day = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Resolves and registers people, as imports and orders do.</summary>
    public static Task<IReadOnlyList<ResolvedPerson>> SeeAsync(this TestShop shop, IReadOnlyList<PersonClaim> people, Guid? import = null, DateTimeOffset? at = null) =>
        shop.UseAsync<ICustomers, IReadOnlyList<ResolvedPerson>>(async customers =>
        {
            var resolved = await customers.ResolveAsync(people, import, default);
            await shop.Database.WriteAsync(tx => customers.RegisterAsync(tx, [.. resolved.Select(p => new SeenPerson(p, at ?? Day))], import, default), default);
            return resolved;
        });

    public static Task UndoAsync(this TestShop shop, Guid import) => shop.UseAsync<ICustomers>(async customers =>
    {
        while (!await customers.UndoImportAsync(import, default))
        {
        }
    });

    public static Task<string> LabelAsync(this TestShop shop, Guid subject) => shop.UseAsync<ICustomers, string>(async customers =>
        (await customers.LabelsAsync([subject], default))[subject].Label);

    public static Task<IReadOnlyList<Guid>> FindAsync(this TestShop shop, string query, int most = 50) =>
        shop.Get<SearchTokens>().FindAsync(query, most, default);

    public static Task<long> CountAsync(this TestShop shop, string table) =>
        shop.Database.ReadAsync(s => s.CountAsync($"select count(*) from {table}"), default);

    public static Task TellAsync(this TestShop shop, IReadOnlyList<ILogEvent> events, Guid? import = null) => shop.Database.WriteAsync(tx =>
    {
        foreach (var happened in events)
        {
            if (import is null)
            {
                tx.Append(happened);
            }
            else
            {
                tx.AppendHistory(happened, import);
            }
        }
        return Task.CompletedTask;
    }, default);

    /// <summary>What the import framework does last when an import is taken back.</summary>
    public static Task ForgetEventsAsync(this TestShop shop, Guid import) => shop.Database.WriteAsync(async tx =>
    {
        await tx.ExecuteAsync("delete from log_events where import_id = @import", new { import });
        tx.Append(new ImportUndone(import, Day));
    }, default);
}
