using Wellmet.Science.Recommenders;

namespace Wellmet.Tests.Science.Recommenders;

public sealed class TasteTest
{
    private const int Dimensions = 8;
    private static readonly GeneratedShop Shop = new(9, users: 200);
    private static readonly ItemFactors Als = ImplicitAls.Train(Shop.Interactions, new ImplicitAlsSettings(Dimensions, 10, 5, 10));
    private static readonly SpectralFactors Spectral = SpectralFilter.Train(Shop.Interactions, new SpectralFilterSettings(Dimensions));

    /// <summary>Fewer and more items than dimensions are solved for in two ways.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(Dimensions)]
    [InlineData(Dimensions + 1)]
    [InlineData(30)]
    public void Contributions_of_all_own_items_are_the_score(int count)
    {
        var (owned, weights) = Owned(count);
        var model = Model(new TasteShares(0.7f, 0.4f));
        var results = new Recommendation[5];

        var found = model.Recommend(owned, weights, null, results);

        results[..found].Where(r => r.Reason.Code == ReasonCode.Purchases).ShouldNotBeEmpty();
        foreach (var result in results[..found].Where(r => r.Reason.Code == ReasonCode.Purchases))
        {
            var contributions = new float[count];
            model.Contributions(owned, weights, result.Item, contributions);
            contributions.Sum().ShouldBe(result.Score, 1e-5f);
        }
    }

    /// <summary>The two ways of solving meet where an item more says nothing.</summary>
    [Fact]
    public void A_weight_of_nothing_changes_nothing()
    {
        var (owned, _) = Owned(Dimensions + 1);
        float[] weights = [.. Enumerable.Repeat(1f, Dimensions), 0];
        var (few, many) = (new float[Dimensions], new float[Dimensions + 1]);
        var model = Model(new TasteShares(1, 0));

        model.Contributions(owned.AsSpan(0, Dimensions), weights.AsSpan(0, Dimensions), 39, few);
        model.Contributions(owned, weights, 39, many);

        many[..Dimensions].Sum().ShouldBe(few.Sum(), 1e-5f);
        many[Dimensions].ShouldBe(0);
    }

    [Fact]
    public void The_rest_of_the_group_scores_highest()
    {
        var results = new Recommendation[2];

        Model(new TasteShares(1, 0)).Recommend([0, 1, 2], [], null, results);
        results.Select(r => r.Item).ShouldBe([3, 4], ignoreOrder: true);
        Model(new TasteShares(0, 1)).Recommend([0, 1, 2], [], null, results);
        results.Select(r => r.Item).ShouldBe([3, 4], ignoreOrder: true);
    }

    [Fact]
    public void What_was_sent_back_speaks_against_its_like()
    {
        var (kept, returned) = (new float[2], new float[2]);
        var model = Model(new TasteShares(1, 0.5f));

        model.Contributions([0, 20], [1, 1], 1, kept);
        model.Contributions([0, 20], [-1, 1], 1, returned);

        returned.Sum().ShouldBeLessThan(0.5f * kept.Sum());
        returned[0].ShouldBeLessThanOrEqualTo(0);
    }

    [Fact]
    public void Threads_do_not_change_the_factors()
    {
        var settings = new ImplicitAlsSettings(Dimensions, 10, 5, 10);
        var (one, two) = (new float[2], new float[2]);

        Model(new TasteShares(1, 1), ImplicitAls.Train(Shop.Interactions, settings, new TrainingRun(1))).Contributions([3, 17], [], 4, one);
        Model(new TasteShares(1, 1), ImplicitAls.Train(Shop.Interactions, settings, new TrainingRun(2))).Contributions([3, 17], [], 4, two);

        two.ShouldBe(one);
    }

    [Fact]
    public void Settings_are_chosen_alike_on_one_thread_and_two()
    {
        var one = ForYouTuning.Choose(Shop.Interactions, new TrainingRun(1));

        ForYouTuning.Choose(Shop.Interactions, new TrainingRun(2)).ShouldBe(one);
    }

    private static (int[] Owned, float[] Weights) Owned(int count) =>
        ([.. Enumerable.Range(0, count)], [.. Enumerable.Range(0, count).Select(i => i % 4 == 3 ? -0.5f : 1f / (1 + i % 3))]);

    private static ForYou Model(TasteShares shares, ItemFactors? als = null)
    {
        var none = new SparseMatrix(Shop.Items, new int[Shop.Items + 1], [], []);
        return new ForYou(none, Bestsellers.Train(Shop.Interactions), new Taste(als ?? Als, Spectral, shares));
    }
}
