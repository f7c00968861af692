namespace Wellmet.Platform.Api;

/// <summary>The headings of the API document.</summary>
public static class ApiGroups
{
    public const string Collection = "Sending events", Customers = "Customers", Orders = "Orders", Products = "Products", Events = "Events",
        Recommendations = "Recommendations", Consents = "Consents", Service = "Service";

    /// <summary>In the order in which they are shown.</summary>
    public static IReadOnlyList<(string Name, string Description)> All { get; } =
    [
        (Collection, "Tell Wellmet what happens in the shop, by the calls of the Segment specification."),
        (Customers, "Who buys and visits. Names, addresses and identifiers need the scope `customers.read_personal`; without it they are null."),
        (Orders, "What was bought, sent, returned and cancelled."),
        (Products, "What the shop sells."),
        (Events, "What was sent to the collection, newest first."),
        (Recommendations, "Products for a customer, or beside a product, each with its reason."),
        (Consents, "What customers agreed to."),
        (Service, "The API itself."),
    ];
}
