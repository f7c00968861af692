namespace Wellmet.Science.Products;

/// <summary>
/// Which type belongs to which wider one: "espresso machine" to "coffee machine" to "kitchen". Types are dense indexes given by the caller.
/// Immutable; safe for any number of threads.
/// </summary>
public sealed class TypeTree
{
    /// <summary>Stands for "no type": the parent of a root, the type of a product of which nothing is known.</summary>
    public const int None = -1;

    private readonly int[] _parents;

    /// <param name="parents">The parent of each type, or <see cref="None"/>.</param>
    /// <exception cref="ArgumentException">A parent is no type, or a type is its own ancestor.</exception>
    public TypeTree(ReadOnlySpan<int> parents)
    {
        _parents = parents.ToArray();
        for (var type = 0; type < _parents.Length; type++)
        {
            CheckAncestors(type);
        }
    }

    /// <summary>Number of types, wider ones included.</summary>
    public int Count => _parents.Length;

    /// <summary>Types without anything above them.</summary>
    public static TypeTree Flat(int count)
    {
        var parents = new int[count];
        Array.Fill(parents, None);
        return new TypeTree(parents);
    }

    /// <summary>The next wider type, or <see cref="None"/>.</summary>
    public int ParentOf(int type) => _parents[type];

    private void CheckAncestors(int type)
    {
        var steps = 0;
        for (var above = _parents[type]; above != None; above = _parents[above])
        {
            if (above < 0 || above >= Count)
            {
                throw new ArgumentException($"Parent {above} is outside 0 to {Count - 1}.");
            }

            if (++steps >= Count)
            {
                throw new ArgumentException($"Type {type} is among its own ancestors, or leads to one that is.");
            }
        }
    }
}
