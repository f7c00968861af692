namespace Wellmet.Customers.Joining;

/// <summary>What is known beside the evidence.</summary>
/// <param name="Shared">Subjects, browsers as well as accounts, that were found to belong to too many.</param>
/// <param name="Allowed">Subjects of which staff said that they are one person's all the same.</param>
/// <param name="Accounts">Subjects of evidence that are accounts themselves.</param>
/// <param name="Decided">Subjects of evidence whom staff merged or parted.</param>
internal sealed record JoinContext(IReadOnlySet<Guid> Shared, IReadOnlySet<Guid> Allowed, IReadOnlySet<Guid> Accounts, IReadOnlySet<Guid> Decided);

/// <summary>
/// Which subjects join which accounts: a function of the whole evidence and its times, so that the order in which it arrives changes nothing. A subject joins the account that was
/// first told of it, among accounts that are persons, and no other.
/// </summary>
/// <param name="bySubject">All evidence of the subjects that are asked about.</param>
/// <param name="byUser">All evidence of their accounts, but for those that are shared already.</param>
internal sealed class JoinDecisions(JoinRules rules, ILookup<Guid, Evidence> bySubject, ILookup<Guid, Evidence> byUser, JoinContext context)
{
    private readonly Dictionary<Guid, bool> persons = [];

    /// <summary>Null: joined.</summary>
    public HoldReason? Of(Evidence evidence) => Stands(evidence.SubjectId) ? HoldReason.Decided
        : context.Accounts.Contains(evidence.SubjectId) ? HoldReason.TwoAccounts
        : !rules.Joins(evidence.Kind) ? HoldReason.NotAllowed
        : IsSharedValue(evidence.SubjectId) ? HoldReason.SharedValue
        : IsSharedAccount(evidence.UserId) ? HoldReason.SharedAccount
        : bySubject[evidence.SubjectId].Where(e => !IsSharedAccount(e.UserId)).Min(Evidence.ByTime)!.UserId != evidence.UserId ? HoldReason.OtherAccount
        : IsBeyondLimit(evidence) ? HoldReason.Limit
        : null;

    /// <summary>Whether staff decided about the subject, which stays.</summary>
    public bool Stands(Guid subject) => context.Decided.Contains(subject);

    /// <summary>A browser or an address that more accounts use than one person has.</summary>
    public bool IsSharedValue(Guid subject) => !context.Allowed.Contains(subject) && (context.Shared.Contains(subject) || bySubject[subject].Count() > rules.MostAccounts);

    /// <summary>An account that is told of more browsers within the window than one person has.</summary>
    public bool IsSharedAccount(Guid user)
    {
        if (!persons.TryGetValue(user, out var shared))
        {
            persons[user] = shared = !context.Allowed.Contains(user) && (context.Shared.Contains(user) || HasTooMany([.. byUser[user].Select(e => e.At).Order()]));
        }
        return shared;
    }

    private bool HasTooMany(List<DateTimeOffset> times) =>
        Enumerable.Range(0, Math.Max(0, times.Count - rules.MostBrowsers)).Any(i => times[i + rules.MostBrowsers] - times[i] < TimeSpan.FromDays(rules.BrowserDays));

    /// <summary>Counts what the account was told of before, within the window, joined or not: so it depends on nothing that was decided.</summary>
    private bool IsBeyondLimit(Evidence evidence)
    {
        var rule = rules.Of(evidence.Kind)!;
        var since = evidence.At - TimeSpan.FromDays(rule.Days);
        return byUser[evidence.UserId].Count(e => e.Kind == evidence.Kind && e.At > since && Evidence.ByTime.Compare(e, evidence) < 0) >= rule.Most;
    }
}
