using Wellmet.Science.Products;

namespace Wellmet.Tests.Science.Products;

public sealed class ProductTypeInferenceTest
{
    [Theory]
    [InlineData("WHITE METAL LANTERN", ProductKind.Durable, "lantern")]
    [InlineData("Set of 6 T-Lights Santa", ProductKind.Consumable, "t-light")]
    [InlineData("JUMBO BAG RED RETROSPOT", ProductKind.Durable, "bag")]
    [InlineData("BLUE POLKADOT COFFEE MUG", ProductKind.Durable, "mug")]
    [InlineData("WHITE HANGING HEART T-LIGHT HOLDER", ProductKind.Durable, "holder")]
    [InlineData("HOT WATER BOTTLE TEA AND SYMPATHY", ProductKind.Durable, "hot water bottle")]
    [InlineData("PACK OF 72 RETROSPOT CAKE CASES", ProductKind.Consumable, "cake case")]
    [InlineData("BIRTHDAY CARD", ProductKind.Consumable, "card")]
    [InlineData("PLAYING CARDS KEEP CALM & CARRY ON", ProductKind.Collectable, "playing card")]
    [InlineData("SILVER DROP EARRINGS", ProductKind.Collectable, "earring")]
    [InlineData("LETTER \"W\" BLING KEY RING", ProductKind.Durable, "key ring")]
    [InlineData("TUMBLER, NEW ENGLAND", ProductKind.Durable, "tumbler")]
    [InlineData("WHITE TEA,COFFEE,SUGAR JARS", ProductKind.Durable, "jar")]
    [InlineData("LAVENDER INCENSE IN TIN", ProductKind.Consumable, "incense")]
    [InlineData("JAM JAR WITH PINK LID", ProductKind.Durable, "jar")]
    [InlineData("PACK 3 IRON ON DOG PATCHES", ProductKind.Consumable, "patch")]
    [InlineData("ZINC SHELVES", ProductKind.Durable, "shelf")]
    public void An_English_description_tells_type_and_kind(string description, ProductKind kind, string noun)
    {
        ProductTypeInference.Infer(description).ShouldBe(new ProductType(kind, noun));
    }

    [Fact]
    public void Motifs_and_food_are_the_type_only_where_nothing_else_is_named()
    {
        ProductTypeInference.Infer("PAINTED WOODEN HEART").ShouldBe(new ProductType(ProductKind.Collectable, "heart"));
        ProductTypeInference.Infer("HEART DOORSTOP").Noun.ShouldBe("doorstop");
        ProductTypeInference.Infer("Dark chocolate").ShouldBe(new ProductType(ProductKind.Consumable, "chocolate"));
        ProductTypeInference.Infer("CHOCOLATE COLOUR CUSHION").Kind.ShouldBe(ProductKind.Durable);
    }

    [Fact]
    public void An_unknown_English_noun_is_taken_from_the_end()
    {
        ProductTypeInference.Infer("LARGE RED WHATSIT THINGUMMY").ShouldBe(new ProductType(ProductKind.Durable, "thingummy"));
        ProductTypeInference.Infer("WOODEN DOODADS BLUE").Noun.ShouldBe("doodad");
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("   ,,, ")]
    [InlineData("20713")]
    [InlineData("Kaffeebecher mit Herz, rot")]
    [InlineData("LAMPE DE TABLE EN BOIS")]
    [InlineData("红色复古购物袋")]
    [InlineData("Tasse für Kinder")]
    public void Other_languages_and_nothing_at_all_are_durable_without_a_noun(string? description)
    {
        ProductTypeInference.Infer(description).ShouldBe(new ProductType(ProductKind.Durable, null));
    }

    [Fact]
    public void Only_the_beginning_of_a_very_long_text_is_read()
    {
        ProductTypeInference.Infer(new string('x', 1_000_000) + " LANTERN").Noun.ShouldBeNull();
    }
}
