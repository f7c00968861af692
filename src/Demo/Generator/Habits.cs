namespace Wellmet.Demo.Generator;

/// <summary>Who buys the first often buys the second with it.</summary>
/// <param name="Share">How often the second comes into the same order.</param>
public sealed record Complement(string Type, string With, double Share);

/// <summary>A line of products that one country likes.</summary>
public sealed record Favourite(string Country, string Type, string Line);

/// <summary>
/// The habits that the generator plants, as data. Whoever analyses the demo shop should find them again: the tests do, from the generated orders alone.
/// </summary>
public static class Habits
{
    /// <summary>How much more a country buys of what it likes.</summary>
    internal const double Liking = 9;

    /// <summary>How much more is bought of a type in its season.</summary>
    internal const double Season = 24;

    public static IReadOnlyList<Complement> Complements { get; } =
    [
        new("Coffee Machine", "Coffee", 0.55), new("Printer", "Ink Cartridge", 0.5), new("Kettle", "Tea", 0.45),
        new("Frying Pan", "Knife", 0.35), new("Tent", "Backpack", 0.35),
    ];

    /// <summary>Median days until a type that is used up is bought again.</summary>
    public static IReadOnlyDictionary<string, int> Clocks { get; } = new Dictionary<string, int>
    {
        ["Coffee"] = 28, ["Tea"] = 42, ["Shampoo"] = 45, ["Detergent"] = 50, ["Toothpaste"] = 56, ["Candle"] = 63, ["Ink Cartridge"] = 75, ["Batteries"] = 90,
    };

    public static IReadOnlyList<Favourite> Favourites { get; } =
    [
        new("GB", "Tea", "Earl Grey"), new("DE", "Backpack", "Hiking"), new("FR", "Scarf", "Silk"),
        new("ES", "Cushion", "Outdoor"), new("IT", "Coffee", "Espresso Roast"), new("JP", "Knife", "Santoku"),
    ];

    /// <summary>Types that sell in some months (1 to 12) above all.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<int>> Seasons { get; } = new Dictionary<string, IReadOnlyList<int>> { ["Bauble"] = [11, 12] };
}
