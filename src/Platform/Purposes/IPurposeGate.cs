namespace Wellmet.Platform.Purposes;

/// <summary>Decides whether personal data may be used. Whoever uses it asks first; see <see cref="UsesAttribute"/> for the few places that need not.</summary>
public interface IPurposeGate
{
    /// <summary>The answer for each of the recipients. Answers are kept for one request and no longer, so that an objection holds at once.</summary>
    Task<PurposeAnswer> AskAsync(DataUse use, IReadOnlyCollection<Recipient> recipients, CancellationToken ct);

    /// <summary>For uses that go to no address.</summary>
    Task<PurposeAnswer> AskAsync(DataUse use, IReadOnlyCollection<Guid> subjects, CancellationToken ct) => AskAsync(use, [.. subjects.Select(s => new Recipient(s))], ct);
}

/// <summary>The rules by which the gate decides. Platform asks, Privacy answers.</summary>
public interface IPurposeRules
{
    /// <summary>A decision for each of the recipients, who are all different.</summary>
    Task<IReadOnlyDictionary<Recipient, PurposeDecision>> DecideAsync(DataUse use, IReadOnlyCollection<Recipient> recipients, CancellationToken ct);
}

/// <summary>The one gate: it alone makes answers, and with them grants.</summary>
internal sealed class PurposeGate(IPurposeRules rules) : IPurposeGate
{
    private readonly Dictionary<(DataUse, Recipient), PurposeDecision> answered = [];

    public async Task<PurposeAnswer> AskAsync(DataUse use, IReadOnlyCollection<Recipient> recipients, CancellationToken ct)
    {
        var asked = recipients.ToHashSet();
        var open = asked.Where(r => !answered.ContainsKey((use, r))).ToList();
        if (open.Count > 0)
        {
            var decided = await rules.DecideAsync(use, open, ct);
            open.ForEach(r => answered[(use, r)] = decided.GetValueOrDefault(r, PurposeDecision.Unasked));
        }
        return new PurposeAnswer(use, asked.ToDictionary(r => r, r => answered[(use, r)]));
    }
}
