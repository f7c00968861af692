using System.Text;

namespace Wellmet.Science.Experiments;

/// <summary>
/// A part of all units, chosen by a hash. Experiments that hold parts of the same layer which do not overlap exclude each other; those in
/// different layers are independent (Tang, Agarwal, O'Brien and Meyer, "Overlapping experiment infrastructure", KDD 2010). A hold-out is a part, too.
/// </summary>
/// <param name="Layer">Salt of the layer.</param>
/// <param name="From">In [0, 1].</param>
/// <param name="Until">In [<paramref name="From"/>, 1]; raising it adds units and moves none.</param>
public readonly record struct LayerPart(string Layer, double From, double Until)
{
    /// <summary>All units.</summary>
    public static readonly LayerPart Everyone = new("", 0, 1);

    /// <summary>No unit.</summary>
    public static readonly LayerPart Nobody = new("", 0, 0);

    public bool Holds(ReadOnlySpan<byte> unit) => (From <= 0 && Until >= 1) || (Until > From && Assignment.Position(Layer, unit) is var at && at >= From && at < Until);
}

/// <summary>
/// Which variant a unit is shown: a pure function of unit, salt and weights, so it is the same on every node and on every day without being kept.
/// Other salts give independent divisions.
/// </summary>
public sealed class Assignment
{
    /// <summary>The answer for a unit that takes no part.</summary>
    public const int None = -1;

    private readonly string salt;
    private readonly double[] ends;
    private readonly LayerPart part, holdout;

    /// <param name="salt">Of this experiment alone.</param>
    /// <param name="weights">One for each variant, not below 0, in any unit; they must not change while the experiment runs, or units would move.</param>
    /// <param name="part">Who takes part; all where null.</param>
    /// <param name="holdout">Who takes part in nothing; nobody where null.</param>
    /// <exception cref="ArgumentException">No variant, or weights that are negative or all 0.</exception>
    public Assignment(string salt, IReadOnlyList<double> weights, LayerPart? part = null, LayerPart? holdout = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var total = weights.Sum();
        if (weights.Any(w => w < 0) || !(total > 0) || !double.IsFinite(total))
        {
            throw new ArgumentException("Weights are 0 or more, and at least one is above.", nameof(weights));
        }
        this.salt = salt;
        this.part = part ?? LayerPart.Everyone;
        this.holdout = holdout ?? LayerPart.Nobody;
        ends = new double[weights.Count];
        var sum = 0.0;
        for (var i = 0; i < ends.Length; i++)
        {
            ends[i] = (sum += weights[i]) / total;
        }
        // Rounding must not leave a gap before 1.
        for (var i = ends.Length - 1; i >= 0 && (i == ends.Length - 1 || weights[i + 1] == 0); i--)
        {
            ends[i] = 1;
        }
    }

    /// <summary>Index of the variant, or <see cref="None"/>.</summary>
    public int Of(ReadOnlySpan<byte> unit)
    {
        if (holdout.Holds(unit) || !part.Holds(unit))
        {
            return None;
        }
        var position = Position(salt, unit);
        var variant = 0;
        while (position >= ends[variant])
        {
            variant++;
        }
        return variant;
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{byte})"/>
    public int Of(Guid unit)
    {
        Span<byte> bytes = stackalloc byte[16];
        unit.TryWriteBytes(bytes, bigEndian: true, out _);
        return Of(bytes);
    }

    /// <summary>Where a unit stands in [0, 1): the upper 53 bits of xxHash64 of the unit's bytes, seeded with xxHash64 of the salt in UTF-8.</summary>
    public static double Position(string salt, ReadOnlySpan<byte> unit) =>
        (XxHash64.Hash(unit, XxHash64.Hash(Encoding.UTF8.GetBytes(salt))) >> 11) * (1.0 / (1UL << 53));
}
