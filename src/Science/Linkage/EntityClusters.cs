namespace Wellmet.Science.Linkage;

/// <summary>
/// Joins pairs to people, the surest first. Two groups join only if all their cross pairs together, those too that no key brought together, speak for it: a
/// chain of likenesses glues nobody whom the pairs themselves hold apart (average linkage, as greedy correlation clustering of Bansal, Blum and Chawla,
/// "Correlation clustering", 2004).
/// </summary>
internal static class EntityClusters
{
    /// <summary>No single pair speaks louder than this, in bits.</summary>
    private const double Loudest = 10;

    /// <summary>A person with more records than this takes in no more.</summary>
    private const int Largest = 300;

    public static int[] Join(int count, IReadOnlyList<ScoredPair> pairs, double threshold, LinkageModel model)
    {
        var groupOf = new int[count];
        for (var record = 0; record < count; record++)
        {
            groupOf[record] = record;
        }

        var groups = new Dictionary<int, List<int>>();
        foreach (var pair in pairs.Where(p => p.Score >= threshold).OrderByDescending(p => p.Score).ThenBy(p => p.First).ThenBy(p => p.Second))
        {
            var (one, other) = (groupOf[pair.First], groupOf[pair.Second]);
            var (members, others) = (groups.GetValueOrDefault(one) ?? [one], groups.GetValueOrDefault(other) ?? [other]);
            if (one != other && members.Count + others.Count <= Largest && (members.Count + others.Count == 2 || Agree(members, others, model)))
            {
                members.AddRange(others);
                groups[one] = members;
                groups.Remove(other);
                foreach (var record in others)
                {
                    groupOf[record] = one;
                }
            }
        }

        return Numbered(groupOf);
    }

    private static bool Agree(List<int> members, List<int> others, LinkageModel model)
    {
        var sum = 0.0;
        foreach (var one in members)
        {
            foreach (var other in others)
            {
                sum += Math.Clamp(model.Score(Math.Min(one, other), Math.Max(one, other)), -Loudest, Loudest);
            }
        }

        return sum > 0;
    }

    private static int[] Numbered(int[] groupOf)
    {
        var numbers = new Dictionary<int, int>();
        return Array.ConvertAll(groupOf, group => numbers.TryGetValue(group, out var number) ? number : numbers[group] = numbers.Count);
    }
}
