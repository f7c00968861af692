using Wellmet.Science.Products;

namespace Wellmet.Science.Recommenders.Types;

/// <summary>
/// For each type its complements, strongest first, and its substitutes. A complement is directed: a memory card after a camera, not a camera after a
/// memory card. Immutable; reading allocates nothing.
/// </summary>
public sealed class TypeRelations
{
    private readonly int[] _offsets;
    private readonly TypeRelation[] _entries;
    private readonly int[] _substituteOffsets;
    private readonly int[] _substitutes;
    private readonly int[] _complementCounts;

    /// <summary>Takes over both arrays, which must not be changed afterwards.</summary>
    /// <param name="offsets">Length types + 1: the relations of type t lie at offsets[t] (inclusive) to offsets[t + 1] (exclusive).</param>
    /// <param name="entries">Type after type; of each the complements first, strongest first, then the substitutes.</param>
    /// <exception cref="ArgumentException">The arrays do not fit together, or are not in this order.</exception>
    public TypeRelations(int[] offsets, TypeRelation[] entries)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        ArgumentNullException.ThrowIfNull(entries);
        RowOffsets.Check(offsets, entries.Length);
        (_offsets, _entries) = (offsets, entries);
        _complementCounts = new int[TypeCount];
        _substituteOffsets = new int[TypeCount + 1];
        for (var type = 0; type < TypeCount; type++)
        {
            Check(Of(type), type);
            _complementCounts[type] = Count(Of(type), TypeLabel.Complement);
            _substituteOffsets[type + 1] = _substituteOffsets[type] + Of(type).Length - _complementCounts[type];
        }

        _substitutes = [.. entries.Where(entry => entry.Label == TypeLabel.Substitute).Select(entry => entry.Type)];
    }

    /// <summary>Number of types.</summary>
    public int TypeCount => _offsets.Length - 1;

    /// <summary>To be saved.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>To be saved.</summary>
    public ReadOnlySpan<TypeRelation> Entries => _entries;

    /// <summary>All relations of a type that are not neutral.</summary>
    public ReadOnlySpan<TypeRelation> Of(int type) => _entries.AsSpan(_offsets[type], _offsets[type + 1] - _offsets[type]);

    /// <summary>What is wanted with a type or after it, strongest first.</summary>
    public ReadOnlySpan<TypeRelation> ComplementsOf(int type) => Of(type)[.._complementCounts[type]];

    /// <summary>The types that do the same.</summary>
    public ReadOnlySpan<int> SubstitutesOf(int type) =>
        _substitutes.AsSpan(_substituteOffsets[type], _substituteOffsets[type + 1] - _substituteOffsets[type]);

    /// <summary>What <paramref name="other"/> is to <paramref name="type"/>. Two of the same type are substitutes; nothing is known of <see cref="TypeTree.None"/>.</summary>
    public TypeLabel LabelOf(int type, int other)
    {
        if (type == TypeTree.None || other == TypeTree.None || type == other)
        {
            return type == other && type != TypeTree.None ? TypeLabel.Substitute : TypeLabel.Neutral;
        }

        foreach (ref readonly var relation in Of(type))
        {
            if (relation.Type == other)
            {
                return relation.Label;
            }
        }

        return TypeLabel.Neutral;
    }

    private static int Count(ReadOnlySpan<TypeRelation> relations, TypeLabel label)
    {
        var count = 0;
        foreach (ref readonly var relation in relations)
        {
            count += relation.Label == label ? 1 : 0;
        }

        return count;
    }

    private void Check(ReadOnlySpan<TypeRelation> relations, int type)
    {
        var previous = TypeLabel.Complement;
        foreach (ref readonly var relation in relations)
        {
            if (relation.Type < 0 || relation.Type >= TypeCount || relation.Label < previous || relation.Label > TypeLabel.Substitute)
            {
                throw new ArgumentException($"The relations of type {type} hold an unknown type or are not in order.");
            }

            previous = relation.Label;
        }
    }
}
