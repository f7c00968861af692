using System.Globalization;
using System.Text;

namespace Wellmet.Browser;

/// <summary>A sales file of a small shop whose customers have clear tastes, for pages that need orders to show something.</summary>
internal static class TeaShop
{
    /// <summary>A customer who bought a teapot and the tea, but no strainer yet.</summary>
    public const string TeaDrinker = "2119";

    private const int Customers = 120;

    private static readonly string[][] Tastes =
    [
        ["Stoneware teapot", "Darjeeling first flush 100 g", "Tea strainer with drip bowl"],
        ["Brass candlestick", "Beeswax candles, set of 4", "Candle snuffer"],
        ["Olive wood salad bowl", "Salad servers", "Vinegar and oil bottles"],
    ];

    private static readonly string[] Others = ["Linen napkins, set of 6", "Greeting card, birds", "Enamel mug, blue", "Jute shopping bag", "Wall calendar"];

    private static readonly string[] Names = [.. Tastes.SelectMany(t => t), .. Others];

    /// <summary>Each bought the first two products of one taste together; all but the last three came back for the third.</summary>
    public static string OnlineRetailFile()
    {
        var start = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        var text = new StringBuilder("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
        for (var i = 0; i < Customers; i++)
        {
            var (taste, at, customer) = (Tastes[(i + 1) % Tastes.Length], start.AddHours(7 * i), 2000 + i);
            Append(text, 5000 + i, taste[0], at, customer);
            Append(text, 5000 + i, taste[1], at, customer);
            if (i < Customers - Tastes.Length)
            {
                Append(text, 6000 + i, taste[2], at.AddDays(10), customer);
                Append(text, 6000 + i, Others[i % Others.Length], at.AddDays(10), customer);
            }
        }
        return text.ToString();
    }

    /// <summary>An order each of customers of a country where people may be measured until they object: the first product of a taste, from this invoice number on.</summary>
    public static string AmericanFile(IReadOnlyList<int> customers, int invoice, DateTimeOffset at)
    {
        var text = new StringBuilder("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
        for (var i = 0; i < customers.Count; i++)
        {
            Append(text, invoice + i, Tastes[customers[i] % Tastes.Length][0], at, customers[i], "USA");
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, int invoice, string name, DateTimeOffset at, int customer, string country = "United Kingdom")
    {
        var number = Array.IndexOf(Names, name);
        text.Append(CultureInfo.InvariantCulture, $"{invoice},{700 + number},\"{name}\",1,{at:yyyy-MM-dd HH:mm:ss},{4.5m + (number * 1.75m)},{customer},{country}\n");
    }
}
