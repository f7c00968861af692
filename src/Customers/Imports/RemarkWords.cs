using Wellmet.Customers.Contract;
using Wellmet.Platform.Ui;

namespace Wellmet.Customers.Imports;

/// <summary>States and reasons of imports, for people.</summary>
internal static class RemarkWords
{
    public static string Of(Words words, ImportState state) => state switch
    {
        ImportState.Mapping => words["Waits for columns"],
        ImportState.Queued => words["Queued"],
        ImportState.Running => words["Running"],
        ImportState.Cancelling => words["Stopping"],
        ImportState.Cancelled => words["Stopped"],
        ImportState.Failed => words["Failed"],
        ImportState.Completed => words["Complete"],
        ImportState.Undoing => words["Being undone"],
        _ => words["Undone"],
    };

    public static Platform.Ui.Parts.Kind KindOf(ImportState state) => state switch
    {
        ImportState.Completed => Platform.Ui.Parts.Kind.Good,
        ImportState.Failed => Platform.Ui.Parts.Kind.Bad,
        ImportState.Mapping or ImportState.Cancelled => Platform.Ui.Parts.Kind.Attention,
        _ => Platform.Ui.Parts.Kind.Neutral,
    };

    public static string Of(Words words, RemarkKind kind) => kind switch
    {
        RemarkKind.Rejected => words["Rejected"],
        RemarkKind.Repaired => words["Repaired"],
        _ => words["Flagged"],
    };

    /// <summary>Lines by class, in the order of the totals.</summary>
    public static IEnumerable<(string Name, string Label)> Classes(Words words) =>
    [
        ("customer", words["Lines of customers"]),
        ("anonymous", words["Lines without a customer"]),
        ("cancelled", words["Cancelled lines"]),
        ("adjustment", words["Adjustments"]),
        ("rejected", words["Rejected lines"]),
        ("known", words["Stood already"]),
        ("product", words["Products"]),
        ("parcel", words["Lines of parcels"]),
        ("passed", words["Passed over"]),
        ("listed", words["Put on the list"]),
    ];

    /// <summary>A code of a later version is shown as it stands.</summary>
    public static string Reason(Words words, string reason) => reason switch
    {
        "order_number_missing" => words["The order number is missing or too long"],
        "product_code_missing" => words["The product code is missing or too long"],
        "date_not_read" => words["The date cannot be read"],
        "quantity_not_a_number" => words["The quantity is not a number"],
        "quantity_not_whole" => words["The quantity is not a whole number"],
        "price_not_a_number" => words["The price is not a number"],
        "amount_too_large" => words["The amount is too large"],
        "currency_unknown" => words["The currency is not a code of three letters"],
        "currency_mixed" => words["The order has another currency"],
        "personal_data_too_long" => words["A name, address or identifier is too long"],
        "line_too_long" => words["The line is too long"],
        "too_many_columns" => words["The line has too many cells"],
        "too_many_cells" => words["The line has more cells than there are columns"],
        "quote_not_closed" => words["A quotation mark is not closed"],
        "stray_quote" => words["Text stood behind a closing quotation mark; it was kept"],
        "price_rounded" => words["The price was rounded to four decimals"],
        "price_shared" => words["The sum was shared among the products by quantity"],
        "identical_line" => words["The same line stands in this order more than once; each counts"],
        "adjustment_invoice" => words["An invoice of adjustments; outside revenue"],
        "quantity_not_positive" => words["No positive quantity; counted as an adjustment outside revenue"],
        "price_not_positive" => words["No positive price; counted as an adjustment outside revenue"],
        "no_order_to_cancel" => words["No earlier order of this customer fits this cancellation"],
        "order_not_known" => words["No order of this number is known: import the orders first"],
        "person_missing" => words["The line names nobody: no number, e-mail address or phone number"],
        "person_unknown" => words["Nobody is known by this"],
        "person_ambiguous" => words["Several customers are known by this"],
        "email_not_read" => words["This is no e-mail address"],
        "cancelled_before_paid" => words["Cancelled before it was paid"],
        "name_missing" => words["The product is not known yet and has no name"],
        "name_too_long" => words["A word is too long"],
        "sku_invalid" => words["The product code is missing or too long"],
        "sku_of_charge" => words["The code stands for a charge, not for a product"],
        "stock_out_of_range" => words["The stock is not a whole number"],
        "day_out_of_range" or "day_left_out" => words["The date cannot be read"],
        "price_out_of_range" => words["The price is below 0 or too large"],
        "price_currency" => words["The product was sold in another currency"],
        "product_of_variants" => words["Its variants are products, and stand in lines of their own"],
        "address_left_out" => words["The address does not begin with https:// and was left out"],
        _ => reason.StartsWith("trait_", StringComparison.Ordinal) ? Events.EventWords.Of(words, reason) : reason,
    };
}
