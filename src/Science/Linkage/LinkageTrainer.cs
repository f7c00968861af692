using Wellmet.Science.Statistics;

namespace Wellmet.Science.Linkage;

/// <summary>
/// Learns the weights without any truth, by expectation-maximisation (Dempster, Laird and Rubin 1977; for this mixture Winkler, "Using the EM algorithm for weight
/// computation in the Fellegi-Sunter model of record linkage", 1988). u is counted on random pairs, less the same people among them. m and the shares of the classes
/// come from a sample of records with all their candidates, against all pairs that these records could make: pairs that no key brings together count as strangers.
/// </summary>
internal sealed class LinkageTrainer(PersonRecords records, CandidateIndex index, LinkageSettings settings, ParallelOptions options)
{
    private const int RandomPairs = 200_000, MostCompared = 3_000_000, Chunk = 256, MostRounds = 200;
    private const double Converged = 1e-5, FirstShare = 0.1, PriorPairs = 50, LeastShareKept = 1e-5;

    /// <summary>What is believed of m before any pair is seen, by level.</summary>
    private static readonly double[] PriorSame = [1, 0.06, 0.04, 0.02, 0.08, 0.8];

    private readonly int _fields = records.Columns.Length;

    /// <summary>Counts of levels among random pairs, by field.</summary>
    private double[] _random = [];

    /// <summary>Pairs that the sampled records could make.</summary>
    private double _sampledPairs;

    public LinkageModel Train()
    {
        _random = CountRandomPairs();
        var same = Enumerable.Range(0, _fields).SelectMany(_ => PriorSame).ToArray();
        var prior = FirstShare * records.Count / index.Pairs;
        var model = new LinkageModel(records, same, Strangers(same, prior), prior, [prior, prior, prior * Lookalikes.TwinShare, prior]);
        var sample = Sample(model);
        for (var round = 0; round < MostRounds; round++)
        {
            var before = model.PriorOdds;
            model = Improve(model, sample);
            if (Math.Abs(model.PriorOdds - before) <= Converged * before)
            {
                break;
            }
        }

        return model;
    }

    /// <summary>One round: what each pair is, then the parameters that make it likeliest.</summary>
    private LinkageModel Improve(LinkageModel model, List<SampledPair[]> sample)
    {
        var sums = new Sums[sample.Count];
        Parallel.For(0, sample.Count, options, chunk => sums[chunk] = Expect(model, sample[chunk]));
        var total = new Sums(_fields);
        foreach (var part in sums)
        {
            total.Add(part);
        }

        var same = new double[_fields * FieldKinds.Levels];
        for (var field = 0; field < _fields; field++)
        {
            var levels = total.Same.AsSpan(field * FieldKinds.Levels, FieldKinds.Levels);
            var known = PriorPairs;
            foreach (var weight in levels[1..])
            {
                known += weight;
            }

            same[field * FieldKinds.Levels] = 1;
            for (var level = 1; level < FieldKinds.Levels; level++)
            {
                same[(field * FieldKinds.Levels) + level] = (levels[level] + (PriorPairs * PriorSame[level])) / known;
            }
        }

        var lookalikes = new double[Lookalikes.Count];
        for (var lookalike = 0; lookalike < lookalikes.Length; lookalike++)
        {
            // Of the pairs that are believed, as many as there are records in the sample.
            lookalikes[lookalike] = total.Lookalikes[lookalike] + (Lookalikes.PriorPairs(lookalike, records.Count) * _sampledPairs / index.Pairs);
        }

        var households = lookalikes[Lookalikes.Household] + lookalikes[Lookalikes.Twins];
        (lookalikes[Lookalikes.Household], lookalikes[Lookalikes.Twins]) = (households * (1 - Lookalikes.TwinShare), households * Lookalikes.TwinShare);
        var matches = Math.Max(total.Matches, 1e-3);
        var strangers = Math.Max(_sampledPairs - matches - lookalikes.Sum(), 0.5 * _sampledPairs);
        return new LinkageModel(records, same, Strangers(same, matches / _sampledPairs), matches / strangers, Array.ConvertAll(lookalikes, l => l / strangers), Shared(total), model.Rarity);
    }

