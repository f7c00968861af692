namespace Wellmet.Commerce.Orders;

/// <summary>What a line of an order stands for.</summary>
public enum LineKind
{
    /// <summary>A product: revenue, and something to recommend.</summary>
    Product,

    /// <summary>Postage, a discount, a voucher: revenue, never something to recommend.</summary>
    Charge,

    /// <summary>A correction outside revenue: no positive price or no positive quantity, or an invoice of adjustments.</summary>
    Adjustment,
}

/// <summary>Whether an order sold something, or only corrects the books.</summary>
public enum OrderKind
{
    Sale,
    Adjustment,
}

/// <summary>Who told an order.</summary>
public enum ToldBy
{
    /// <summary>A file.</summary>
    Import,

    /// <summary>The shop's own server.</summary>
    Shop,

    /// <summary>A page in a browser, which anybody could make it say.</summary>
    Page,
}

/// <summary>How far an order has come.</summary>
public enum OrderState
{
    Placed,
    Shipped,
    Delivered,
    PartCancelled,
    Cancelled,
    PartReturned,
    Returned,
}

/// <summary>What bears a number: orders and cancellations have numbers of their own.</summary>
public enum DocumentKind
{
    Order,
    Cancellation,
}
