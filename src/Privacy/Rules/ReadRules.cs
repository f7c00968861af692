using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Rules;

/// <summary>The rules of all markets, for the settings page.</summary>
public sealed class ReadRules(Database database, CurrentActor actor)
{
    public Task<RuleBook> RunAsync(CancellationToken ct)
    {
        actor.Demand(PrivacyPermissions.EditRules);
        return database.ReadAsync(s => RuleBook.ReadAsync(s, ct), ct);
    }
}
