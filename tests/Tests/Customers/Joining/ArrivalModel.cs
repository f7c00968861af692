using Wellmet.Customers.Joining;
using What = Wellmet.Tests.Customers.Joining.RandomArrivals.What;

namespace Wellmet.Tests.Customers.Joining;

/// <summary>Who is one customer, by the rules alone: everything that was heard, looked at as a whole, and what staff did.</summary>
internal sealed class ArrivalModel(JoinRules rules)
{
    private readonly Dictionary<(string Subject, string User), DateTimeOffset> heard = [];
    private readonly Dictionary<string, string> staff = [];
    private readonly HashSet<string> decided = [];

    public Dictionary<string, int> Met { get; } = [];

    public void Hear(RandomArrivals.Told told)
    {
        if (told.Who[0] == 'u' && told.With is { } with && told.What != What.Ordered && (!heard.TryGetValue((with, told.Who), out var at) || told.At < at))
        {
            heard[(with, told.Who)] = told.At;
        }
    }

    public bool MergeByStaff(string kept, string merged)
    {
        var (one, other) = (Root(kept, staff), Root(merged, staff));
        if (one == other)
        {
            return false;
        }
        staff[other] = one;
        return true;
    }

    /// <summary>Takes back the merge by which somebody follows another one; false where there is none.</summary>
    public bool PartByStaff(string name)
    {
        if (!Edges().ContainsKey(name))
        {
            return false;
        }
        if (!staff.Remove(name))
        {
            decided.Add(name);
        }
        return true;
    }

    /// <summary>The customers, as text.</summary>
    public string Groups(IEnumerable<string> names)
    {
        var edges = Edges();
        return Text(names.GroupBy(n => Root(n, edges)));
    }

    public static string Text<TKey>(IEnumerable<IGrouping<TKey, string>> groups) =>
        string.Join(" | ", groups.Select(g => string.Join(' ', g.Order(StringComparer.Ordinal))).Order(StringComparer.Ordinal));

    private Dictionary<string, string> Edges()
    {
        var edges = new Dictionary<string, string>(staff);
        foreach (var subject in heard.Keys.Select(k => k.Subject).Distinct().Where(s => !decided.Contains(s)))
        {
            var users = heard.Where(h => h.Key.Subject == subject).OrderBy(h => h.Value).Select(h => (h.Key.User, At: h.Value)).ToList();
            var people = users.FindAll(u => !IsCrowd(u.User));
            if (users.Count > rules.MostAccounts || people.Count == 0)
            {
                Note(users.Count > rules.MostAccounts ? "shared value" : "shared account");
                continue;
            }
            var (user, at) = people[0];
            var rule = rules.Of(subject[0] == 'b' ? JoinRules.Browser : JoinRules.Email)!;
            var before = heard.Count(h => h.Key.User == user && h.Key.Subject[0] == subject[0] && h.Value < at && h.Value > at.AddDays(-rule.Days));
            if (before >= rule.Most)
            {
                Note("limit");
                continue;
            }
            Note(users.Count > 1 ? "second account" : "joined");
            edges[subject] = user;
        }
        return edges;
    }

    private bool IsCrowd(string user)
    {
        var times = heard.Where(h => h.Key.User == user).Select(h => h.Value).Order().ToList();
        return times.Exists(t => times.Count(other => other >= t && other < t.AddDays(rules.BrowserDays)) > rules.MostBrowsers);
    }

    private static string Root(string name, Dictionary<string, string> edges)
    {
        while (edges.TryGetValue(name, out var next))
        {
            name = next;
        }
        return name;
    }

    private void Note(string rule) => Met[rule] = Met.GetValueOrDefault(rule) + 1;
}
