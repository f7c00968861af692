using System.Collections.Frozen;
using Wellmet.Commerce.Orders;
using Wellmet.Customers.Contract;

namespace Wellmet.Commerce.Imports;

/// <summary>
/// Orders from any shop system: one line for each line of an order. Headings of the common exports (Shopify, WooCommerce, Chinese shops) are
/// recognised. Cells about the order may stand on its first line only, as Shopify writes them.
/// </summary>
internal sealed class OrdersCsvLayout : ISalesLayout
{
    private const int Number = 0, Date = 1, CustomerId = 2, Email = 3, FullName = 4, Phone = 5, Country = 6, Sku = 7, Product = 8, Quantity = 9, Price = 10, CurrencyCode = 11, Status = 12, Marketing = 13;
    private const int LongestCode = 100, LongestName = 500, CurrencyLength = 3;

    private static readonly FrozenSet<string> CancelledStates = new[]
    {
        "cancelled", "canceled", "cancel", "void", "voided", "failed", "refunded", "已取消", "取消", "交易关闭", "已关闭", "已退款",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    internal static bool IsCancelled(string status) => CancelledStates.Contains(status);

    public string Name => "orders-csv";
    public string Title => "Orders from any shop";
    public bool NeedsMapping => true;
    public bool? DayFirst => null;
    public string Currency => "EUR";

    public IReadOnlyList<ImportField> Fields { get; } =
    [
        new("order_number", "Order number", true, ImportFieldKind.Text, ["name", "orderid", "ordernumber", "orderno", "order", "number", "invoice", "invoiceno", "id", "订单号", "订单编号", "订单id"]),
        new("date", "Date", true, ImportFieldKind.Time, ["createdat", "orderdate", "date", "datecreated", "paidat", "placedat", "invoicedate", "time", "下单时间", "订单创建时间", "订单日期", "日期", "付款时间"]),
        new("customer_id", "Customer ID", false, ImportFieldKind.Text, ["customerid", "customeruserid", "customer", "userid", "buyerid", "客户编号", "客户id", "会员号", "买家id", "用户id"]),
        new("email", "E-mail", false, ImportFieldKind.Text, ["email", "customeremail", "billingemail", "emailaddress", "邮箱", "电子邮箱", "邮件"]),
        new("name", "Name", false, ImportFieldKind.Text, ["billingname", "customername", "shippingname", "fullname", "buyername", "姓名", "客户姓名", "收货人", "收件人", "收货人姓名"]),
        new("phone", "Phone", false, ImportFieldKind.Text, ["phone", "billingphone", "customerphone", "shippingphone", "mobile", "电话", "手机", "手机号", "联系电话"]),
        new("country", "Country", false, ImportFieldKind.Text, ["country", "shippingcountry", "billingcountry", "countrycode", "国家", "国家地区"]),
        new("sku", "Product code", true, ImportFieldKind.Text, ["sku", "lineitemsku", "itemsku", "productsku", "productcode", "stockcode", "productid", "itemid", "商品编码", "商品编号", "货号", "商家编码"]),
        new("product", "Product name", false, ImportFieldKind.Text, ["lineitemname", "productname", "itemname", "product", "title", "description", "商品名称", "商品标题", "商品", "宝贝标题"]),
        new("quantity", "Quantity", true, ImportFieldKind.Number, ["lineitemquantity", "quantity", "qty", "itemquantity", "quantityrefund", "数量", "购买数量", "商品数量"]),
        new("unit_price", "Unit price", true, ImportFieldKind.Number, ["lineitemprice", "unitprice", "price", "itemprice", "itemcost", "单价", "价格", "商品单价"]),
        new("currency", "Currency", false, ImportFieldKind.Text, ["currency", "ordercurrency", "currencycode", "币种", "货币"]),
        new("status", "Status", false, ImportFieldKind.Text, ["status", "orderstatus", "financialstatus", "state", "订单状态", "状态"]),
        new("accepts_marketing", "Wants advertising", false, ImportFieldKind.Text, ["acceptsmarketing", "buyeracceptsmarketing", "marketingconsent", "newsletter", "接受营销", "营销同意"]),
    ];

    public string? GroupOf(ImportLine line) => line[Number];

    public SalesLine? Read(ImportLine line, SalesFile file)
    {
        var number = line[Number];
        if (number.Length is 0 or > LongestCode)
        {
            return file.Reject(line.Number, "order_number_missing", number);
        }
        if (FactsOf(line, number, file) is not { } order)
        {
            return null;
        }
        var code = line[Sku] is { Length: > 0 } sku ? sku : line[Product];
        if (code.Length is 0 or > LongestCode)
        {
            return file.Reject(line.Number, "product_code_missing", code);
        }
        if (SalesCells.Amounts(line, line[Quantity], line[Price], order.Currency, file) is not { } amounts)
        {
            return null;
        }
        var cancelled = CancelledStates.Contains(order.Status);
        var adjustment = !cancelled && (amounts.Quantity <= 0 || amounts.Price <= 0);
        if (adjustment)
        {
            file.Note(line.Number, RemarkKind.Flagged, amounts.Quantity <= 0 ? "quantity_not_positive" : "price_not_positive");
        }
        var kind = adjustment ? LineKind.Adjustment : StockCodes.IsCharge(code) ? LineKind.Charge : LineKind.Product;
        return new SalesLine(line.Number, cancelled ? DocumentKind.Cancellation : DocumentKind.Order, number, kind, order.PlacedAt, code,
            SalesCells.Cut(line[Product], LongestName), amounts.Quantity, amounts.UnitPrice, amounts.Minor, order.Currency, order.Person.Details.Country, order.Person);
    }

    /// <summary>An empty cell says what the order's first line said. Null where the line was rejected.</summary>
    private static OrderFacts? FactsOf(ImportLine line, string number, SalesFile file)
    {
        var first = file.Order?.Number == number ? file.Order : null;
        if ((line[Date].Length == 0 ? first?.PlacedAt : file.Time(line[Date])) is not { } placedAt)
        {
            return Rejected("date_not_read", line[Date]);
        }
        if (CurrencyOf(line[CurrencyCode], first?.Currency ?? file.Currency) is not { } currency)
        {
            return Rejected("currency_unknown", line[CurrencyCode]);
        }
        if (first is not null && first.Currency != currency)
        {
            return Rejected("currency_mixed", $"{first.Currency}, {currency}");
        }
        if (Person(line) is not { } person)
        {
            return Rejected("personal_data_too_long", line[Email]);
        }
        var facts = new OrderFacts(number, placedAt, currency, line[Status] is { Length: > 0 } status ? status : first?.Status ?? "", person.Value is null && first is not null ? first.Person : person);
        file.Order = first ?? facts;
        return facts;

        OrderFacts? Rejected(string reason, string detail)
        {
            file.Reject(line.Number, reason, detail);
            return null;
        }
    }

    private static string? CurrencyOf(string cell, string otherwise)
    {
        var code = cell.ToUpperInvariant();
        return code.Length == 0 ? otherwise : code.Length == CurrencyLength && !code.AsSpan().ContainsAnyExceptInRange('A', 'Z') ? code : null;
    }

    /// <summary>Known by the shop's own id, else the e-mail address, else the phone number; null where a cell is too long.</summary>
    private static PersonClaim? Person(ImportLine line)
    {
        string id = line[CustomerId], email = line[Email], phone = line[Phone], name = line[FullName];
        if (new[] { id, email, phone, name }.Any(cell => cell.Length > PersonClaim.MaxLength))
        {
            return null;
        }
        var details = new PersonDetails(OrNull(name), OrNull(email), OrNull(phone), OrNull(SalesCells.Cut(line[Country], LongestCode)));
        var claim = id.Length > 0 ? new PersonClaim(IdentityKind.ExternalId, id, details)
            : email.Length > 0 ? new PersonClaim(IdentityKind.Email, email, details)
            : phone.Length > 0 ? new PersonClaim(IdentityKind.Phone, phone, details)
            : new PersonClaim(IdentityKind.AnonymousId, null, details);
        return claim with { AcceptsMarketing = claim.Value is null ? null : YesOrNo(line[Marketing]) };
    }

    /// <summary>Null for anything else, which says nothing.</summary>
    private static bool? YesOrNo(string cell) => cell.ToLowerInvariant() switch
    {
        "yes" or "true" or "1" or "y" or "subscribed" or "是" => true,
        "no" or "false" or "0" or "n" or "unsubscribed" or "否" => false,
        _ => null,
    };

    private static string? OrNull(string cell) => cell.Length == 0 ? null : cell;
}
