using Wellmet.Customers.Contract;

namespace Wellmet.Commerce.CatalogueFiles;

/// <summary>The columns of a catalogue file, under the names that shop systems give them.</summary>
internal static class ProductColumns
{
    public const int Sku = 0, Name = 1, Price = 2, Brand = 3, Category = 4, Seller = 5, Stock = 6, Availability = 7, Since = 8, Status = 9, Page = 10, Image = 11, Currency = 12,
        Handle = 13, Option1 = 14, Option2 = 15, Option3 = 16, Tracker = 17, Policy = 18, LineType = 19;

    /// <summary>A column is taken by the first field that knows its name: what WooCommerce calls <c>Type</c> is no category, as it has <c>Categories</c>.</summary>
    public static readonly IReadOnlyList<ImportField> Fields =
    [
        new("sku", "Product code", true, ImportFieldKind.Text, ["variantsku", "productcode", "stockcode", "itemid", "productid", "id", "商品编码", "商品编号", "货号", "商家编码"]),
        new("name", "Product name", false, ImportFieldKind.Text, ["title", "productname", "itemname", "product", "商品名称", "商品标题", "宝贝标题"]),
        new("price", "Price", false, ImportFieldKind.Number, ["variantprice", "regularprice", "unitprice", "itemprice", "价格", "单价", "售价"]),
        new("brand", "Brand", false, ImportFieldKind.Text, ["vendor", "brands", "manufacturer", "品牌"]),
        new("category", "Category", false, ImportFieldKind.Text, ["categories", "producttype", "type", "productcategory", "googleproductcategory", "分类", "类目", "商品分类"]),
        new("seller", "Seller", false, ImportFieldKind.Text, ["sellername", "marketplaceseller", "externalsellerid", "卖家", "商家"]),
        new("stock", "Stock", false, ImportFieldKind.Number, ["variantinventoryqty", "stockquantity", "inventory", "inventoryquantity", "quantity", "qty", "库存", "库存数量"]),
        new("availability", "Available", false, ImportFieldKind.Text, ["instock", "stockstatus", "available", "有货", "库存状态"]),
        new("available_since", "Offered since", false, ImportFieldKind.Time, ["availabilitydate", "launchdate", "publishedat", "上架时间", "上架日期"]),
        new("status", "Status", false, ImportFieldKind.Text, ["published", "active", "状态"]),
        new("page_url", "Address of its page", false, ImportFieldKind.Text, ["link", "url", "producturl", "permalink", "链接", "商品链接"]),
        new("image_url", "Address of its picture", false, ImportFieldKind.Text, ["imagesrc", "imagelink", "images", "image", "variantimage", "图片", "图片链接", "主图"]),
        new("currency", "Currency", false, ImportFieldKind.Text, ["currencycode", "币种", "货币"]),
        new("handle", "Belongs together by", false, ImportFieldKind.Text, ["itemgroupid"]),
        new("option1", "First option", false, ImportFieldKind.Text, ["option1value"]),
        new("option2", "Second option", false, ImportFieldKind.Text, ["option2value"]),
        new("option3", "Third option", false, ImportFieldKind.Text, ["option3value"]),
        new("tracker", "Who counts the stock", false, ImportFieldKind.Text, ["variantinventorytracker"]),
        new("policy", "Sold on without stock", false, ImportFieldKind.Text, ["variantinventorypolicy", "backordersallowed"]),
        new("line_type", "Sort of line", false, ImportFieldKind.Text, ["type"]),
    ];
}