    /// <summary>How often lookalikes shared a field, of the pairs in which both said something.</summary>
    private double[] Shared(Sums total)
    {
        var shared = new double[Lookalikes.Count * _fields];
        for (var at = 0; at < shared.Length; at++)
        {
            var believed = Lookalikes.Shared(at / _fields, records.Fields[at % _fields].Kind);
            shared[at] = believed == 0 ? 0 : (total.Shared[at] + (believed * Lookalikes.SharedPriorPairs)) / (total.Known[at] + Lookalikes.SharedPriorPairs);
        }

        return shared;
    }

    private Sums Expect(LinkageModel model, SampledPair[] pairs)
    {
        var sums = new Sums(_fields);
        Span<double> ratios = stackalloc double[_fields];
        Span<double> likelihoods = stackalloc double[Lookalikes.Count];
        foreach (var pair in pairs)
        {
            model.Ratios(pair.First, pair.Agreements, ratios);
            var match = model.PriorOdds * Product(ratios);
            model.LookalikeRatios(ratios, likelihoods);
            var all = 1 + match;
            for (var lookalike = 0; lookalike < likelihoods.Length; lookalike++)
            {
                likelihoods[lookalike] *= model.LookalikeOdds[lookalike];
                all += likelihoods[lookalike];
            }

            sums.Add(match / all, pair.Agreements);
            sums.AddLookalikes(model, pair.Agreements, ratios, likelihoods, all);
        }

        return sums;
    }

    private static double Product(ReadOnlySpan<double> ratios)
    {
        var product = 1.0;
        foreach (var ratio in ratios)
        {
            product *= ratio;
        }

        return product;
    }

    /// <summary>u: what random pairs show, less the same people among them; at least what a sample of this size could show.</summary>
    private double[] Strangers(double[] same, double share)
    {
        var strangers = new double[same.Length];
        for (var field = 0; field < _fields; field++)
        {
            var levels = _random.AsSpan(field * FieldKinds.Levels, FieldKinds.Levels);
            var known = Math.Max(1, levels[1..].ToArray().Sum());
            strangers[field * FieldKinds.Levels] = 1;
            for (var level = 1; level < FieldKinds.Levels; level++)
            {
                var at = (field * FieldKinds.Levels) + level;
                strangers[at] = Math.Clamp(((levels[level] / known) - (share * same[at])) / (1 - share), 0.5 / known, 1);
            }
        }

        return strangers;
    }

    private double[] CountRandomPairs()
    {
        var counts = new double[_fields * FieldKinds.Levels];
        var comparer = new FieldComparer(records);
        var random = new SeededRandom(settings.Seed);
        Span<Agreement> agreements = stackalloc Agreement[_fields];
        for (var pair = 0; pair < RandomPairs && records.Count > 1; pair++)
        {
            var one = random.Next(index.Beginnings);
            var other = index.Beginnings == records.Count ? random.Next(records.Count) : index.Beginnings + random.Next(records.Count - index.Beginnings);
            if (one != other)
            {
                comparer.Compare(one, other, agreements);
                for (var field = 0; field < agreements.Length; field++)
                {
                    counts[(field * FieldKinds.Levels) + (int)agreements[field]]++;
                }
            }
        }

        return counts;
    }

    /// <summary>Records in a random order, with their candidates, until so many pairs are compared; kept are those that are not plainly strangers.</summary>
    private List<SampledPair[]> Sample(LinkageModel model)
    {
        var order = Shuffled(index.Beginnings);
        var kept = new List<SampledPair[]>();
        var compared = 0L;
        for (var from = 0; from < order.Length && compared < MostCompared; from += Wave * Chunk)
        {
            var chunks = Enumerable.Range(0, Wave).Select(c => (From: Math.Min(order.Length, from + (c * Chunk)), To: Math.Min(order.Length, from + ((c + 1) * Chunk)))).Where(c => c.From < c.To).ToArray();
            var parts = new (SampledPair[] Pairs, long Compared)[chunks.Length];
            Parallel.For(0, chunks.Length, options, index.NewReader, (chunk, _, reader) =>
            {
                parts[chunk] = Sample(model, reader, order.AsSpan(chunks[chunk].From, chunks[chunk].To - chunks[chunk].From));
                return reader;
            }, _ => { });
            foreach (var (pairs, count) in parts)
            {
                kept.Add(pairs);
                compared += count;
            }

            foreach (var record in order.AsSpan(from, Math.Min(order.Length - from, Wave * Chunk)))
            {
                _sampledPairs += index.PairsFrom(record);
            }
        }

        return kept;
    }

