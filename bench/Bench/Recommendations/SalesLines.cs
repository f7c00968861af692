using System.Globalization;
using Wellmet.Science.Recommenders;

namespace Wellmet.Bench.Recommendations;

/// <summary>A line of a sales file in the layout of UCI Online Retail.</summary>
internal readonly record struct SalesLine(string Order, string Item, string Customer, long Time, float Quantity, float Price)
{
    /// <summary>What the product is called.</summary>
    public string Description { get; init; } = "";

    /// <summary>The sales of a file: cancellations, charges, lines without a price and those of unknown customers are none.</summary>
    public static SalesLine[] Read(string file) => [.. SequenceFile.Lines(file).Skip(1).Select(Parse).Where(line => line.IsSale)];

    /// <summary>The sales, and the cancellations of products to known customers.</summary>
    public static SalesLine[] ReadAll(string file) => [.. SequenceFile.Lines(file).Skip(1).Select(Parse).Where(line => line.IsSale || line.IsBack)];

    /// <summary>A dense index for each key, in the order in which they come.</summary>
    public static Dictionary<string, int> Index(IEnumerable<string> keys) =>
        keys.Distinct(StringComparer.Ordinal).Select((key, index) => (key, index)).ToDictionary(pair => pair.key, pair => pair.index, StringComparer.Ordinal);

    /// <summary>The lines as the recommenders want them.</summary>
    public static Interactions Build(IReadOnlyCollection<SalesLine> lines, Dictionary<string, int> users, Dictionary<string, int> items)
    {
        var orders = Index(lines.Select(line => line.Order));
        return InteractionsBuilder.Build(
            lines.Select(line => new Purchase(users[line.Customer], orders[line.Order], items[line.Item], line.Time, line.Quantity)), users.Count, items.Count);
    }

    /// <summary>A cancellation of a product.</summary>
    public bool IsBack => char.IsAsciiDigit(Item[0]) && Order[0] == 'C' && Quantity < 0 && Customer.Length > 0;

    private bool IsSale => char.IsAsciiDigit(Item[0]) && Order[0] != 'C' && Quantity > 0 && Price > 0 && Customer.Length > 0;

    /// <summary>
    /// InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country: only descriptions hold quoted commas, so the others are counted
    /// from either end.
    /// </summary>
    private static SalesLine Parse(string text)
    {
        var fields = text.Split(',');
        return new SalesLine(fields[0], fields[1].Trim().ToUpperInvariant(), fields[^2], Seconds(fields[^4]), Number(fields[^5]), Number(fields[^3])) { Description = string.Join(',', fields[2..^5]).Trim('"') };
    }

    private static long Seconds(string text) => new DateTimeOffset(DateTime.Parse(text, CultureInfo.InvariantCulture), TimeSpan.Zero).ToUnixTimeSeconds();

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
}
