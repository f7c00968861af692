using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Consents;
using Wellmet.Privacy.Rules;

namespace Wellmet.Privacy.Purposes;

/// <summary>
/// Decides by the rule of the market where each recipient lives and by what the customer said, read from the records each time. A handful of reads for a
/// thousand recipients.
/// </summary>
internal sealed class ConsentRules(Database database, CurrentRules current, ICustomers customers, AddressTokens tokens, CurrentActor actor, TimeProvider time) : IPurposeRules
{
    public async Task<IReadOnlyDictionary<Recipient, PurposeDecision>> DecideAsync(DataUse use, IReadOnlyCollection<Recipient> recipients, CancellationToken ct)
    {
        var rules = await current.ReadAsync(ct);
        var ruleOf = await RulesAsync(rules, use, [.. recipients.Select(r => r.SubjectId).Distinct()], ct);
        var decided = recipients.Select(r => (Recipient: r, Same: Beforehand(ruleOf[r.SubjectId]))).Where(d => d.Same is not null).ToDictionary(d => d.Recipient, d => d.Same!);
        var personal = recipients.Where(r => !decided.ContainsKey(r)).ToList();
        return personal.Count == 0 ? decided : decided.Concat(await DecidePersonallyAsync(use, personal, ruleOf, ct)).ToDictionary();
    }

    /// <summary>The rule for each subject. Where somebody lives is looked up unless the use says where, or no market has a rule of its own for it.</summary>
    private async Task<IReadOnlyDictionary<Guid, PurposeRule>> RulesAsync(RuleBook book, DataUse use, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        var countries = use.Country is null && book.DiffersByMarket(use.Purpose) ? await customers.CountriesAsync(subjects, ct) : new Dictionary<Guid, string>();
        return subjects.ToDictionary(s => s, s => book.Find(use with { Country = use.Country ?? countries.GetValueOrDefault(s) }));
    }

    private async Task<Dictionary<Recipient, PurposeDecision>> DecidePersonallyAsync(
        DataUse use, IReadOnlyCollection<Recipient> recipients, IReadOnlyDictionary<Guid, PurposeRule> ruleOf, CancellationToken ct)
    {
        var subjects = recipients.Select(r => r.SubjectId).ToHashSet();
        var customerOf = await customers.CustomersOfAsync(subjects, ct);
        var sets = await customers.SubjectsOfAsync([.. customerOf.Values.Distinct()], ct);
        var facts = (await database.ReadAsync(s => ConsentFact.ReadAsync(s, use, subjects.Concat(sets.SelectMany(set => set)), ct), ct)).ToLookup(f => f.SubjectId);
        var addresses = await tokens.OfAsync(recipients.Select(r => (use.Channel, r.Address)), ct);
        var suppressed = await SuppressedAsync(use, [.. addresses.Values], ct);
        return recipients.ToDictionary(r => r, r =>
        {
            var token = r.Address is null ? null : addresses.GetValueOrDefault((use.Channel, r.Address));
            return token is null && AddressTokens.KindOf(use.Channel) is not null
                ? new PurposeDecision(false, "address_missing")
                : ConsentState.Decide(ruleOf[r.SubjectId], use, r.SubjectId, [.. sets[customerOf[r.SubjectId]].Append(r.SubjectId).Distinct().SelectMany(s => facts[s])],
                    token, token is not null && suppressed.TryGetValue(token, out var at) ? at : null, time.GetUtcNow());
        });
    }

    /// <summary>The decision where it does not depend on the person.</summary>
    private PurposeDecision? Beforehand(PurposeRule rule) => rule switch
    {
        { Purpose: Purpose.Export or Purpose.Access } when !actor.May(CustomersPermissions.Export) => new(false, "permission_missing"),
        { Basis: LegalBasis.Forbidden } => new(false, "forbidden"),
        { MayObject: false } => new(true, EnumText.Of(rule.Basis)),
        _ => null,
    };

    private async Task<Dictionary<string, DateTimeOffset>> SuppressedAsync(DataUse use, IReadOnlyCollection<string> asked, CancellationToken ct) => asked.Count == 0 ? [] : await database.ReadAsync(async s =>
    {
        var suppressed = new Dictionary<string, DateTimeOffset>();
        foreach (var page in asked.Distinct().Chunk(1000))
        {
            var rows = await s.QueryAsync("select token, withdrawn_at from privacy_suppressions where token in @hashes and purpose = @Purpose and channel = @Channel",
                new { hashes = page.Select(Convert.FromHexString), use.Purpose, use.Channel }, r => (Token: Convert.ToHexString(r.Bytes(0)), At: r.Time(1)), ct);
            rows.ForEach(r => suppressed[r.Token] = r.At);
        }
        return suppressed;
    }, ct);
}
