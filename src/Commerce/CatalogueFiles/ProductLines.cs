using System.Collections.Frozen;
using System.Globalization;
using Wellmet.Commerce.Catalog;
using Wellmet.Customers.Contract;
using Wellmet.Platform;

namespace Wellmet.Commerce.CatalogueFiles;

/// <summary>Reads lines of a catalogue file, in their order: what the first line of a product says holds for its further variants, as Shopify writes them.</summary>
/// <param name="currency">Of prices that name none.</param>
internal sealed class ProductLines(ImportFormat format, string currency)
{
    private const int LongestDetail = 60, LengthOfCode = 3;

    private static readonly FrozenSet<string> Gone = Set("outofstock", "soldout", "0", "no", "false", "无货", "缺货"), There = Set("instock", "available", "preorder", "backorder", "onbackorder", "1", "yes", "true", "有货"),
        Off = Set("draft", "archived", "inactive", "0", "-1", "no", "false", "下架", "已下架"), On = Set("active", "published", "1", "yes", "true", "上架", "在售"),
        OnOrder = Set("continue", "backorder", "onbackorder", "1", "yes", "notify"), Parents = Set("variable", "grouped");

    private ImportLine? first;

    /// <summary>Remarks since they were last taken.</summary>
    public List<ImportRemark> Remarks { get; private set; } = [];

    public List<ImportRemark> TakeRemarks()
    {
        var taken = Remarks;
        Remarks = [];
        return taken;
    }

    public void Note(long line, RemarkKind kind, string reason, string detail = "") =>
        Remarks.Add(new ImportRemark(line, kind, reason, detail.Length > LongestDetail ? detail[..LongestDetail] + "…" : detail));

    /// <summary>What the line says; null where it was rejected, which is noted, or says nothing of a product.</summary>
    /// <param name="rejected">False where it is only one more picture of a product.</param>
    public SaidProduct? Read(ImportLine line, out bool rejected)
    {
        var variant = first is not null && line[ProductColumns.Handle].Length > 0 && first[ProductColumns.Handle] == line[ProductColumns.Handle];
        first = variant ? first : line;
        rejected = false;
        var sku = line[ProductColumns.Sku];
        if (sku.Length == 0 && variant)
        {
            return null;
        }
        try
        {
            if (Parents.Contains(Plain(line[ProductColumns.LineType])))
            {
                throw new ProblemException("product_of_variants", "A line of variants.", 422);
            }
            return new SaidProduct(sku, FactsOf(line)).Checked();
        }
        catch (ProblemException problem)
        {
            Note(line.Number, RemarkKind.Rejected, problem.Code, sku);
            rejected = true;
            return null;
        }
    }

    private ProductFacts FactsOf(ImportLine line)
    {
        var facts = new ProductFacts { Stock = StockOf(line) };
        facts = Text(Carried(line, ProductColumns.Brand)) is { } brand ? facts with { Brand = brand } : facts;
        facts = Text(Carried(line, ProductColumns.Category)) is { } category ? facts with { Category = category } : facts;
        facts = Text(Carried(line, ProductColumns.Seller)) is { } seller ? facts with { Seller = seller } : facts;
        facts = NameOf(line) is { } name ? facts with { Name = name } : facts;
        facts = PriceOf(line) is { } price ? facts with { Price = price } : facts;
        facts = Plain(Carried(line, ProductColumns.Status)) is var status && (On.Contains(status) || Off.Contains(status)) ? facts with { Active = On.Contains(status) } : facts;
        facts = DayOf(line) is { } since ? facts with { AvailableSince = since } : facts;
        facts = AddressOf(line, ProductColumns.Page) is { } page ? facts with { PageUrl = page } : facts;
        return AddressOf(line, ProductColumns.Image) is { } image ? facts with { ImageUrl = image } : facts;
    }

    /// <summary>Of the line, else of the product's first line.</summary>
    private string Carried(ImportLine line, int field) => line[field] is { Length: > 0 } own ? own : first![field];