    private (SampledPair[] Pairs, long Compared) Sample(LinkageModel model, CandidateIndex.Reader reader, ReadOnlySpan<int> from)
    {
        var pairs = new List<SampledPair>();
        var compared = 0L;
        Span<double> ratios = stackalloc double[_fields];
        Span<double> likelihoods = stackalloc double[Lookalikes.Count];
        foreach (var record in from)
        {
            foreach (var other in reader.CandidatesOf(record))
            {
                var agreements = new Agreement[_fields];
                model.Comparer.Compare(record, other, agreements);
                model.Ratios(record, agreements, ratios);
                model.LookalikeRatios(ratios, likelihoods);
                var share = model.PriorOdds * Product(ratios);
                for (var lookalike = 0; lookalike < likelihoods.Length; lookalike++)
                {
                    share += likelihoods[lookalike] * model.LookalikeOdds[lookalike];
                }

                compared++;
                if (share >= LeastShareKept)
                {
                    pairs.Add(new SampledPair(record, agreements));
                }
            }
        }

        return ([.. pairs], compared);
    }

    private const int Wave = 16;

    private int[] Shuffled(int count)
    {
        var order = new int[count];
        var random = new SeededRandom(settings.Seed + 1);
        for (var at = 0; at < count; at++)
        {
            var other = random.Next(at + 1);
            (order[at], order[other]) = (order[other], at);
        }

        return order;
    }

    /// <param name="First">One of the two records: where they agree, their value is the same.</param>
    private readonly record struct SampledPair(int First, Agreement[] Agreements);

    /// <summary>Expected numbers of pairs.</summary>
    private sealed class Sums(int fields)
    {
        public double[] Same { get; } = new double[fields * FieldKinds.Levels];

        public double[] Lookalikes { get; } = new double[Linkage.Lookalikes.Count];

        /// <summary>By kind of lookalikes and field: pairs that shared it, and pairs in which both said something.</summary>
        public double[] Shared { get; } = new double[Linkage.Lookalikes.Count * fields];

        public double[] Known { get; } = new double[Linkage.Lookalikes.Count * fields];

        public double Matches { get; private set; }

        public void Add(double match, ReadOnlySpan<Agreement> agreements)
        {
            Matches += match;
            for (var field = 0; field < agreements.Length; field++)
            {
                Same[(field * FieldKinds.Levels) + (int)agreements[field]] += match;
            }
        }

        public void AddLookalikes(LinkageModel model, ReadOnlySpan<Agreement> agreements, ReadOnlySpan<double> ratios, ReadOnlySpan<double> likelihoods, double all)
        {
            for (var lookalike = 0; lookalike < likelihoods.Length; lookalike++)
            {
                var weight = likelihoods[lookalike] / all;
                Lookalikes[lookalike] += weight;
                for (var field = 0; field < fields; field++)
                {
                    var shared = model.Shared(lookalike, field);
                    if (shared > 0 && agreements[field] != Agreement.Missing)
                    {
                        Known[(lookalike * fields) + field] += weight;
                        Shared[(lookalike * fields) + field] += weight * shared * ratios[field] / (1 - shared + (shared * ratios[field]));
                    }
                }
            }
        }

        public void Add(Sums other)
        {
            Matches += other.Matches;
            Add(Same, other.Same);
            Add(Lookalikes, other.Lookalikes);
            Add(Shared, other.Shared);
            Add(Known, other.Known);
        }

        private static void Add(double[] sums, double[] others)
        {
            for (var at = 0; at < sums.Length; at++)
            {
                sums[at] += others[at];
            }
        }
    }
}
