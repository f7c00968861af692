using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Consents;
using Wellmet.Privacy.Contract;
using Wellmet.Privacy.Rules;

namespace Wellmet.Privacy.Purposes;

/// <summary>What one purpose means for one customer, for no channel in particular.</summary>
/// <param name="ObjectedAt">When they objected; null where they did not, or took it back.</param>
public sealed record PurposeLine(PurposeRule Rule, PurposeDecision Decision, DateTimeOffset? ObjectedAt);

/// <summary>What a customer's data may be used for, and why.</summary>
public sealed class ReadPurposes(Database database, ICustomers customers, IPurposeGate gate, CurrentActor actor)
{
    public async Task<IReadOnlyList<PurposeLine>> RunAsync(Guid customerId, CancellationToken ct)
    {
        actor.Demand(PrivacyPermissions.Read);
        var subjects = await customers.SubjectsOfAsync(customerId, ct);
        var rules = await database.ReadAsync(s => RuleBook.ReadAsync(s, ct), ct);
        var lines = new List<PurposeLine>();
        var country = (await customers.CountriesAsync([customerId], ct)).GetValueOrDefault(customerId);
        foreach (var use in Enum.GetValues<Purpose>().Select(p => new DataUse(p, Country: country)))
        {
            var decision = (await gate.AskAsync(use, [customerId], ct))[customerId];
            var facts = decision.Basis is "objected" or "withdrawn" ? await database.ReadAsync(s => ConsentFact.ReadAsync(s, use, subjects, ct), ct) : [];
            lines.Add(new PurposeLine(rules.Find(use), decision, facts.Where(f => f.Decision == ConsentDecision.Withdrawn).Select(f => (DateTimeOffset?)f.At).Max()));
        }
        return lines;
    }
}
