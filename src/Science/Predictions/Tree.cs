namespace Wellmet.Science.Predictions;

/// <summary>
/// A tree of a model, immutable: node 0 is the root; a node without a left child is a leaf. All arrays have an entry for each node.
/// </summary>
/// <param name="Feature">The column that is asked; -1 in a leaf.</param>
/// <param name="Threshold">Of a number: left where it is at most this.</param>
/// <param name="Categories">Of a category: eight words of a set of bits each; left where its bit is set. Empty where the model has no categories.</param>
/// <param name="MissingLeft">Where what is not known goes: 1 left, 0 right.</param>
/// <param name="Left">Index of the child; -1 in a leaf.</param>
/// <param name="Right">Index of the child; -1 in a leaf.</param>
/// <param name="Value">What a leaf adds to the log-odds; in other nodes the mean over what is below.</param>
/// <param name="Cover">Training rows that came here.</param>
internal sealed record Tree(int[] Feature, double[] Threshold, uint[] Categories, byte[] MissingLeft, int[] Left, int[] Right, double[] Value, double[] Cover)
{
    public const int WordsPerNode = 8;

    public bool IsLeaf(int node) => Left[node] < 0;

    /// <summary>The child to which a row goes.</summary>
    public int Next(int node, double value, bool categorical)
    {
        var left = double.IsNaN(value) ? MissingLeft[node] != 0
            : categorical ? (Categories[node * WordsPerNode + ((int)value >> 5)] & (1u << ((int)value & 31))) != 0
            : value <= Threshold[node];
        return left ? Left[node] : Right[node];
    }

    public double Predict(ReadOnlySpan<double> row, bool[] categorical)
    {
        var node = 0;
        while (!IsLeaf(node))
        {
            node = Next(node, row[Feature[node]], categorical[Feature[node]]);
        }
        return Value[node];
    }

    /// <summary>Throws where a damaged file would lead out of the tree or around in it.</summary>
    /// <exception cref="ArgumentException">The arrays do not make a tree.</exception>
    public Tree Checked(int features)
    {
        var nodes = Feature.Length;
        var sizes = nodes > 0 && Threshold.Length == nodes && Categories.Length == nodes * WordsPerNode && MissingLeft.Length == nodes
            && Left.Length == nodes && Right.Length == nodes && Value.Length == nodes && Cover.Length == nodes;
        for (var node = 0; sizes && node < nodes; node++)
        {
            sizes = Left[node] < 0 || (Left[node] > node && Right[node] > node && Left[node] < nodes && Right[node] < nodes && Feature[node] >= 0 && Feature[node] < features);
        }
        return sizes ? this : throw new ArgumentException("The nodes do not make a tree.");
    }
}
