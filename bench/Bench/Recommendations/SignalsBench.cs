using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Signals;

namespace Wellmet.Bench.Recommendations;

/// <summary>
/// What it is worth to weigh signals, on a shop's sales and cancellations (<c>--data</c>, in the layout of UCI Online Retail; its cancellations are what came back): NDCG@20 of what customers bought for the
/// first time in the last <c>--months</c> of thirty days. A product of which a customer cancelled all is taken for a purchase, left out, or speaks against what is like it; then base and half-life are fitted.
/// </summary>
internal sealed class SignalsBench : IBench
{
    private const long Month = 30 * 86_400;

    public string Name => "signals";
    public string Summary => "What returns say, and what fitted values and half-lives bring: NDCG@20 on customers who had no part in the fit";

    public Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken ct)
    {
        var (file, months) = (arguments.Text("data", LastMonths.SharedFile), arguments.Number("months", 3));
        var lines = SalesLine.ReadAll(file);
        var cut = lines.Max(line => line.Time) - (months * Month);
        var before = lines.Where(line => line.Time < cut).ToArray();
        var (users, items) = (SalesLine.Index(before.Select(line => line.Customer)), SalesLine.Index(before.Where(line => !line.IsBack).Select(line => line.Item)));
        var kept = before.Where(line => items.ContainsKey(line.Item)).GroupBy(line => (line.Customer, line.Item)).ToDictionary(g => g.Key, g => g.Sum(line => line.Quantity) > 0);
        var model = RecommenderModel.Train(SalesLine.Build([.. before.Where(line => !line.IsBack && kept[(line.Customer, line.Item)])], users, items), null, new TrainingRun(arguments.Number("threads", 0), ct)).ForYou;
        var examples = Examples(lines, cut, users, items, kept);
        var (returned, fit) = (examples.Where(e => e.Before.Any(s => s.Kind == SignalKind.Return)).ToList(), SignalFitter.Fit(model, examples, ct: ct));
        return Task.FromResult(new BenchResult(
            new Dictionary<string, object?> { ["data"] = Path.GetFileName(file), ["months"] = months, ["kinds"] = fit.Kinds.Where(k => k.Count > 0) },
            new Dictionary<string, double>
            {
                ["customers"] = examples.Count,
                ["customers_with_returns"] = returned.Count,
                ["ndcg_return_as_purchase"] = Ndcg(returned, As(SignalKind.Purchase)),
                ["ndcg_return_left_out"] = Ndcg([.. returned.Select(e => e with { Before = [.. e.Before.Where(s => s.Kind != SignalKind.Return)] })], SignalWeights.Default),
                ["ndcg_return_against_0.1"] = Ndcg(returned, Against(-0.1)),
                ["ndcg_return_against_0.25"] = Ndcg(returned, Against(-0.25)),
                ["ndcg_return_against_0.5"] = Ndcg(returned, Against(-0.5)),
                ["fit_customers"] = fit.Customers,
                ["fit_ndcg_default"] = fit.DefaultNdcg,
                ["fit_ndcg"] = fit.Ndcg,
            },
            new Dictionary<string, double>()));

        double Ndcg(IReadOnlyList<SignalExample> some, SignalWeights weights) => SignalFitter.Ndcg(model, some, weights, ct);
    }

    private static SignalWeights As(SignalKind kind) => With(SignalWeights.Default[kind]);

    private static SignalWeights Against(double value) => With(new SignalWeight(value, double.PositiveInfinity));

    private static SignalWeights With(SignalWeight returned) =>
        new([.. Enum.GetValues<SignalKind>().Select(kind => kind == SignalKind.Return ? returned : SignalWeights.Default[kind])]);

    /// <summary>Of each customer the products that they kept, at the last time, and those that they sent back.</summary>
    private static List<SignalExample> Examples(SalesLine[] lines, long cut, Dictionary<string, int> users, Dictionary<string, int> items, Dictionary<(string, string), bool> kept) =>
        [.. from customer in lines.Where(line => users.ContainsKey(line.Customer) && items.ContainsKey(line.Item)).GroupBy(line => line.Customer)
            orderby users[customer.Key]
            let before = customer.Where(line => line.Time < cut).GroupBy(line => line.Item).Select(g => new Signal(items[g.Key], kept[(customer.Key, g.Key)] ? SignalKind.Purchase : SignalKind.Return, g.Max(line => line.Time))).ToArray()
            let known = before.Select(s => s.Item).ToHashSet()
            let bought = customer.Where(line => line.Time >= cut && !line.IsBack).Select(line => items[line.Item]).Distinct().Where(item => !known.Contains(item)).ToArray()
            where before.Length > 0 && bought.Length > 0
            select new SignalExample(before, cut, bought)];
}
