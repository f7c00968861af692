using Wellmet.Science.Products;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Offers;
using Wellmet.Science.Recommenders.Types;

namespace Wellmet.Tests.Science.Recommenders.Offers;

public sealed class OfferRuleTest
{
    private const int Plain = 0, Better = 1, Dear = 2, Badly = 3, Cheaper = 4, Card = 5, DearCard = 6, Tripod = 7, Untyped = 8;

    /// <summary>Cameras 0 to 4, cards 5 and 6, a tripod, something without a type.</summary>
    private static readonly ItemTypes Types = new(TypeTree.Flat(3), [0, 0, 0, 0, 0, 1, 1, 2, TypeTree.None]);

    private static readonly ItemQuality Quality = new(Types,
    [
        new(10_000, 4, 50, 10), new(13_000, 4.8f, 60, 12), new(40_000, 4.9f, 60, 11), new(14_000, 2.5f, 60, 30), new(8_000, 4.9f, 60, 40),
        new(2_000, 4, 5, 3), new(13_000, 4, 5, 3), new(3_000, 0, 0, 0), new(100, 5, 9, 9),
    ]);

    private static readonly TypeRelations Relations = new([0, 1, 1, 1], [new(1, TypeLabel.Complement, TypeEvidenceSource.Pair, 5, 1, 0.5f)]);
    private static readonly OfferRule Rule = new(Quality, Relations);

    [Theory]
    [InlineData(Plain, Better, OfferKind.Upsell)]
    [InlineData(Better, Plain, OfferKind.None)]
    [InlineData(Plain, Dear, OfferKind.None)]
    [InlineData(Plain, Badly, OfferKind.None)]
    [InlineData(Plain, Cheaper, OfferKind.None)]
    [InlineData(Plain, Plain, OfferKind.None)]
    [InlineData(Plain, Card, OfferKind.CrossSell)]
    [InlineData(Plain, DearCard, OfferKind.None)]
    [InlineData(Card, Plain, OfferKind.None)]
    [InlineData(Plain, Tripod, OfferKind.None)]
    [InlineData(Plain, Untyped, OfferKind.None)]
    [InlineData(Untyped, Plain, OfferKind.None)]
    public void Better_ones_and_accessories_are_told_apart(int inBasket, int candidate, OfferKind kind)
    {
        Rule.KindOf(inBasket, candidate).ShouldBe(kind);
    }

    [Fact]
    public void Quality_is_the_place_among_the_same_type()
    {
        // Ratings of 50 and 60 hardly shrink: third of five. Sales: last. Price: second.
        Quality.Of(Plain).ShouldBe((0.5f * 0.25f) + (0.3f * 0) + (0.2f * 0.25f), 1e-6f);
        Quality.ApprovalOf(Plain).ShouldBe(0.25f);
        // Of tripods nothing but the price of the only one is known.
        Quality.Of(Tripod).ShouldBe(0.5f);
        float.IsNaN(Quality.ApprovalOf(Tripod)).ShouldBeTrue();
        Quality.Of(Untyped).ShouldBe(0);
        Should.Throw<ArgumentException>(() => new ItemQuality(Types, []));
    }

    [Fact]
    public void One_rating_of_five_is_not_better_than_many_of_four_and_a_half()
    {
        var quality = new ItemQuality(new ItemTypes(TypeTree.Flat(1), [0, 0, 0]), [new(1, 5, 1, 0), new(1, 4.5f, 200, 0), new(1, 2, 50, 0)]);

        quality.Of(1).ShouldBeGreaterThan(quality.Of(0));
    }

    [Fact]
    public void A_price_alone_makes_nothing_better()
    {
        var quality = new ItemQuality(new ItemTypes(TypeTree.Flat(1), [0, 0]), [new(1_000, 0, 0, 0), new(1_300, 0, 0, 0)]);

        new OfferRule(quality, new TypeRelations([0, 0], [])).KindOf(0, 1).ShouldBe(OfferKind.None);
    }

    [Fact]
    public void Lists_hold_the_best_that_may_be_shown_and_nothing_is_allocated()
    {
        var complements = new Neighbours([0, 3, 3, 3, 3, 3, 3, 3, 3, 3], [new(Tripod, 3), new(DearCard, 2), new(Card, 1)]);
        var results = new Neighbour[3];
        int[] basket = [Plain], both = [Plain, DearCard];

        Rule.Upsells(Plain, null, results).ShouldBe(1);
        results[0].ShouldBe(new Neighbour(Better, Quality.Of(Better) - Quality.Of(Plain)));
        Rule.Upsells(Plain, new ItemSet(9, [Card]), results).ShouldBe(0);
        Rule.Upsells(Untyped, null, results).ShouldBe(0);
        Rule.CrossSells(Plain, basket, complements, null, results).ShouldBe(1);
        results[0].Item.ShouldBe(Card);
        Rule.CrossSells(Plain, both, complements, null, results).ShouldBe(0);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Rule.Upsells(Plain, null, results);
        Rule.CrossSells(Plain, basket, complements, null, results);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
