using Wellmet.Science.Statistics;

namespace Wellmet.Science.Predictions;

/// <summary>A model while it grows, tree by tree.</summary>
internal sealed class Boosting
{
    private readonly Examples examples;
    private readonly GradientBoostingSettings settings;
    private readonly TreeGrower grower;
    private readonly SeededRandom random;
    private readonly bool[] categorical;
    private readonly double[] logOdds, gradients, hessians;
    private readonly List<Tree> trees = [];
    private readonly double start;

    public Boosting(Examples examples, GradientBoostingSettings settings)
    {
        (this.examples, this.settings) = (examples, settings);
        grower = new TreeGrower(Bins.Of(examples, settings.MaxBins), settings);
        random = new SeededRandom(settings.Seed);
        categorical = [.. examples.Features.Select(f => f.Kind == FeatureKind.Categorical)];
        var rows = examples.Rows.Count;
        (gradients, hessians) = (new double[rows], new double[rows]);
        // Half a yes and half a no more, so that it is finite.
        var yes = examples.Outcomes.Count(o => o);
        start = Math.Log((yes + 0.5) / (rows - yes + 0.5));
        logOdds = Enumerable.Repeat(start, rows).ToArray();
    }

    public double Start => start;

    /// <summary>Adds the tree that corrects best what stands.</summary>
    public Tree AddTree()
    {
        for (var row = 0; row < logOdds.Length; row++)
        {
            var p = PlattScaling.Sigmoid(logOdds[row]);
            gradients[row] = p - (examples.Outcomes[row] ? 1 : 0);
            hessians[row] = p * (1 - p);
        }
        var tree = grower.Grow(Draw(logOdds.Length, settings.RowShare), gradients, hessians, DrawFeatures());
        for (var row = 0; row < logOdds.Length; row++)
        {
            logOdds[row] += tree.Predict(examples.Rows[row], categorical);
        }
        trees.Add(tree);
        return tree;
    }

    public GradientBoostedTrees ToModel() => new(examples.Features, start, [.. trees]);

    private bool[] DrawFeatures()
    {
        var takesPart = new bool[categorical.Length];
        foreach (var feature in Draw(takesPart.Length, settings.FeatureShare))
        {
            takesPart[feature] = true;
        }
        return takesPart;
    }

    /// <summary>A share of the numbers below <paramref name="count"/>, in order, at least one (Knuth's algorithm S).</summary>
    private int[] Draw(int count, double share)
    {
        var wanted = Math.Clamp((int)Math.Round(count * share), Math.Min(1, count), count);
        var drawn = new int[wanted];
        for (int i = 0, at = 0; at < wanted; i++)
        {
            if (random.NextDouble() * (count - i) < wanted - at)
            {
                drawn[at++] = i;
            }
        }
        return drawn;
    }
}
