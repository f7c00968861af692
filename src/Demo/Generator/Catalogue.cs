using Wellmet.Demo.Contract;

namespace Wellmet.Demo.Generator;

/// <summary>A type of product: four lines in four variants each.</summary>
/// <param name="Name">The noun, as it stands at the end of each name.</param>
/// <param name="Lowest">Lowest price in minor units; the dearest variant of the dearest line costs <paramref name="Highest"/>.</param>
/// <param name="Weight">How often it is bought compared with the others.</param>
public sealed record CatalogueType(string Name, string Category, long Lowest, long Highest, double Weight, string[] Lines, string[] Variants)
{
    internal const int Size = 16;
}

/// <summary>The 400 products of the demo shop, in 25 types; always the same. A line of a type is of one brand, and one product of fifty is sold out.</summary>
public static class Catalogue
{
    private const int SoldOut = 50;
    private static readonly string[] Brands = ["Aldervale", "Brightmoor", "Corvina", "Dunfell", "Elmhurst", "Fennick", "Greyling", "Harrowby", "Ivorne", "Juniper & Slate", "Kestrel", "Larkhill"];

    public static IReadOnlyList<CatalogueType> Types { get; } =
    [
        Of("Coffee Machine", "Coffee and tea", 4900, 64900, 0.8, "Filter, Capsule, Espresso, Bean-to-Cup", "Compact, Classic, Family, Barista"),
        Of("Coffee", "Coffee and tea", 690, 2190, 1.2, "House Blend, Decaf, Espresso Roast, Highland Arabica", "Mild, Dark, Organic, Fairtrade"),
        Of("Kettle", "Coffee and tea", 1990, 11900, 0.9, "Travel, Stovetop, Electric, Gooseneck", "Steel, Enamel, Glass, Matt Black"),
        Of("Tea", "Coffee and tea", 390, 1590, 1.2, "Peppermint, Green, Earl Grey, Rooibos", "Breakfast, Classic, Organic, Loose-Leaf"),
        Of("Mug", "Kitchen", 590, 2490, 1.5, "Stoneware, Enamel, Porcelain, Travel", "Plain, Ribbed, Speckled, Two-Tone"),
        Of("Frying Pan", "Kitchen", 1790, 10900, 0.8, "Non-Stick, Steel, Cast-Iron, Copper", "Small, Medium, Large, Extra-Large"),
        Of("Knife", "Kitchen", 1290, 17900, 0.9, "Paring, Bread, Chef's, Santoku", "Classic, Forged, Walnut, Damascus"),
        Of("Printer", "Office", 5900, 39900, 0.6, "Inkjet, Photo, Laser, All-in-One", "Mobile, Home, Office, Studio"),
        Of("Ink Cartridge", "Office", 990, 5490, 0.7, "Black, Cyan, Magenta, Yellow", "Standard, Photo, Twin, High-Yield"),
        Of("Headphones", "Sound and light", 2990, 29900, 1, "Sport, Wireless, Studio, Noise-Cancelling", "Black, White, Sand, Navy"),
        Of("Desk Lamp", "Sound and light", 1490, 14900, 1, "Clip-On, Reading, Dimmable, Architect", "White, Black, Oak, Brass"),
        Of("Batteries", "Sound and light", 390, 1990, 0.8, "AA, AAA, Button Cell, Block", "Value, Long-Life, Lithium, Rechargeable"),
        Of("Backpack", "Outdoors", 2990, 17900, 1, "School, City, Laptop, Hiking", "Slate, Olive, Ocean, Rust"),
        Of("Tent", "Outdoors", 4900, 44900, 0.5, "Festival, Pop-Up, Family, Trekking", "Two-Person, Three-Person, Four-Person, Ultralight"),
        Of("Umbrella", "Outdoors", 990, 5900, 0.9, "Children's, Folding, Automatic, Storm", "Dotted, Clear, Red, Black"),
        Of("Cushion", "Home", 1290, 5900, 1.2, "Outdoor, Linen, Wool, Velvet", "Cream, Moss, Terracotta, Indigo"),
        Of("Vase", "Home", 990, 8900, 1, "Bamboo, Glass, Ceramic, Stone", "Slim, Round, Tall, Twisted"),
        Of("Candle", "Home", 490, 2990, 1, "Pillar, Soy, Scented, Beeswax", "Small, Fig, Amber, Large"),
        Of("Shampoo", "Bath", 390, 1690, 0.9, "Volume, Camomile, Anti-Dandruff, Argan", "Daily, Family, Gentle, Solid"),
        Of("Toothpaste", "Bath", 190, 890, 0.9, "Mint, Herbal, Sensitive, Whitening", "Daily, Fresh, Children's, Organic"),
        Of("Detergent", "Household", 490, 2190, 0.9, "White, Colour, Wool, Sensitive", "Powder, Liquid, Eco, Concentrated"),
        Of("Scarf", "Clothing", 1490, 11900, 1, "Cotton, Wool, Silk, Cashmere", "Plain, Striped, Checked, Fringed"),
        Of("Socks", "Clothing", 490, 2490, 1.4, "Bamboo, Running, Hiking, Wool", "Grey, Blue, Striped, Dotted"),
        Of("Jigsaw Puzzle", "Games", 890, 4990, 1.1, "Landscape, City, Wildlife, Painting", "500-Piece, 1000-Piece, 1500-Piece, 2000-Piece"),
        Of("Bauble", "Christmas", 290, 1990, 0.5, "Paper, Wooden, Glass, Feather", "White, Red, Silver, Gold"),
    ];

    /// <summary>Type after type, line after line.</summary>
    public static IReadOnlyList<DemoProduct> Products { get; } = [.. Types.SelectMany((type, t) => Enumerable.Range(0, CatalogueType.Size).Select(p => Product(type, t, p)))];

    /// <summary>Which of <see cref="Types"/> a product is.</summary>
    public static CatalogueType TypeOf(int product) => Types[product / CatalogueType.Size];

    /// <summary>Which of its type's lines a product belongs to.</summary>
    public static string LineOf(int product) => TypeOf(product).Lines[product % CatalogueType.Size / 4];

    internal static int IndexOf(string type) => Types.TakeWhile(t => t.Name != type).Count();

    private static CatalogueType Of(string name, string category, long lowest, long highest, double weight, string lines, string variants) =>
        new(name, category, lowest, highest, weight, lines.Split(", "), variants.Split(", "));

    private static DemoProduct Product(CatalogueType type, int typeIndex, int place)
    {
        var (line, variant) = (place / 4, place % 4);
        // The steps between prices grow with the price; every price ends in nine.
        var price = type.Lowest * Math.Pow((double)type.Highest / type.Lowest, ((3 * line) + variant) / 12.0);
        var name = $"{type.Variants[variant]} {type.Lines[line]} {type.Name}";
        var number = (typeIndex * CatalogueType.Size) + place + 1;
        // Two lines of neighbouring types share a brand here and there, as in a shop.
        var brand = Brands[((typeIndex * 3) + line) % Brands.Length];
        return new DemoProduct($"DEMO-{number:D3}", name, type.Category, brand, number % SoldOut == 0 ? 0 : 5 + (number * 37 % 90), ((long)price / 10 * 10) + 9);
    }
}
