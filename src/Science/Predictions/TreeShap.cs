namespace Wellmet.Science.Predictions;

/// <summary>
/// What each feature adds to a tree's answer: Shapley values, where a feature that is left out is answered by the mean of both sides, weighted by training
/// rows (Lundberg, Erion and Lee, "Consistent individualized feature attribution for tree ensembles", 2018, algorithm 2). They sum to the answer minus
/// the root's mean; time is leaves × depth².
/// </summary>
internal static class TreeShap
{
    /// <summary>A feature on the way down: how much of the way is open without it and with it, and the weight of the subsets of that size.</summary>
    private record struct Step(int Feature, double Without, double With, double Weight);

    /// <summary>Adds the tree's contributions.</summary>
    public static void Add(Tree tree, ReadOnlySpan<double> row, bool[] categorical, double[] contributions) =>
        Descend(new Walk(tree, row, categorical, contributions), 0, [], new Step(-1, 1, 1, 0));

    private readonly ref struct Walk(Tree tree, ReadOnlySpan<double> row, bool[] categorical, double[] contributions)
    {
        public readonly Tree Tree = tree;
        public readonly ReadOnlySpan<double> Row = row;
        public readonly bool[] Categorical = categorical;
        public readonly double[] Contributions = contributions;
    }

    private static void Descend(Walk walk, int node, Step[] way, Step step)
    {
        var tree = walk.Tree;
        way = Extend(way, step);
        if (tree.IsLeaf(node))
        {
            for (var i = 1; i < way.Length; i++)
            {
                walk.Contributions[way[i].Feature] += UnwoundWeight(way, i) * (way[i].With - way[i].Without) * tree.Value[node];
            }
            return;
        }
        var feature = tree.Feature[node];
        var (without, with) = (1.0, 1.0);
        if (Array.FindIndex(way, s => s.Feature == feature) is > 0 and var earlier)
        {
            (without, with) = (way[earlier].Without, way[earlier].With);
            way = Unwind(way, earlier);
        }
        var taken = tree.Next(node, walk.Row[feature], walk.Categorical[feature]);
        var other = taken == tree.Left[node] ? tree.Right[node] : tree.Left[node];
        Descend(walk, taken, way, new Step(feature, without * tree.Cover[taken] / tree.Cover[node], with, 0));
        Descend(walk, other, way, new Step(feature, without * tree.Cover[other] / tree.Cover[node], 0, 0));
    }

    /// <summary>The sum of the weights that <see cref="Unwind"/> leaves, without the copy: it is needed for each feature at each leaf.</summary>
    private static double UnwoundWeight(Step[] way, int index)
    {
        var length = way.Length;
        var (without, with) = (way[index].Without, way[index].With);
        var (sum, next) = (0.0, way[^1].Weight);
        for (var j = length - 2; j >= 0; j--)
        {
            if (with != 0)
            {
                var weight = next * length / ((j + 1) * with);
                sum += weight;
                next = way[j].Weight - weight * without * (length - j - 1) / length;
            }
            else
            {
                sum += way[j].Weight * length / (without * (length - j - 1));
            }
        }
        return sum;
    }

    private static Step[] Extend(Step[] way, Step step)
    {
        var length = way.Length;
        var longer = new Step[length + 1];
        way.CopyTo(longer, 0);
        longer[length] = step with { Weight = length == 0 ? 1 : 0 };
        for (var i = length - 1; i >= 0; i--)
        {
            longer[i + 1].Weight += step.With * longer[i].Weight * (i + 1) / (length + 1);
            longer[i].Weight = step.Without * longer[i].Weight * (length - i) / (length + 1);
        }
        return longer;
    }

    /// <summary>The way as if the step at the index had not been taken.</summary>
    private static Step[] Unwind(Step[] way, int index)
    {
        var length = way.Length;
        var (without, with) = (way[index].Without, way[index].With);
        var shorter = way[..^1];
        var next = way[^1].Weight;
        for (var j = length - 2; j >= 0; j--)
        {
            if (with != 0)
            {
                var weight = shorter[j].Weight;
                shorter[j].Weight = next * length / ((j + 1) * with);
                next = weight - shorter[j].Weight * without * (length - j - 1) / length;
            }
            else
            {
                shorter[j].Weight = shorter[j].Weight * length / (without * (length - j - 1));
            }
        }
        for (var j = index; j < length - 1; j++)
        {
            shorter[j] = way[j + 1] with { Weight = shorter[j].Weight };
        }
        return shorter;
    }
}
