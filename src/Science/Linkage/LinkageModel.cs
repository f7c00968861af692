namespace Wellmet.Science.Linkage;

/// <summary>What one field says about a pair.</summary>
/// <param name="Field">Its name; <c>prior</c> for what is believed of any two records, <c>lookalikes</c> for what people who live together or near each other share as well.</param>
/// <param name="Agreement">Null for those two.</param>
/// <param name="Bits">Above 0 for one person, below 0 against it; ten bits are odds of a thousand to one.</param>
public readonly record struct FieldEvidence(string Field, Agreement? Agreement, double Bits);

/// <summary>Why a pair got its score: the bits of all lines, added in their order, are exactly <paramref name="Score"/>.</summary>
/// <param name="Score">Log2 of the odds that the two records are one person.</param>
public sealed record MatchEvidence(double Score, IReadOnlyList<FieldEvidence> Lines)
{
    /// <summary>In (0, 1).</summary>
    public double Probability => LinkageModel.ProbabilityOf(Score);
}

/// <summary>
/// How much each agreement says that two records are one person, after Fellegi and Sunter ("A theory for record linkage", JASA 64, 1969): the logarithm of m / u, m the
/// share of the level among the same person's records, u among strangers'. An exact agreement on a rare value says more (Winkler, "Frequency-based
/// matching in the Fellegi-Sunter model", 2000): there u is the chance of that value. Strangers are a mixture with <see cref="Lookalikes"/>, so that
/// an address shared by a family counts once. Immutable; safe for any number of threads.
/// </summary>
public sealed class LinkageModel
{
    /// <summary>No value is so rare that sharing it is no accident, a slip or a shared device: one in sixteen million.</summary>
    private const double Rarest = 1 << 24;

    private readonly PersonRecords _records;
    private readonly FieldComparer _comparer;

    /// <summary>m and u by field and level; u of exact agreement is that of the value.</summary>
    private readonly double[] _same, _strangers;

    /// <summary>1 / u of each value of each field.</summary>
    private readonly float[][] _rarity;

    /// <summary>How often each kind of lookalikes shares each field.</summary>
    private readonly double[] _shared;

    private readonly double[] _lookalikeOdds;

    internal LinkageModel(PersonRecords records, double[] same, double[] strangers, double priorOdds, double[] lookalikeOdds, double[]? shared = null, float[][]? rarity = null)
    {
        (_records, _same, _strangers, PriorOdds, _lookalikeOdds) = (records, same, strangers, priorOdds, lookalikeOdds);
        _comparer = new FieldComparer(records);
        _rarity = rarity ?? Rarities(records);
        _shared = shared ?? [.. Enumerable.Range(0, Lookalikes.Count).SelectMany(l => records.Fields.Select(f => Lookalikes.Shared(l, f.Kind)))];
    }

    /// <summary>Pairs of one person for each pair of strangers.</summary>
    public double PriorOdds { get; }

    /// <summary>Pairs of one place, of one household, of twins, and of namesakes, for each pair of strangers.</summary>
    public IReadOnlyList<double> LookalikeOdds => _lookalikeOdds;

    /// <summary>How often people of one household, who are not the same, share a field.</summary>
    public double SharedByHousehold(int field) => Shared(Lookalikes.Household, field);

    /// <summary>m: the share of this level among pairs of one person whose values are both known.</summary>
    public double SamePerson(int field, Agreement level) => _same[(field * FieldKinds.Levels) + (int)level];

    /// <summary>u: the same among strangers; of exact agreement, the mean over values.</summary>
    public double Strangers(int field, Agreement level) => _strangers[(field * FieldKinds.Levels) + (int)level];

    /// <summary>Log2 of the odds that the two records are one person.</summary>
    public double Score(int one, int other)
    {
        Span<Agreement> agreements = stackalloc Agreement[_records.Columns.Length];
        _comparer.Compare(one, other, agreements);
        Span<double> ratios = stackalloc double[agreements.Length];
        Ratios(one, agreements, ratios);
        return Sum(ratios, default);
    }

