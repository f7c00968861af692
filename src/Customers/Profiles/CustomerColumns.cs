using Wellmet.Platform.Purposes;

namespace Wellmet.Customers.Profiles;

/// <summary>A column of the list as it is written to a file; the page shows the same ones.</summary>
/// <param name="Key">Its name in the address; null for the one that is always there.</param>
/// <param name="Extra">Only when chosen.</param>
internal sealed record CustomerColumn(string? Key, string Title, Func<CustomerRow, object?> Value, bool Extra = false);

/// <summary>The columns of the list of customers.</summary>
[Uses(Purpose.Service, "writes the cells of a row; whoever makes a file of them asks")]
internal static class CustomerColumns
{
    public static readonly IReadOnlyList<CustomerColumn> All =
    [
        new(null, "Customer", c => c.Profile.Label),
        new(null, "Customer id", c => c.CustomerId),
        new("email", "E-mail address", c => c.Profile.Email, Extra: true),
        new("phone", "Phone", c => c.Profile.Phone, Extra: true),
        new("country", "Country", c => c.Country),
        new("orders", "Orders", c => c.Orders),
        new("items", "Items", c => c.Items, Extra: true),
        new("revenue", "Revenue", c => c.Revenue),
        new("revenue", "Currency", c => c.Revenue?.Currency),
        new("cancelled", "Cancelled", c => c.Cancelled, Extra: true),
        new("last", "Last order", c => c.LastOrderAt),
        new("seen", "First seen", c => c.FirstSeenAt, Extra: true),
    ];

    /// <summary>The columns that the address chooses, in their order; the usual ones where it chooses none.</summary>
    public static IReadOnlyList<CustomerColumn> Chosen(IReadOnlyCollection<string> keys) =>
        [.. All.Where(c => c.Key is null || (keys.Count == 0 ? !c.Extra : keys.Contains(c.Key)))];
}
