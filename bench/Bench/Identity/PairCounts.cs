using Wellmet.Science.Linkage;

namespace Wellmet.Bench.Identity;

/// <summary>How many pairs were found, and how many of them are right, over pairs of records.</summary>
/// <param name="Right">Found and true.</param>
internal readonly record struct PairCounts(long Right, long Found, long True)
{
    public double Precision => Found == 0 ? 1 : (double)Right / Found;
    public double Recall => True == 0 ? 1 : (double)Right / True;
    public double F1 => Precision + Recall == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);

    /// <summary>Of groups within one list: each two records of a group are a pair.</summary>
    /// <param name="found">The group of each record.</param>
    public static PairCounts OfGroups(IReadOnlyList<int> found, IReadOnlyList<string> truth) => new(
        Pairs(found.Zip(truth)), Pairs(found), Pairs(truth));

    /// <summary>Of links between two lists.</summary>
    /// <param name="truth">Of the first list, then of the second.</param>
    public static PairCounts OfLinks(IEnumerable<(int First, int Second)> links, IReadOnlyList<string> truth, int secondFrom)
    {
        var second = truth.Skip(secondFrom).CountBy(t => t).ToDictionary();
        var all = links.ToList();
        return new PairCounts(all.Count(l => truth[l.First] == truth[l.Second]), all.Count, truth.Take(secondFrom).Sum(t => (long)second.GetValueOrDefault(t)));
    }

    private static long Pairs<T>(IEnumerable<T> groups) where T : notnull => groups.CountBy(g => g).Sum(g => (long)g.Value * (g.Value - 1) / 2);
}
