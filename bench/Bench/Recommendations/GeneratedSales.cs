using System.Globalization;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Statistics;

namespace Wellmet.Bench.Recommendations;

/// <summary>
/// The sales of a large shop by a seed. Products lie in circles of fifty that are bought together, and some are bought by everybody; a customer buys from two circles,
/// ten products in the mean, three an order. Each customer's purchases depend on the seed and their number alone.
/// </summary>
internal sealed class GeneratedSales(int customers, int items)
{
    private const int CircleSize = 50, PerOrder = 3, MostItems = 200, NounCount = 2000;
    private const double FromCircles = 0.85, MeanItems = 10;
    private const ulong Seed = 20261128;
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly string[] Syllables = ["la", "mi", "ro", "ta", "ke", "no", "su", "vi", "da", "pe", "gu", "fi", "zo"];

    public int Customers => customers;
    public int Items => items;

    /// <summary>All purchases, for a model.</summary>
    public Interactions Interactions()
    {
        var builder = new InteractionsBuilder(customers, items);
        var order = -1;
        for (var customer = 0; customer < customers; customer++)
        {
            var bought = 0;
            foreach (var (item, time) in Of(customer))
            {
                order += bought++ % PerOrder == 0 ? 1 : 0;
                builder.Add(new Purchase(customer, order, item, time.ToUnixTimeSeconds(), 1));
            }
        }
        return builder.Build();
    }

    /// <summary>A sales file of the first customers, in which every product occurs: what they did not buy was bought by unknown people.</summary>
    public void Write(string file, int some)
    {
        using var text = new StreamWriter(file);
        text.WriteLine("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country");
        var (order, unsold) = (100_000, new HashSet<int>(Enumerable.Range(0, items)));
        for (var customer = 0; customer < some; customer++)
        {
            var bought = 0;
            foreach (var (item, time) in Of(customer))
            {
                order += bought++ % PerOrder == 0 ? 1 : 0;
                unsold.Remove(item);
                text.WriteLine(Line(order, item, time, CustomerNumber(customer)));
            }
        }
        foreach (var (place, item) in unsold.Order().Index())
        {
            order += place % CircleSize == 0 ? 1 : 0;
            text.WriteLine(Line(order, item, Start, ""));
        }
    }

    public static string CustomerNumber(int customer) => Text(customer + 10_000);

    public static string Sku(int item) => Text(item + 100_000);

    /// <summary>What a customer bought, earliest first: distinct items, those of an order together.</summary>
    private IEnumerable<(int Item, DateTimeOffset Time)> Of(int customer)
    {
        var random = new SeededRandom(Seed * (ulong)(customer + 1));
        var count = Math.Min(MostItems, 1 + (int)(-Math.Log(1 - random.NextDouble()) * (MeanItems - 1)));
        int[] circles = [CircleOf(random), CircleOf(random)];
        var seen = new HashSet<int>();
        for (var i = 0; i < count; i++)
        {
            // What is bought most stands first, in its circle and among all.
            var item = random.NextDouble() < FromCircles
                ? (circles[i % 2] * CircleSize) + (int)(CircleSize * Math.Pow(random.NextDouble(), 2))
                : (int)(items * Math.Pow(random.NextDouble(), 4));
            if (item < items && seen.Add(item))
            {
                var number = seen.Count - 1;
                yield return (item, Start.AddDays((customer % 300) + (number / PerOrder * 17)).AddSeconds(customer % 30_000));
            }
        }
    }

    private int CircleOf(SeededRandom random) => (int)((items / CircleSize) * Math.Pow(random.NextDouble(), 1.5));

    private static string Line(int order, int item, DateTimeOffset time, string customer) =>
        $"{Text(order)},{Sku(item)},{NameOf(item)},1,{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)},{Text(2 + (item % 90))}.50,{customer},United Kingdom";

    /// <summary>Two thousand kinds of fifty products each, none of which is all of one circle.</summary>
    private static string NameOf(int item) => $"{Word(item / NounCount).ToUpperInvariant()} {Word(1000 + (item % NounCount)).ToUpperInvariant()}";

    private static string Word(int number)
    {
        var word = "";
        for (; number > 0 || word.Length < 4; number /= Syllables.Length)
        {
            word += Syllables[number % Syllables.Length];
        }
        return word;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
