using System.Text.Json;
using Wellmet.Bench;
using Wellmet.Bench.Identity;
using Wellmet.Bench.Imports;
using Wellmet.Bench.Ingest;
using Wellmet.Bench.Predictions;
using Wellmet.Bench.Recommendations;
using Wellmet.Bench.Segments;
using Wellmet.Platform;

IBench[] benches =
[
    new ImportBench(), new IngestBench(), new RecommendBench(), new RecommendTrainBench(), new NextItemBench(), new AlsoBoughtBench(), new SuggestionsBench(), new RerankBench(), new ServeBench(), new SignalsBench(), new IntentBench(), new IdentityBench(), new SegmentsBench(),
];
var format = new JsonSerializerOptions { WriteIndented = false, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

if (args.Length == 0 || benches.FirstOrDefault(b => b.Name == args[0]) is not { } bench)
{
    foreach (var each in benches)
    {
        Console.WriteLine($"{each.Name,-20} {each.Summary}");
    }
    return args.Length == 0 ? 0 : 1;
}
using var cancel = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; cancel.Cancel(); };
var arguments = new BenchArguments(args.AsSpan(1));
try
{
    var result = await bench.RunAsync(arguments, cancel.Token);
    if (arguments.Has("json"))
    {
        Console.WriteLine(JsonSerializer.Serialize(new { bench.Name, result.Settings, result.Metrics, result.Reference, Machine = Machine.Describe() }, format));
        return 0;
    }
    foreach (var (name, value) in result.Metrics)
    {
        Console.WriteLine($"{name,-32} {value,14:0.###}{(result.Reference.TryGetValue(name, out var reference) ? $"   reference {reference:0.###}" : "")}");
    }
    return 0;
}
catch (ProblemException e)
{
    Console.Error.WriteLine("Error: " + e.Message);
    return 1;
}
