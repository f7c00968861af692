using Wellmet.Science.Predictions;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Predictions;

public sealed class PurchaseIntentTest
{
    private static readonly Lazy<PurchaseIntent> Trained = new(() => PurchaseIntent.Train([.. Visits(4000)], new GradientBoostingSettings(Trees: 80, LearningRate: 0.1)));

    [Fact]
    public void A_filled_basket_and_an_opened_checkout_raise_the_probability_and_the_reason_says_so()
    {
        var intent = Trained.Value;
        var looking = Visit(products: 4, adds: 0, checkout: false);
        var buying = Visit(products: 4, adds: 2, checkout: true);

        intent.Probability(buying).ShouldBeGreaterThan(3 * intent.Probability(looking));
        var reason = intent.Explain(buying);
        var strongest = SessionFeatures.Columns.Zip(reason.Contributions).MaxBy(c => c.Second).First.Name;
        strongest.ShouldBeOneOf("basket_adds", "basket_minor", "checkout_started");
        (reason.Base + reason.Contributions.Sum()).ShouldBe(Math.Log(intent.Probability(buying) / (1 - intent.Probability(buying))), 1e-5);
        intent.Probability(looking with { Returning = null, EarlierOrders = null, SecondsOnPage = double.NaN }).ShouldBeInRange(0.001, 0.999);
        intent.Model.Quality.Auc.ShouldBeGreaterThan(0.7);
    }

    [Fact]
    public void A_saved_model_answers_the_same_and_a_damaged_one_is_refused()
    {
        using var stream = new MemoryStream();
        Trained.Value.Save(stream);
        stream.Position = 0;
        var loaded = PurchaseIntent.Load(stream);
        stream.Position.ShouldBe(stream.Length);

        Visits(200).ShouldAllBe(v => loaded.Probability(v.Features).Equals(Trained.Value.Probability(v.Features)));
        loaded.Model.Quality.ShouldBe(Trained.Value.Model.Quality);

        var file = stream.ToArray();
        Should.Throw<ModelFileException>(() => PurchaseIntent.Load(new MemoryStream(file[..(file.Length / 2)])));
        var random = new SeededRandom(1);
        for (var i = 0; i < 300; i++)
        {
            var damaged = (byte[])file.Clone();
            damaged[i < 100 ? i : random.Next(file.Length)] ^= (byte)(1 + random.Next(255));
            Should.Throw<ModelFileException>(() => PurchaseIntent.Load(new MemoryStream(damaged)));
        }
    }

    [Fact]
    public void A_model_of_something_else_is_refused()
    {
        var other = CalibratedTrees.Train(MadeUpExamples.Draw(500, 1).Examples, new GradientBoostingSettings(Trees: 5));
        using var stream = new MemoryStream();
        CalibratedTreesFile.Save(other, stream);
        stream.Position = 0;

        Should.Throw<ModelFileException>(() => PurchaseIntent.Load(stream));
    }

    private static IEnumerable<SessionExample> Visits(int count)
    {
        var random = new SeededRandom(9);
        for (var i = 0; i < count; i++)
        {
            int products = random.Next(12), adds = random.Next(4) == 0 ? 1 + random.Next(3) : 0;
            var checkout = adds > 0 && random.Next(2) == 0;
            var visit = Visit(products, adds, checkout) with { Hour = random.Next(24), Weekday = (DayOfWeek)random.Next(7), Returning = random.Next(3) == 0 ? null : random.Next(2) == 0 };
            yield return new SessionExample(visit, random.NextDouble() < 0.03 + (adds > 0 ? 0.2 : 0) + (checkout ? 0.4 : 0));
        }
    }

    private static SessionFeatures Visit(int products, int adds, bool checkout) =>
        new(60 + 40 * products, 40, products, products, 2, 1, 0, adds, 0, 2500 * adds, checkout, true, 0, 20, DayOfWeek.Sunday);
}
