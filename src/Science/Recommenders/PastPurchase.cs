namespace Wellmet.Science.Recommenders;

/// <summary>One line of one customer's history, cancelled and returned pieces left out.</summary>
/// <param name="Order">Tells the customer's orders apart; lines of one order have the same.</param>
/// <param name="Item">Product index.</param>
/// <param name="Time">Seconds since 1970-01-01 UTC.</param>
/// <param name="Quantity">Pieces, above 0.</param>
/// <param name="IsGift">Bought for somebody else: sent to another address, or said to be a gift. It says nothing about what the customer has.</param>
public readonly record struct PastPurchase(int Order, int Item, long Time, float Quantity = 1, bool IsGift = false);
