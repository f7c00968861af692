using Wellmet.Science.Products;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Diversity;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Recommenders.Diversity;

public sealed class DiversityRerankerTest
{
    private const int Items = 200, TypeCount = 20, Brands = 12;

    private static readonly ItemTypes Types = new(TypeTree.Flat(TypeCount), [.. Enumerable.Range(0, Items).Select(item => item / 10)]);
    private static readonly ItemTraits Traits = new(
        Types, [.. Enumerable.Range(0, Items).Select(item => item * 7 % Brands)], new ItemSet(Items, Enumerable.Range(100, 100)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_window_has_more_of_a_type_or_brand_than_allowed_and_few_known_ones_have_their_share(int seed)
    {
        var random = new SeededRandom((ulong)seed);
        // The best known first, so that nothing would do it by itself.
        Neighbour[] candidates = [.. Enumerable.Range(0, Items).Select(item => new Neighbour(item, (float)(1 - (item / 250.0) + (0.01 * random.NextDouble()))))];
        var order = new int[40];

        new DiversityReranker(Traits).Rerank(candidates, order).ShouldBe(40);

        order.ShouldBeUnique();
        for (var from = 0; from <= 20; from++)
        {
            var window = order.Skip(from).Take(20).Select(at => candidates[at].Item).ToList();
            window.CountBy(Types.Of).Max(count => count.Value).ShouldBeLessThanOrEqualTo(3);
            window.CountBy(Traits.BrandOf).Max(count => count.Value).ShouldBeLessThanOrEqualTo(4);
        }

        order.Take(20).Count(at => candidates[at].Item >= 100).ShouldBeGreaterThanOrEqualTo(4);
        order[0].ShouldBe(Array.IndexOf(candidates, candidates.MaxBy(candidate => candidate.Score)));
    }

    [Fact]
    public void A_little_less_good_and_different_beats_a_little_better_and_the_same()
    {
        // 0 and 1 are of one type; 10 is of another. 0.85 × 0.95 - 0.15 × 0.8 against 0.85 × 0.9.
        var order = new int[3];
        new DiversityReranker(new ItemTraits(Types)).Rerank([new(0, 2), new(1, 1.9f), new(10, 1.8f)], order);
        order.ShouldBe([0, 2, 1]);
        new DiversityReranker(new ItemTraits(Types), settings: new DiversitySettings { Relevance = 1 }).Rerank([new(0, 2), new(1, 1.9f), new(10, 1.8f)], order);
        order.ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void A_list_is_filled_even_where_the_limits_do_not_allow_it()
    {
        var order = new int[20];
        Neighbour[] candidates = [.. Enumerable.Range(0, 10).Select(item => new Neighbour(item, 0))];

        new DiversityReranker(Traits).Rerank(candidates, order).ShouldBe(10);
        order[..10].ShouldBe(Enumerable.Range(0, 10), ignoreOrder: true);
        new DiversityReranker(Traits).Rerank([], order).ShouldBe(0);
    }

    [Fact]
    public void Reranking_allocates_nothing()
    {
        Neighbour[] candidates = [.. Enumerable.Range(0, Items).Select(item => new Neighbour(item, 1f / (item + 1)))];
        var (reranker, order) = (new DiversityReranker(Traits), new int[20]);
        reranker.Rerank(candidates, order);

        var before = GC.GetAllocatedBytesForCurrentThread();
        reranker.Rerank(candidates, order);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void The_long_tail_is_what_is_left_beyond_most_of_the_sales()
    {
        var tail = ItemTraits.LongTail([5, 60, 20, 10, 5], 0.8);

        Enumerable.Range(0, 5).Where(tail.Contains).ShouldBe([0, 3, 4]);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 0.9)]
    [InlineData(5, 0.729)]
    public void What_is_never_clicked_steps_back(int views, float factor)
    {
        new Fatigue().Factor(views).ShouldBe(factor, 1e-6f);
    }
}