    private string? NameOf(ImportLine line)
    {
        var variant = string.Join(" / ", new[] { ProductColumns.Option1, ProductColumns.Option2, ProductColumns.Option3 }.Select(o => line[o]).Where(o => o.Length > 0 && o != "Default Title"));
        return Text(Carried(line, ProductColumns.Name)) is { } name ? variant.Length > 0 ? $"{name} - {variant}" : name : null;
    }

    /// <summary>19.95, or 19.95 GBP.</summary>
    private Money? PriceOf(ImportLine line)
    {
        if (Text(line[ProductColumns.Price]) is not { } cell)
        {
            return null;
        }
        var code = cell.Length > LengthOfCode && cell[^LengthOfCode..].All(char.IsAsciiLetterUpper) ? cell[^LengthOfCode..] : Text(line[ProductColumns.Currency])?.ToUpperInvariant();
        var number = format.Number(code is not null && cell.EndsWith(code, StringComparison.Ordinal) ? cell[..^LengthOfCode].Trim() : cell);
        return number is { } amount && Math.Abs(amount) < ProductFacts.MostStock ? Money.From(amount, code ?? currency) : throw new ProblemException("price_not_a_number", "The price is not a number.", 422);
    }

    /// <summary>Nothing where the line does not say it; null where the shop does not count, or sells on without any.</summary>
    private Told<long?> StockOf(ImportLine line)
    {
        var (cell, availability, policy) = (line[ProductColumns.Stock], Plain(line[ProductColumns.Availability]), Plain(line[ProductColumns.Policy]));
        if (Gone.Contains(availability))
        {
            return 0L;
        }
        // Shopify writes a stock of 0 for what nobody counts.
        if (cell.Length == 0 || (policy.Length > 0 && IsShopify(line) && line[ProductColumns.Tracker].Length == 0))
        {
            return There.Contains(availability) || cell.Length > 0 ? (long?)null : default(Told<long?>);
        }
        if (format.Number(cell) is not { } pieces || pieces != decimal.Truncate(pieces) || Math.Abs(pieces) > ProductFacts.MostStock)
        {
            throw ProductFacts.StockOutOfRange();
        }
        return pieces > 0 ? (long?)pieces : OnOrder.Contains(policy) || OnOrder.Contains(availability) ? null : 0L;
    }

    private static bool IsShopify(ImportLine line) => Plain(line[ProductColumns.Policy]) is "deny" or "continue";

    /// <summary>One that cannot be read does not keep the rest of the line from being taken.</summary>
    private DateOnly? DayOf(ImportLine line)
    {
        if (Text(line[ProductColumns.Since]) is not { } cell)
        {
            return null;
        }
        if (format.Time(cell, TimeZoneInfo.Utc) is { } time)
        {
            return DateOnly.FromDateTime(time.UtcDateTime);
        }
        Note(line.Number, RemarkKind.Repaired, "day_left_out", cell);
        return null;
    }

    /// <summary>The first one of several. One that is not taken does not keep the rest of the line from being taken.</summary>
    private string? AddressOf(ImportLine line, int field)
    {
        if (Text(Carried(line, field).Split(", ", 2)[0]) is not { } address)
        {
            return null;
        }
        try
        {
            return new ProductFacts { PageUrl = address }.Checked().PageUrl.Value;
        }
        catch (ProblemException)
        {
            Note(line.Number, RemarkKind.Repaired, "address_left_out", address);
            return null;
        }
    }

    private static string? Text(string cell) => cell.Length == 0 ? null : cell;

    /// <summary><c>Out of stock</c> and <c>out_of_stock</c> are one.</summary>
    private static string Plain(string cell) => cell.Replace(" ", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLower(CultureInfo.InvariantCulture);

    private static FrozenSet<string> Set(params string[] words) => words.ToFrozenSet(StringComparer.Ordinal);
}
