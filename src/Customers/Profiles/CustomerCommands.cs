using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Ui;
using Wellmet.Platform.Ui.Commands;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Profiles;

/// <summary>Customers in the command bar.</summary>
[Uses(Purpose.Service, "shows staff the customer whom they look for")]
internal sealed class CustomerCommands(ListCustomers list, CurrentActor actor, Words words, Viewer viewer) : ICommandSource
{
    private const int Most = 6;

    public async Task<IReadOnlyList<CommandItem>> FindAsync(string query, CancellationToken cancel)
    {
        if (!actor.May(CustomersPermissions.Read) || !SearchTokens.CanFind(query))
        {
            return [];
        }
        var page = await list.RunAsync(new(query, Limit: Most), cancel);
        return [.. page.Rows.Select(r => new CommandItem(words["Customers"], r.Profile.Shown(words), CustomerRoutes.Of(r.CustomerId), "user",
            r.LastOrderAt is { } last ? viewer.Day(last) : null))];
    }
}
