using System.Diagnostics;
using System.Globalization;
using Wellmet.Science.Linkage;

namespace Wellmet.Bench.Identity;

/// <summary>Links records and compares with the truth.</summary>
internal sealed class IdentityRun(LinkageSettings settings, int? threads, int show, CancellationToken ct)
{
    public LinkageSettings Settings => settings;

    /// <param name="rows">Values of each record; cleaning them is timed too.</param>
    /// <param name="truth">Who each is; may be filled while <paramref name="rows"/> is read.</param>
    /// <param name="secondFrom">The first record of the second list; 0 for one list.</param>
    public IdentityOutcome Measure(IReadOnlyList<LinkageField> fields, IEnumerable<string[]> rows, IReadOnlyList<string> truth, int secondFrom)
    {
        var started = Stopwatch.GetTimestamp();
        var builder = new PersonRecordsBuilder(fields);
        foreach (var row in rows)
        {
            builder.Add(row);
        }
        var records = builder.Build();
        var read = Stopwatch.GetElapsedTime(started);
        var result = secondFrom == 0 ? RecordLinkage.Deduplicate(records, settings, threads, ct) : RecordLinkage.Link(records, secondFrom, settings, threads, ct);
        var threshold = result.ThresholdFor(settings.Precision);
        var groups = secondFrom == 0 ? result.Entities(threshold) : null;
        var links = secondFrom == 0 ? null : result.Links(threshold);
        var (seconds, memory) = (Stopwatch.GetElapsedTime(started).TotalSeconds, Machine.PeakRssMegabytes());
        var found = groups is not null ? PairCounts.OfGroups(groups, truth) : PairCounts.OfLinks(links!.Select(l => (l.First, l.Second)), truth, secondFrom);
        var plain = PlainRules.Groups(records);
        Show(result, threshold, groups, links, truth, secondFrom);
        return new IdentityOutcome(found, secondFrom == 0 ? PairCounts.OfGroups(plain, truth) : PairCounts.OfLinks(PlainRules.Links(plain, secondFrom), truth, secondFrom),
            seconds, memory, read.TotalSeconds, (double)result.Compared / records.Count, threshold, Expected(result, threshold), Kept(result, truth, found));
    }

    /// <summary>What the model itself expects of the pairs that it accepts.</summary>
    private static double Expected(LinkageResult result, double threshold) =>
        result.Pairs.Where(p => p.Score >= threshold).Select(p => p.Probability).DefaultIfEmpty(1).Average();

    /// <summary>The share of true pairs among those kept at all.</summary>
    private static double Kept(LinkageResult result, IReadOnlyList<string> truth, PairCounts all) =>
        all.True == 0 ? 1 : result.Pairs.Count(p => truth[p.First] == truth[p.Second]) / (double)all.True;

    private void Show(LinkageResult result, double threshold, int[]? groups, IReadOnlyList<ScoredPair>? links, IReadOnlyList<string> truth, int secondFrom)
    {
        if (show == 0)
        {
            return;
        }
        for (var field = 0; field < result.Records.Fields.Count; field++)
        {
            Console.Error.WriteLine($"{result.Records.Fields[field].Name,-16} " + string.Join("  ", Enum.GetValues<Agreement>().Skip(1).Select(l => string.Create(CultureInfo.InvariantCulture,
                $"{l} {result.Model.SamePerson(field, l):0.0000}/{result.Model.Strangers(field, l):0.000000}"))));
        }
        Console.Error.WriteLine($"prior {Math.Log2(result.Model.PriorOdds):0.0} lookalikes {string.Join(" ", result.Model.LookalikeOdds.Select(o => Math.Log2(o).ToString("0.0", CultureInfo.InvariantCulture)))} threshold {threshold:0.0}");
        var accepted = links?.Select(l => (l.First, l.Second)).ToHashSet();
        var byEntity = Enumerable.Range(0, truth.Count).GroupBy(r => truth[r]).SelectMany(g => g.SelectMany(a => g.Where(b => b > a && (secondFrom == 0 || (a < secondFrom && b >= secondFrom))).Select(b => (a, b))));
        foreach (var (a, b) in byEntity.Where(p => accepted is null ? groups![p.a] != groups[p.b] : !accepted.Contains(p)).Take(show))
        {
            Print("MISSED", result, a, b);
        }
        var wrong = accepted is null ? result.Pairs.Where(p => groups![p.First] == groups[p.Second]).Select(p => (p.First, p.Second)) : accepted;
        foreach (var (a, b) in wrong.Where(p => truth[p.Item1] != truth[p.Item2]).Take(show))
        {
            Print("WRONG", result, a, b);
        }
    }

    private static void Print(string what, LinkageResult result, int a, int b)
    {
        var evidence = result.Model.Explain(a, b);
        Console.Error.WriteLine($"{what} {evidence.Score:0.0}{(result.Pairs.Any(p => p.First == a && p.Second == b) ? "" : " (not a candidate)")}");
        foreach (var (line, field) in evidence.Lines.Select((l, i) => (l, i - 1)))
        {
            Console.Error.WriteLine(line.Agreement is { } agreement
                ? $"   {line.Field,-16} {agreement,-10} {line.Bits,7:0.0}   {result.Records.Value(a, field)} | {result.Records.Value(b, field)}" : $"   {line.Field,-27} {line.Bits,7:0.0}");
        }
    }
}

/// <summary>What one run came to.</summary>
/// <param name="Seconds">From the values as they were written to the accepted pairs.</param>
/// <param name="CandidateShare">Of the true pairs, those kept above the least probability.</param>
internal sealed record IdentityOutcome(PairCounts Found, PairCounts Plain, double Seconds, double Memory, double ReadSeconds, double ComparedPerRecord, double Threshold, double ExpectedPrecision, double CandidateShare)
{
    public Dictionary<string, double> Metrics() => new()
    {
        ["precision"] = Round(Found.Precision), ["recall"] = Round(Found.Recall), ["f1"] = Round(Found.F1), ["seconds"] = Math.Round(Seconds, 3), ["peak_rss_mb"] = Memory,
        ["seconds_cleaning"] = Math.Round(ReadSeconds, 3), ["compared_per_record"] = Math.Round(ComparedPerRecord, 1), ["true_pairs"] = Found.True, ["found_pairs"] = Found.Found,
        ["threshold_bits"] = Math.Round(double.IsFinite(Threshold) ? Threshold : -1, 2), ["precision_expected"] = Round(ExpectedPrecision), ["recall_of_kept_pairs"] = Round(CandidateShare),
    };

    /// <summary>The plain rules.</summary>
    public Dictionary<string, double> Reference() => new() { ["precision"] = Round(Plain.Precision), ["recall"] = Round(Plain.Recall), ["f1"] = Round(Plain.F1) };

    private static double Round(double share) => Math.Round(share, 5);
}
