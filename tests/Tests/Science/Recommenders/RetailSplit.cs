using System.Globalization;
using Wellmet.Science.Evaluation;
using Wellmet.Science.Recommenders;

namespace Wellmet.Tests.Science.Recommenders;

/// <summary>
/// UCI Online Retail cut at a day: what was bought before, and for each known customer the items first bought afterwards. Cancellations, charges
/// and lines without a price are left out.
/// </summary>
public sealed class RetailSplit
{
    private readonly Dictionary<int, HashSet<int>> _later;

    public RetailSplit(DateTime cut)
    {
        var lines = ReadLines().ToArray();
        var items = Index(lines.Select(line => line.Item));
        var users = Index(lines.Select(line => line.Customer).Where(customer => customer.Length > 0));
        var before = lines.Where(line => line.Time < cut).ToArray();
        var orders = Index(before.Select(line => line.Order));
        Before = InteractionsBuilder.Build(
            before.Select(line => new Purchase(
                users.GetValueOrDefault(line.Customer, Purchase.Anonymous),
                orders[line.Order],
                items[line.Item],
                new DateTimeOffset(line.Time, TimeSpan.Zero).ToUnixTimeSeconds(),
                line.Quantity)),
            users.Count,
            items.Count,
            new InteractionsSettings(MaxItemsPerUser: int.MaxValue));
        _later = lines.Where(line => line.Time >= cut && line.Customer.Length > 0)
            .GroupBy(line => users[line.Customer], line => items[line.Item])
            .ToDictionary(group => group.Key, group => group.Where(item => Before.Users[group.Key, item] == 0).ToHashSet());
    }

    /// <summary>What was bought before the cut.</summary>
    public Interactions Before { get; }

    /// <summary>Mean recall and NDCG over the customers who came back for something new.</summary>
    public (double Recall, double Ndcg) Measure(ForYou model, int depth)
    {
        var results = new Recommendation[depth];
        var users = _later.Where(user => user.Value.Count > 0 && Before.Users.RowLength(user.Key) > 0).ToArray();
        var (recall, ndcg) = (0.0, 0.0);
        foreach (var (user, later) in users)
        {
            var count = model.Recommend(Before.Users.Columns(user), Before.Users.Values(user), null, results);
            var items = Array.ConvertAll(results[..count], result => result.Item);
            recall += RankingMetrics.Recall(items, later) / users.Length;
            ndcg += RankingMetrics.Ndcg(items, later, depth) / users.Length;
        }
        return (recall, ndcg);
    }

    /// <summary>
    /// InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country: only descriptions hold quoted commas, so the others are
    /// counted from either end.
    /// </summary>
    private static IEnumerable<Line> ReadLines() =>
        from text in RealData.Lines("online-retail/online_retail.csv.gz").Skip(1)
        let fields = text.Split(',')
        let line = new Line(fields[0], fields[1].Trim().ToUpperInvariant(), fields[^2], Time(fields[^4]), Number(fields[^5]), Number(fields[^3]))
        where char.IsAsciiDigit(line.Item[0]) && line.Order[0] != 'C' && line.Quantity > 0 && line.Price > 0
        select line;

    private static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture);

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    private static Dictionary<string, int> Index(IEnumerable<string> keys) =>
        keys.Distinct().Select((key, index) => (key, index)).ToDictionary(pair => pair.key, pair => pair.index);

    private sealed record Line(string Order, string Item, string Customer, DateTime Time, float Quantity, float Price);
}
