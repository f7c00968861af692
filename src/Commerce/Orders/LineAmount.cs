namespace Wellmet.Commerce.Orders;

/// <summary>Quantity × unit price, rounded half away from zero to the minor unit of the currency, line by line.</summary>
public static class LineAmount
{
    /// <summary>Unit prices are kept in 1/10000.</summary>
    public const long PriceScale = 10_000;

    private const decimal Largest = 1e15m;

    /// <summary>The unit price as it is kept; null where it is too large.</summary>
    public static long? Price(decimal price) =>
        Math.Abs(price) < Largest / PriceScale ? (long)Math.Round(price * PriceScale, 0, MidpointRounding.AwayFromZero) : null;

    /// <summary>In minor units; null where it is too large.</summary>
    public static long? Minor(long quantity, decimal price, int decimals)
    {
        if (Math.Abs((decimal)quantity) >= Largest || Math.Abs(price) >= Largest)
        {
            return null;
        }
        var amount = quantity * price * (decimals switch { 0 => 1, 3 => 1000, _ => 100 });
        return Math.Abs(amount) < Largest ? (long)Math.Round(amount, 0, MidpointRounding.AwayFromZero) : null;
    }
}
