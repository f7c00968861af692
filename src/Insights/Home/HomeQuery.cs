namespace Wellmet.Insights.Home;

/// <summary>What the address of the home page asks for; every part may be missing.</summary>
/// <param name="Period">7d, 30d, 90d, 12m, all; with <paramref name="From"/> and <paramref name="To"/> it is not needed.</param>
/// <param name="From">First day, yyyy-MM-dd.</param>
/// <param name="To">Last day, yyyy-MM-dd.</param>
/// <param name="By">day, week or month.</param>
/// <param name="Storefront">Id of one storefront; all where missing.</param>
public sealed record HomeQuery(string? Period = null, string? From = null, string? To = null, string? By = null, string? Storefront = null);
