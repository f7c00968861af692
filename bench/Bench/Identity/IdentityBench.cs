using System.Globalization;
using Wellmet.Platform;
using Wellmet.Science.Linkage;

namespace Wellmet.Bench.Identity;

/// <summary>
/// Which records are one person, found without any truth: <c>--records</c> (CSV, also .gz) deduplicates one file; with <c>--records-b</c> the two are linked.
/// Without a file, people are made up and the growth is measured up to <c>--generate</c>. <c>--precision</c> is what is wished of the accepted pairs, <c>--threads</c> the
/// number of threads, <c>--show</c> prints so many of the errors.
/// </summary>
internal sealed class IdentityBench : IBench
{
    public string Name => "identity";
    public string Summary => "Which records are one person: precision, recall, F1, seconds and memory, against plain rules; growth on made-up people";

    public Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken ct)
    {
        var settings = new LinkageSettings();
        settings = settings with { Precision = double.Parse(arguments.Text("precision", "0.99"), CultureInfo.InvariantCulture), LargestBlock = arguments.Number("block", settings.LargestBlock) };
        int? threads = arguments.Has("threads") ? arguments.Number("threads", 1) : null;
        var run = new IdentityRun(settings, threads, arguments.Number("show", 0), ct);
        return Task.FromResult(arguments.Text("records") is { } file ? OfFiles(run, file, arguments.Text("records-b")) : Growth(run, arguments.Number("generate", 100_000)));
    }

    private static BenchResult OfFiles(IdentityRun run, string file, string? fileB)
    {
        var first = PersonFile.Read(file);
        var second = fileB is null ? null : PersonFile.Read(fileB, first.Fields);
        if (first.Truth.Count == 0 || second is { Truth.Count: 0 })
        {
            throw new ProblemException("file_invalid", "The files do not say who is who: a column rec_id or cluster is needed to measure by.", 400);
        }
        var outcome = run.Measure(first.Fields, first.Rows.Concat(second?.Rows ?? []), [.. first.Truth, .. second?.Truth ?? []], second is null ? 0 : first.Rows.Count);
        return new BenchResult(
            new Dictionary<string, object?>
            {
                ["records"] = Path.GetFileName(file), ["records_b"] = fileB is null ? null : Path.GetFileName(fileB), ["precision_wished"] = run.Settings.Precision,
                ["fields"] = first.Fields.ToDictionary(f => f.Name, f => f.Kind.ToString()), ["largest_block"] = run.Settings.LargestBlock,
            },
            outcome.Metrics(), outcome.Reference());
    }

    /// <summary>From a thousand people to as many as asked, by tens; memory is that of the process so far, which grows with the largest.</summary>
    private static BenchResult Growth(IdentityRun run, int most)
    {
        var metrics = new Dictionary<string, double>();
        var reference = new Dictionary<string, double>();
        var sizes = new List<int>();
        for (var size = 1_000; size < most; size *= 10)
        {
            sizes.Add(size);
        }
        foreach (var size in sizes.Append(most))
        {
            var people = new MadeUpPeople(run.Settings.Seed);
            var outcome = run.Measure(MadeUpPeople.Fields, people.Records(size), people.Truth, 0);
            foreach (var (name, value) in outcome.Metrics())
            {
                metrics[$"{name}_{size}"] = value;
            }
            foreach (var (name, value) in outcome.Reference())
            {
                reference[$"{name}_{size}"] = value;
            }
            Console.Error.WriteLine($"{size} records: {string.Join(", ", outcome.Metrics().Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} {m.Value:0.####}")))}");
        }
        if (sizes.Count > 0)
        {
            // 1 where time grows as the records do, 2 where it grows as their square.
            metrics["growth_exponent"] = Math.Round(Math.Log(metrics[$"seconds_{most}"] / metrics[$"seconds_{sizes[^1]}"]) / Math.Log((double)most / sizes[^1]), 3);
        }
        return new BenchResult(new Dictionary<string, object?> { ["generated"] = most, ["precision_wished"] = run.Settings.Precision, ["largest_block"] = run.Settings.LargestBlock }, metrics, reference);
    }
}
