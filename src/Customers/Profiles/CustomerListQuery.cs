using System.Globalization;
using Microsoft.AspNetCore.Mvc;

namespace Wellmet.Customers.Profiles;

/// <summary>The address of the list: what is looked for, filtered and sorted.</summary>
/// <param name="Orders"><c>0</c>, <c>1</c>, or <c>2+</c>.</param>
/// <param name="Last">Last order within so many days; with a minus, longer ago.</param>
/// <param name="Sort"><c>last</c>, <c>revenue</c> or <c>seen</c>; with a minus from the largest.</param>
public sealed record CustomerListQuery(
    [FromQuery(Name = "q")] string? Text, [FromQuery] string? Country, [FromQuery] string? Orders, [FromQuery] string? Last,
    [FromQuery] string? Anonymous, [FromQuery] string? Sort, [FromQuery] string? After, [FromQuery] string? Before)
{
    public const string DefaultSort = "-last";

    public ListCustomers.Request ToRequest(DateTimeOffset now, int limit) => new(
        Text?.Trim(),
        string.IsNullOrEmpty(Country) ? null : Country,
        Orders switch { "1" => 1, "2+" => 2, _ => null },
        Orders switch { "0" => 0, "1" => 1, _ => null },
        Days is > 0 ? now.AddDays(-Days) : null,
        Days is < 0 ? now.AddDays(Days) : null,
        Anonymous == "true",
        (Sort ?? DefaultSort).TrimStart('-') switch { "revenue" => CustomerSort.Revenue, "seen" => CustomerSort.FirstSeen, _ => CustomerSort.LastOrder },
        !(Sort ?? DefaultSort).StartsWith('-'),
        After, Before, limit);

    /// <summary>0 where nothing, or nothing sensible, is chosen: an empty choice is sent as empty text.</summary>
    private int Days => int.TryParse(Last, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days) ? Math.Clamp(days, -100_000, 100_000) : 0;
}
