using Wellmet.Science.Products;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Types;

namespace Wellmet.Tests.Science.Recommenders.Types;

public sealed class TypeRelationLearnerTest
{
    private const long Day = 86_400;
    private const int Camera = 0, Card = 1, Tripod = 2, Others = 3, Count = 13;

    private static readonly ItemTypes Types = new(TypeTree.Flat(Count), [.. Enumerable.Range(0, Count)]);

    [Fact]
    public void What_comes_days_after_the_other_is_its_complement_and_not_the_other_way_round()
    {
        var relations = Learn(user => user % 4 == 0 ? [new(0, Camera, 0), new(1, Card, 5 * Day)] : Nothing(user));

        relations.LabelOf(Camera, Card).ShouldBe(TypeLabel.Complement);
        relations.LabelOf(Card, Camera).ShouldBe(TypeLabel.Neutral);
        relations.ComplementsOf(Camera)[0].Share.ShouldBe(1, 0.01f);
    }

    [Theory]
    [InlineData(40, TypeLabel.Complement)]
    [InlineData(100, TypeLabel.Neutral)]
    public void A_few_are_enough_where_they_leave_no_doubt(int oneIn, TypeLabel label)
    {
        // Ten pairs of camera and card, or four, and no card without a camera.
        Learn(user => user % oneIn == 0 ? [new(0, Camera, 0), new(1, Card, 5 * Day)] : Nothing(user)).LabelOf(Camera, Card).ShouldBe(label);
    }

    [Fact]
    public void What_comes_too_late_is_no_complement()
    {
        Learn(user => user % 4 == 0 ? [new(0, Camera, 0), new(1, Card, 45 * Day)] : Nothing(user)).ComplementsOf(Camera).Length.ShouldBe(0);
    }

    [Fact]
    public void In_the_same_order_the_companion_is_what_is_also_bought_alone()
    {
        var relations = Learn(user => (user % 4) switch
        {
            0 => [new(0, Camera, 0), new(0, Card, 0)],
            1 => [new(0, Card, 0)],
            _ => Nothing(user),
        });

        relations.LabelOf(Camera, Card).ShouldBe(TypeLabel.Complement);
        relations.LabelOf(Card, Camera).ShouldBe(TypeLabel.Neutral);
    }

    [Fact]
    public void Who_uses_up_two_things_does_not_make_them_complements()
    {
        // Both types again and again, independently, by people who are few: every later purchase is near the other's.
        var relations = Learn(user => user % 10 == 0
            ? [new(0, user % 20 == 0 ? Camera : Card, 0), .. Enumerable.Range(4, 20).Select(n => new PastPurchase(n, n % 2, n * 10 * Day))]
            : Nothing(user));

        relations.LabelOf(Camera, Card).ShouldBe(TypeLabel.Neutral);
    }

    [Fact]
    public void What_is_looked_at_and_left_is_a_substitute()
    {
        var relations = Learn(
            user => user % 4 == 0 ? [new(0, Camera, Day)] : Nothing(user),
            user => user % 4 == 0 ? [new(Tripod, Day - 600), new(Camera, Day - 300)] : [new(Others + (user * 3 % 10), (user % 7 * Day) - 100)]);

        relations.LabelOf(Camera, Tripod).ShouldBe(TypeLabel.Substitute);
        relations.SubstitutesOf(Camera).ToArray().ShouldBe([Tripod]);
        relations.LabelOf(Camera, Camera).ShouldBe(TypeLabel.Substitute);
        relations.LabelOf(Camera, TypeTree.None).ShouldBe(TypeLabel.Neutral);
    }

    [Fact]
    public void Looked_at_long_before_is_not_looked_at_instead()
    {
        Learn(
            user => user % 4 == 0 ? [new(0, Camera, Day)] : Nothing(user),
            user => user % 4 == 0 ? [new(Tripod, Day - (13 * 3600))] : [new(Others + (user * 3 % 10), (user % 7 * Day) - 100)]).SubstitutesOf(Camera).Length.ShouldBe(0);
    }

    [Fact]
    public void Rare_types_are_judged_by_their_parents_and_then_by_their_texts()
    {
        // Ten kinds of camera below one parent, ten kinds of card below another; each pair is rare, together they are not.
        var parents = Enumerable.Range(0, 30).Select(type => 30 + (type / 10)).Append(TypeTree.None).Append(TypeTree.None).Append(TypeTree.None).ToArray();
        var types = new ItemTypes(new TypeTree(parents), [.. Enumerable.Range(0, 30)]);
        var learner = new TypeRelationLearner(types);
        for (var user = 0; user < 200; user++)
        {
            learner.Add(user % 2 == 0 ? [new(0, user / 2 % 10, 0), new(1, 10 + (user / 20 % 10), 5 * Day)] : [new(0, 20 + (user / 2 % 10), 0)], []);
        }

        var relations = learner.Learn((type, other) => type / 10 == other / 10 ? 0.9 : 0);

        var relation = relations.ComplementsOf(3).ToArray().Single(r => r.Type == 14);
        relation.Source.ShouldBe(TypeEvidenceSource.Parents);
        relations.ComplementsOf(3).ToArray().Select(r => r.Type).ShouldBe(Enumerable.Range(10, 10), ignoreOrder: true);
        relations.SubstitutesOf(3).ToArray().ShouldBe([0, 1, 2, 4, 5, 6, 7, 8, 9]);
        relations.ComplementsOf(14).Length.ShouldBe(0);
    }

    [Fact]
    public void Inside_a_complement_type_the_items_bought_with_the_item_come_first()
    {
        // Items 0 and 1 are cameras; 2 to 5 cards. Card 3 is bought with camera 0; card 2 with everything else, and most.
        var types = new ItemTypes(TypeTree.Flat(3), [0, 0, 1, 1, 1, 1, 2]);
        var relations = new TypeRelations([0, 1, 1, 1], [new(1, TypeLabel.Complement, TypeEvidenceSource.Pair, 5, 1, 0.5f)]);
        var learner = new ComplementItemsLearner(types, relations, new ComplementItemsSettings(PerType: 2));
        for (var user = 0; user < 50; user++)
        {
            learner.Add(user % 2 == 0 ? [new(0, 0, 0), new(1, 3, Day)] : [new(0, 6, 0), new(0, 2, 0), new(1, 2, 40 * Day), new(2, 2, 80 * Day)]);
        }

        var complements = learner.Learn();

        complements.Of(0).ToArray().Select(c => c.Item).ShouldBe([3, 2]);
        complements.Of(1).ToArray().Select(c => c.Item).ShouldBe([2, 3]);
        complements.Of(0)[0].Score.ShouldBe((float)(0.5 * (25 + (10 * 25 / 100.0)) / 35), 1e-5f);
        complements.Of(2).Length.ShouldBe(0);
    }

    private static PastPurchase[] Nothing(int user) => [new(0, Others + (user % 10), user % 7 * Day), new(1, Others + (user * 7 % 10), (20 + (user % 5)) * Day)];

    private static TypeRelations Learn(Func<int, PastPurchase[]> history, Func<int, PastView[]>? views = null)
    {
        var learner = new TypeRelationLearner(Types);
        for (var user = 0; user < 400; user++)
        {
            learner.Add(history(user), views?.Invoke(user) ?? []);
        }

        return learner.Learn();
    }
}
