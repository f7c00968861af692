using System.Text.RegularExpressions;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;

namespace Wellmet.Customers.Joining;

/// <summary>Changes the rules. They hold for what is heard from then on: a browser or an address that is told of again is decided by the new ones; what was joined and is not told of again stays.</summary>
public sealed partial class SaveJoinRules(CurrentJoinRules current, CurrentActor actor, AuditLog audit)
{
    private const int MostOfKind = 1000, MostDays = 3660, MostAccounts = 1000, MostBrowsers = 10_000;

    /// <param name="blocked">The shop's own list; empty lines and repetitions are passed over.</param>
    /// <exception cref="ProblemException"><c>kind_invalid</c>, <c>kinds_too_many</c>, <c>limit_out_of_range</c>, <c>blocked_too_many</c>, <c>personal_data_too_long</c>.</exception>
    public async Task RunAsync(JoinRules rules, IReadOnlyCollection<string> blocked, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.MergeAutomatically);
        Demand(rules);
        var values = blocked.Select(v => v.Trim()).Where(v => v.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (values.Count > BlockedValues.Most)
        {
            throw new ProblemException("blocked_too_many", "At most {0} values can be blocked.", 400, BlockedValues.Most);
        }
        await current.WriteAsync(new JoinBook(rules, new BlockedValues(values)), tx => audit.RecordAsync(tx, "customer.join_rules_changed", "settings:joining", null, ct,
            FormattableString.Invariant($"{string.Join(' ', rules.Kinds.Select(k => $"{k.Kind}={k.Joins.ToString().ToLowerInvariant()}/{k.Most}/{k.Days}"))} accounts={rules.MostAccounts} browsers={rules.MostBrowsers}/{rules.BrowserDays} blocked={values.Count}")), ct);
    }

    private static void Demand(JoinRules rules)
    {
        if (rules.Kinds.FirstOrDefault(k => !JoinRules.BuiltIn.Contains(k.Kind) && !Name().IsMatch(k.Kind)) is not null)
        {
            throw new ProblemException("kind_invalid", "A kind has a name of small letters, digits and underscores, at most {0}, such as loyalty_card.", 400, JoinRules.LongestKind);
        }
        if (JoinRules.BuiltIn.FirstOrDefault(k => rules.Of(k) is null) is { } missing)
        {
            throw new ProblemException("kind_missing", "The kind {0} cannot be removed.", 400, missing);
        }
        if (rules.Kinds.Count > JoinRules.BuiltIn.Count + JoinRules.MostOwn || rules.Kinds.DistinctBy(k => k.Kind).Count() < rules.Kinds.Count)
        {
            throw new ProblemException("kinds_too_many", "A shop has at most {0} kinds of its own, each once.", 400, JoinRules.MostOwn);
        }
        if (rules.Kinds.Any(k => k.Most is < 1 or > MostOfKind || k.Days is < 1 or > MostDays)
            || rules.MostAccounts is < 1 or > MostAccounts || rules.MostBrowsers is < 1 or > MostBrowsers || rules.BrowserDays is < 1 or > MostDays)
        {
            throw new ProblemException("limit_out_of_range", "A limit is a whole number from 1: at most {0} of a kind, {1} accounts, {2} browsers, {3} days.", 400, MostOfKind, MostAccounts, MostBrowsers, MostDays);
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,29}$", RegexOptions.None, -1)]
    private static partial Regex Name();
}
