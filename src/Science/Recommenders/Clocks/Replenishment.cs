namespace Wellmet.Science.Recommenders.Clocks;

/// <summary>When somebody will want something again. Times are seconds since 1970-01-01 UTC.</summary>
/// <param name="Item">What was bought last of it.</param>
/// <param name="Last">When it was bought last.</param>
/// <param name="Expected">The median of the next purchase.</param>
/// <param name="Earliest">One in ten comes before this.</param>
/// <param name="Latest">One in ten comes after this.</param>
/// <param name="Purchases">Days on which the customer bought it.</param>
public readonly record struct Replenishment(int Item, long Last, long Expected, long Earliest, long Latest, int Purchases);
