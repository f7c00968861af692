using Wellmet.Science.Predictions;

namespace Wellmet.Tests.Science.Predictions;

/// <summary>Shapley values by their definition: the mean over all orders in which features could become known. For few features only.</summary>
internal static class ShapleyValues
{
    public static double[] ByDefinition(GradientBoostedTrees model, double[] row)
    {
        var features = row.Length;
        var categorical = model.Features.Select(f => f.Kind == FeatureKind.Categorical).ToArray();
        var known = Enumerable.Range(0, 1 << features).Select(set => model.Trees.Sum(t => Expected(t, 0, row, categorical, set))).ToArray();
        var values = new double[features];
        for (var f = 0; f < features; f++)
        {
            for (var set = 0; set < 1 << features; set++)
            {
                if ((set & (1 << f)) == 0)
                {
                    var size = System.Numerics.BitOperations.PopCount((uint)set);
                    values[f] += Factorial(size) * Factorial(features - size - 1) / Factorial(features) * (known[set | (1 << f)] - known[set]);
                }
            }
        }
        return values;
    }

    private static double Expected(Tree tree, int node, double[] row, bool[] categorical, int known)
    {
        if (tree.IsLeaf(node))
        {
            return tree.Value[node];
        }
        var (feature, left, right) = (tree.Feature[node], tree.Left[node], tree.Right[node]);
        return (known & (1 << feature)) != 0
            ? Expected(tree, tree.Next(node, row[feature], categorical[feature]), row, categorical, known)
            : (tree.Cover[left] * Expected(tree, left, row, categorical, known) + tree.Cover[right] * Expected(tree, right, row, categorical, known)) / tree.Cover[node];
    }

    private static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);
}
