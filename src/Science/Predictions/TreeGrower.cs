namespace Wellmet.Science.Predictions;

/// <summary>
/// Grows one tree leaf by leaf, always the leaf whose split gains most (LightGBM: Ke et al., NIPS 2017). A leaf's sums by bin are counted for the
/// smaller child; those of the other are the difference to the parent.
/// </summary>
internal sealed class TreeGrower(Bins bins, GradientBoostingSettings settings)
{
    private readonly SplitFinder finder = new(bins, settings);

    private sealed class Leaf
    {
        public required int[] Rows { get; init; }
        public required GradientSum[][] Histogram { get; init; }
        public required GradientSum Sum { get; init; }
        public required Split Best { get; init; }
        public required int Node { get; init; }
    }

    private sealed class Nodes
    {
        public List<int> Feature { get; } = [];
        public List<double> Threshold { get; } = [];
        public List<uint> Categories { get; } = [];
        public List<byte> MissingLeft { get; } = [];
        public List<int> Left { get; } = [];
        public List<int> Right { get; } = [];
        public List<GradientSum> Sums { get; } = [];

        public int Add(GradientSum sum)
        {
            Feature.Add(-1);
            Threshold.Add(0);
            Categories.AddRange(new uint[Tree.WordsPerNode]);
            MissingLeft.Add(0);
            Left.Add(-1);
            Right.Add(-1);
            Sums.Add(sum);
            return Sums.Count - 1;
        }
    }

    /// <param name="rows">That take part.</param>
    /// <param name="takesPart">By feature.</param>
    public Tree Grow(int[] rows, double[] gradients, double[] hessians, bool[] takesPart)
    {
        var nodes = new Nodes();
        var histogram = Count(rows, gradients, hessians, takesPart);
        var sum = new GradientSum();
        foreach (var row in rows)
        {
            sum += new GradientSum { Gradient = gradients[row], Hessian = hessians[row], Count = 1 };
        }
        var leaves = new List<Leaf> { LeafOf(nodes, rows, histogram, sum, takesPart) };
        while (leaves.Count < settings.Leaves && leaves.MaxBy(l => l.Best.Gain) is { Best.Gain: > 0 } leaf)
        {
            leaves.Remove(leaf);
            leaves.AddRange(Divide(nodes, leaf, gradients, hessians, takesPart));
        }
        return ToTree(nodes);
    }

    private Leaf LeafOf(Nodes nodes, int[] rows, GradientSum[][] histogram, GradientSum sum, bool[] takesPart) =>
        new() { Rows = rows, Histogram = histogram, Sum = sum, Best = finder.Best(histogram, sum, takesPart), Node = nodes.Add(sum) };

    private Leaf[] Divide(Nodes nodes, Leaf leaf, double[] gradients, double[] hessians, bool[] takesPart)
    {
        var (split, column) = (leaf.Best, bins.Columns[leaf.Best.Feature]);
        var left = Array.FindAll(leaf.Rows, row => split.LeftBins[column[row]]);
        var right = Array.FindAll(leaf.Rows, row => !split.LeftBins[column[row]]);
        var leftIsSmaller = left.Length <= right.Length;
        var smaller = Count(leftIsSmaller ? left : right, gradients, hessians, takesPart);
        var larger = leaf.Histogram.Select((sums, f) => sums.Select((s, b) => s - smaller[f][b]).ToArray()).ToArray();
        var leftSum = new GradientSum();
        foreach (var row in left)
        {
            leftSum += new GradientSum { Gradient = gradients[row], Hessian = hessians[row], Count = 1 };
        }
        var children = new[]
        {
            LeafOf(nodes, left, leftIsSmaller ? smaller : larger, leftSum, takesPart),
            LeafOf(nodes, right, leftIsSmaller ? larger : smaller, leaf.Sum - leftSum, takesPart),
        };
        Write(nodes, leaf.Node, split, children[0].Node, children[1].Node);
        return children;
    }

    private void Write(Nodes nodes, int node, Split split, int left, int right)
    {
        nodes.Feature[node] = split.Feature;
        nodes.MissingLeft[node] = split.LeftBins[0] ? (byte)1 : (byte)0;
        (nodes.Left[node], nodes.Right[node]) = (left, right);
        if (bins.IsCategorical(split.Feature))
        {
            for (var bin = 1; bin < split.LeftBins.Length; bin++)
            {
                nodes.Categories[node * Tree.WordsPerNode + ((bin - 1) >> 5)] |= split.LeftBins[bin] ? 1u << ((bin - 1) & 31) : 0;
            }
        }
        else
        {
            // Bin 0 alone on the left: no number is below the threshold. The last bin on the left: every number is.
            nodes.Threshold[node] = split.LastLeftBin == 0 ? double.NegativeInfinity
                : split.LastLeftBin == bins.CountOf(split.Feature) - 1 ? double.PositiveInfinity
                : bins.UpperBound(split.Feature, split.LastLeftBin);
        }
    }

    private GradientSum[][] Count(int[] rows, double[] gradients, double[] hessians, bool[] takesPart)
    {
        var histogram = new GradientSum[bins.Columns.Length][];
        for (var feature = 0; feature < histogram.Length; feature++)
        {
            var sums = histogram[feature] = new GradientSum[takesPart[feature] ? bins.CountOf(feature) : 0];
            if (sums.Length > 0)
            {
                var column = bins.Columns[feature];
                foreach (var row in rows)
                {
                    ref var sum = ref sums[column[row]];
                    sum.Gradient += gradients[row];
                    sum.Hessian += hessians[row];
                    sum.Count++;
                }
            }
        }
        return histogram;
    }

    private Tree ToTree(Nodes nodes)
    {
        var values = nodes.Sums.Select(s => -settings.LearningRate * s.Gradient / (s.Hessian + settings.Ridge)).ToArray();
        var cover = nodes.Sums.Select(s => (double)s.Count).ToArray();
        // Children stand behind their parent: from the back, each mean is made of finished ones.
        for (var node = values.Length - 1; node >= 0; node--)
        {
            if (nodes.Left[node] is >= 0 and var left)
            {
                values[node] = (values[left] * cover[left] + values[nodes.Right[node]] * cover[nodes.Right[node]]) / cover[node];
            }
        }
        return new Tree([.. nodes.Feature], [.. nodes.Threshold], [.. nodes.Categories], [.. nodes.MissingLeft], [.. nodes.Left], [.. nodes.Right], values, cover);
    }
}
