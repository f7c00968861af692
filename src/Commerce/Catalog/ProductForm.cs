using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Catalog;

/// <summary>A product as people type it. A field that is not there was not asked about; an empty one clears.</summary>
internal sealed record ProductForm(
    [FromForm] string? Type, [FromForm] string? Kind, [FromForm] string? Category, [FromForm] string? Brand, [FromForm] string? Seller, [FromForm] string? Stock, [FromForm] string? Since,
    [FromForm] string? Image, [FromForm] string? Page, [FromForm] bool? Active)
{
    private const string DayFormat = "yyyy-MM-dd";

    public static string? Day(DateOnly? day) => day?.ToString(DayFormat, CultureInfo.InvariantCulture);

    /// <exception cref="ProblemException"><c>type_unknown</c>, <c>stock_out_of_range</c>, <c>day_malformed</c>.</exception>
    public ProductFacts ToFacts() => new()
    {
        Type = EnumText.TryRead<ProductType>(Type, out var chosen) ? (ProductType?)chosen : throw new ProblemException("type_unknown", "Choose a type.", 422),
        Kind = Told(Kind, Text), Category = Told(Category, Text), Brand = Told(Brand, Text), Seller = Told(Seller, Text), ImageUrl = Told(Image, Text), PageUrl = Told(Page, Text), Active = Active == true,
        Stock = Told(Stock, text => text.Length == 0 ? (long?)null : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pieces) ? pieces : throw ProductFacts.StockOutOfRange()),
        AvailableSince = Told(Since, text => text.Length == 0 ? (DateOnly?)null : DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
            : throw new ProblemException("day_malformed", "{0} is not a day. Write it as 2026-01-31.", 422, text)),
    };

    private static string? Text(string text) => text;

    private static Told<T> Told<T>(string? field, Func<string, T> read) => field is null ? default(Told<T>) : read(field.Trim());
}
