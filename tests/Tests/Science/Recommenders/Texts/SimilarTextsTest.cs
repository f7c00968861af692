using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Texts;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Recommenders.Texts;

public sealed class SimilarTextsTest(ITestOutputHelper output)
{
    private static readonly string[] Nouns = [.. "lamp kettle chair backpack candle mirror jacket teapot puzzle speaker blanket bicycle notebook vase umbrella printer".Split(' ')];
    private static readonly string[] Words = [.. "red blue green oak steel glass small large vintage modern folding round soft warm light heavy classic woven striped dotted nordic garden travel kids winter summer".Split(' ')];

    [Theory]
    [InlineData("white ceramic vase", "Ceramic Vases, White", "ceramic knife")]
    [InlineData("Café crème mug", "CAFE CREME MUGS", "Camping mug")]
    [InlineData("Wandlampe aus Messing", "Wandlampen Messing", "Wanduhr aus Holz")]
    [InlineData("白色陶瓷花瓶", "陶瓷花瓶（白）", "白色衬衫")]
    [InlineData("茶壶", "新茶壶蓝色", "毛巾蓝色")]
    [InlineData("ﾃｨｰﾎﾟｯﾄ 赤", "ティーポット", "マグカップ 赤")]
    public void The_same_thing_in_other_words_is_nearer_than_another_thing(string text, string same, string other)
    {
        ItemText[] texts = [new(text), new(same), new(other), .. Generate(200)];
        var vectors = TextModel.Train(texts).Embed(texts);

        vectors.Cosine(0, 1).ShouldBeGreaterThan(vectors.Cosine(0, 2) + 0.1f);
        vectors.Cosine(0, 0).ShouldBe(1, 1e-5f);
    }

    [Fact]
    public void A_title_counts_more_than_a_description()
    {
        ItemText[] texts = [new("kettle"), new("kettle", "", "mirror"), new("mirror", "", "kettle"), .. Generate(200)];
        var vectors = TextModel.Train(texts).Embed(texts);

        vectors.Cosine(0, 1).ShouldBeGreaterThan(vectors.Cosine(0, 2) + 0.2f);
    }

    [Fact]
    public void A_rare_word_in_common_counts_more_than_a_frequent_one()
    {
        ItemText[] texts = [new("cotton zither"), new("steel zither"), new("cotton anvils"), .. Generate(200).Select(text => text with { Title = "cotton " + text.Title })];
        var vectors = TextModel.Train(texts).Embed(texts);

        vectors.Cosine(0, 1).ShouldBeGreaterThan(vectors.Cosine(0, 2) + 0.4f);
    }

    [Fact]
    public void No_text_is_like_nothing_and_odd_text_is_no_error()
    {
        ItemText[] texts = [new(""), new("lamp"), new("\ud800 \ud83d\udca1 !!!"), new(new string('x', 9_000))];
        var similar = SimilarTexts.Build(TextModel.Train(texts).Embed(texts));

        similar.Nearest(0, null, new Neighbour[3]).ShouldBe(0);
        similar.Vectors.Cosine(0, 1).ShouldBe(0);
    }

    [Fact]
    public void Vectors_are_the_same_for_any_number_of_threads_and_after_saving()
    {
        var texts = Generate(1_000);
        var model = TextModel.Train(texts);
        var one = model.Embed(texts, new TrainingRun(1));

        model.Embed(texts, new TrainingRun(3)).All.SequenceEqual(one.All).ShouldBeTrue();
        var loaded = new TextModel(model.Rarity.ToArray());
        var vector = new sbyte[TextModel.Dimensions];
        loaded.Embed(texts[7], vector);
        vector.ShouldBe(one.Of(7).ToArray());
        new TextVectors(one.All.ToArray()).Cosine(3, 4).ShouldBe(one.Cosine(3, 4));
        Should.Throw<ArgumentException>(() => new TextModel([1]));
        Should.Throw<ArgumentException>(() => new TextVectors(new sbyte[100]));
    }

    [Fact]
    public void Cells_find_nearly_all_that_comparing_with_everything_finds()
    {
        var texts = Generate(20_000);
        var vectors = TextModel.Train(texts).Embed(texts);
        var (all, cells) = (SimilarTexts.Build(vectors), SimilarTexts.Build(vectors, new SimilarTextsSettings { CompareAllUpTo = 1_000 }));
        var (expected, found, hits) = (new Neighbour[10], new Neighbour[10], 0);
        for (var item = 0; item < 400; item++)
        {
            all.Nearest(item * 50, null, expected).ShouldBe(10);
            cells.Nearest(item * 50, null, found).ShouldBe(10);
            // By their likeness, for items with the same text are many.
            hits += found.Count(neighbour => neighbour.Score >= expected[9].Score);
        }

        output.WriteLine($"Recall at 10: {hits / 4_000.0:P1}");
        (hits / 4_000.0).ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public void The_few_eligible_ones_are_found_wherever_they_lie_and_nothing_is_allocated()
    {
        var texts = Generate(3_000);
        var vectors = TextModel.Train(texts).Embed(texts);
        var similar = SimilarTexts.Build(vectors, new SimilarTextsSettings { CompareAllUpTo = 100, Probes = 2 });
        var eligible = new ItemSet(3_000, Enumerable.Range(0, 3_000).Where(item => vectors.Cosine(0, item) > 0).OrderBy(item => vectors.Cosine(0, item)).Take(3));
        var results = new Neighbour[3];

        similar.Nearest(0, eligible, results).ShouldBe(3);
        results.ShouldAllBe(result => eligible.Contains(result.Item));
        similar.Nearest(0, null, results);
        results.ShouldNotContain(result => result.Item == 0);
        results.Select(result => result.Score).ShouldBeInOrder(SortDirection.Descending);

        var before = GC.GetAllocatedBytesForCurrentThread();
        similar.Nearest(0, eligible, results);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static ItemText[] Generate(int count)
    {
        var random = new SeededRandom(11);
        return [.. Enumerable.Range(0, count).Select(_ => new ItemText(
            $"{Pick(Words)} {Pick(Words)} {Pick(Nouns)}", Pick(Words), string.Join(' ', Enumerable.Range(0, 6).Select(_ => Pick(Words)))))];

        string Pick(string[] from) => from[random.Next(from.Length)];
    }
}
