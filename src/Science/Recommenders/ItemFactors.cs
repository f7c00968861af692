namespace Wellmet.Science.Recommenders;

/// <summary>
/// What <see cref="ImplicitAls"/> learned of the items, in the basis of <see cref="Whitening"/>. Immutable; safe for any number of threads.
/// </summary>
public sealed class ItemFactors
{
    internal ItemFactors(DenseMatrix whitened, float alpha) => (Whitened, Alpha) = (whitened, alpha);

    /// <summary>What a purchase of weight 1 counts beside an item that was not bought, which counts 1.</summary>
    public float Alpha { get; }

    /// <summary>Number of items.</summary>
    public int ItemCount => Whitened.Rows;

    /// <summary>Numbers per item.</summary>
    public int Dimensions => Whitened.Columns;

    internal DenseMatrix Whitened { get; }
}
