namespace Wellmet.Science.Recommenders;

/// <summary>One line of an order. All indexes are dense, starting at 0, and given by the caller.</summary>
/// <param name="User">Customer index, or <see cref="Anonymous"/>: such an order still says what is bought together.</param>
/// <param name="Order">Order index; all lines of an order belong to one user.</param>
/// <param name="Item">Product index.</param>
/// <param name="Time">Seconds since 1970-01-01 UTC. Where time is unknown, 0 for every line.</param>
/// <param name="Quantity">Pieces; negative where a line of this order was cancelled or returned. Not zero.</param>
public readonly record struct Purchase(int User, int Order, int Item, long Time, float Quantity)
{
    /// <summary>The user of an order whose customer is unknown.</summary>
    public const int Anonymous = -1;
}
