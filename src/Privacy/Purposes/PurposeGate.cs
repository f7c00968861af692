using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;

namespace Wellmet.Privacy.Purposes;

/// <summary>
/// Decides by the purpose's legal basis and the objections of the person: an objection of one subject counts for all subjects of the customer.
/// Answers are kept for one request and no longer, so that an objection holds at once.
/// </summary>
internal sealed class PurposeGate(Database database, ICustomers customers, CurrentActor actor) : IPurposeGate
{
    private readonly Dictionary<(Purpose, Guid), PurposeDecision> answered = [];
    private IReadOnlyDictionary<Purpose, PurposeRule>? rules;

    public async Task<IReadOnlyDictionary<Guid, PurposeDecision>> AskAsync(Purpose purpose, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        rules ??= await database.ReadAsync(s => PurposeRule.ReadAsync(s, ct), ct);
        var open = subjects.Where(s => !answered.ContainsKey((purpose, s))).Distinct().ToList();
        if (open.Count > 0)
        {
            var objected = rules[purpose].MayObject ? await ObjectedAsync(purpose, open, ct) : [];
            open.ForEach(s => answered[(purpose, s)] = Decide(rules[purpose], objected.Contains(s)));
        }
        return subjects.Distinct().ToDictionary(s => s, s => answered[(purpose, s)]);
    }

    private PurposeDecision Decide(PurposeRule rule, bool objected) => rule switch
    {
        { Purpose: Purpose.Export } => actor.May(CustomersPermissions.Export) ? new(true, rule.LegalBasis) : new(false, "permission_missing"),
        _ when objected => new(false, "objected"),
        // No consent is recorded anywhere yet, so nobody has given any.
        { NeedsConsent: true } => new(false, "consent_missing"),
        _ => new(true, rule.LegalBasis),
    };

    private async Task<HashSet<Guid>> ObjectedAsync(Purpose purpose, List<Guid> subjects, CancellationToken ct)
    {
        var customerOf = await customers.CustomersOfAsync(subjects, ct);
        var sets = await customers.SubjectsOfAsync([.. customerOf.Values.Distinct()], ct);
        var objectors = await ObjectorsAsync(purpose, [.. subjects.Concat(sets.SelectMany(s => s)).Distinct()], ct);
        return [.. subjects.Where(s => objectors.Contains(s) || sets[customerOf[s]].Any(objectors.Contains))];
    }

    private Task<HashSet<Guid>> ObjectorsAsync(Purpose purpose, List<Guid> subjects, CancellationToken ct) => database.ReadAsync(async s =>
    {
        var objectors = new HashSet<Guid>();
        foreach (var page in subjects.Chunk(1000))
        {
            objectors.UnionWith(await s.QueryAsync("select subject_id from privacy_objections where subject_id in @page and purpose = @purpose",
                new { page, purpose }, r => r.Guid(0), ct));
        }
        return objectors;
    }, ct);
}