    /// <summary>The score of a pair with the evidence of each field.</summary>
    public MatchEvidence Explain(int one, int other)
    {
        var agreements = new Agreement[_records.Columns.Length];
        _comparer.Compare(one, other, agreements);
        Span<double> ratios = stackalloc double[agreements.Length];
        Ratios(one, agreements, ratios);
        Span<double> bits = stackalloc double[agreements.Length + 2];
        var score = Sum(ratios, bits);
        var lines = new FieldEvidence[bits.Length];
        lines[0] = new FieldEvidence("prior", null, bits[0]);
        for (var field = 0; field < agreements.Length; field++)
        {
            lines[field + 1] = new FieldEvidence(_records.Fields[field].Name, agreements[field], bits[field + 1]);
        }

        lines[^1] = new FieldEvidence(Lookalikes.Name, null, bits[^1]);
        return new MatchEvidence(score, lines);
    }

    /// <summary>The probability of a score.</summary>
    public static double ProbabilityOf(double score) => 1 / (1 + double.Exp2(-score));

    internal double Shared(int lookalike, int field) => _shared[(lookalike * _records.Columns.Length) + field];

    internal FieldComparer Comparer => _comparer;

    internal float[][] Rarity => _rarity;

    /// <summary>m / u of each field.</summary>
    internal void Ratios(int one, ReadOnlySpan<Agreement> agreements, Span<double> ratios)
    {
        for (var field = 0; field < agreements.Length; field++)
        {
            var at = (field * FieldKinds.Levels) + (int)agreements[field];
            ratios[field] = agreements[field] switch
            {
                Agreement.Missing => 1,
                // That both have what everybody has says nothing, and never speaks against.
                Agreement.Exact => Math.Max(1, _same[at] * _rarity[field][_records.Columns[field].ValueOf[one]]),
                _ => _same[at] / _strangers[at],
            };
        }
    }

    /// <summary>How much likelier each kind of lookalikes is than strangers.</summary>
    /// <param name="ratios">m / u of each field.</param>
    /// <param name="likelihoods">One per kind.</param>
    internal void LookalikeRatios(ReadOnlySpan<double> ratios, Span<double> likelihoods)
    {
        for (var lookalike = 0; lookalike < Lookalikes.Count; lookalike++)
        {
            var likelihood = 1.0;
            var shared = _shared.AsSpan(lookalike * ratios.Length, ratios.Length);
            for (var field = 0; field < ratios.Length; field++)
            {
                likelihood *= 1 - shared[field] + (shared[field] * ratios[field]);
            }

            likelihoods[lookalike] = likelihood;
        }
    }

    /// <summary>Adds up the bits of a pair, always in the same order.</summary>
    private double Sum(ReadOnlySpan<double> ratios, Span<double> bits)
    {
        Span<double> line = stackalloc double[ratios.Length + 2];
        line[0] = Math.Log2(PriorOdds);
        for (var field = 0; field < ratios.Length; field++)
        {
            line[field + 1] = ratios[field] == 1 ? 0 : Math.Log2(ratios[field]);
        }

        Span<double> likelihoods = stackalloc double[Lookalikes.Count];
        LookalikeRatios(ratios, likelihoods);
        var others = 1.0;
        for (var lookalike = 0; lookalike < Lookalikes.Count; lookalike++)
        {
            others += _lookalikeOdds[lookalike] * likelihoods[lookalike];
        }

        line[^1] = -Math.Log2(others);
        var score = 0.0;
        foreach (var part in line)
        {
            score += part;
        }

        if (!bits.IsEmpty)
        {
            line.CopyTo(bits);
        }

        return score;
    }

    /// <summary>
    /// The chance that a stranger has a value: of the records beside the pair, those that have it, with a little belief in each value that there could be (a Dirichlet prior).
    /// </summary>
    internal static float[][] Rarities(PersonRecords records)
    {
        var rarities = new float[records.Columns.Length][];
        for (var field = 0; field < rarities.Length; field++)
        {
            var column = records.Columns[field];
            var (belief, values) = Belief(column);
            var all = Math.Max(0, column.Known - 2) + (belief * values);
            rarities[field] = Array.ConvertAll(column.Frequencies, f => (float)Math.Clamp(all / (Math.Max(0, f - 2) + belief), 1, Rarest));
            rarities[field][0] = 1;
        }

        return rarities;
    }

    /// <summary>The belief in each value, in records, and how many values there could be: those seen, but for what there are known to be many more of.</summary>
    private static (double Belief, double Values) Belief(PersonColumn column) => column.Field.Kind switch
    {
        FieldKind.BirthDate => (0.2, 25_000),
        FieldKind.Phone or FieldKind.Email or FieldKind.Identifier when column.Distinct * 2 > column.Known => (0.001, 100_000),
        _ => (1, column.Distinct),
    };
}
