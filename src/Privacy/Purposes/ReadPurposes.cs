using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Purposes;

/// <summary>What one purpose means for one customer.</summary>
public sealed record PurposeLine(PurposeRule Rule, PurposeDecision Decision, DateTimeOffset? ObjectedAt);

/// <summary>What a customer's data may be used for, and why.</summary>
public sealed class ReadPurposes(Database database, ICustomers customers, IPurposeGate gate, CurrentActor actor)
{
    public async Task<IReadOnlyList<PurposeLine>> RunAsync(Guid customerId, CancellationToken ct)
    {
        actor.Demand(PrivacyPermissions.Read);
        var subjects = await customers.SubjectsOfAsync(customerId, ct);
        var rules = await database.ReadAsync(s => PurposeRule.ReadAsync(s, ct), ct);
        var objections = await database.ReadAsync(async s => (await s.QueryAsync(
            "select purpose, min(at) from privacy_objections where subject_id in @subjects group by purpose", new { subjects },
            r => (Purpose: r.Enum<Purpose>(0), At: r.Time(1)), ct)).ToDictionary(o => o.Purpose, o => o.At), ct);
        var lines = new List<PurposeLine>();
        foreach (var purpose in Enum.GetValues<Purpose>())
        {
            var decision = (await gate.AskAsync(purpose, [customerId], ct))[customerId];
            lines.Add(new PurposeLine(rules[purpose], decision, objections.TryGetValue(purpose, out var at) ? at : null));
        }
        return lines;
    }
}
