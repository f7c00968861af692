using Wellmet.Demo.Generator;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Texts;

namespace Wellmet.Tests.Demo.Planted;

public sealed class TextsTest(ITestOutputHelper output)
{
    [Fact]
    public void The_nearest_texts_are_mostly_of_the_same_type()
    {
        ItemText[] texts = [.. Catalogue.Products.Select(product => new ItemText(product.Name, product.Category))];
        var similar = SimilarTexts.Build(TextModel.Train(texts).Embed(texts));
        var (results, same) = (new Neighbour[5], 0);
        for (var product = 0; product < texts.Length; product++)
        {
            similar.Nearest(product, null, results).ShouldBe(5);
            same += results.Count(result => Catalogue.TypeOf(result.Item) == Catalogue.TypeOf(product));
        }

        output.WriteLine($"{same / (5.0 * texts.Length):P1}");
        (same / (5.0 * texts.Length)).ShouldBeGreaterThan(0.9);
    }
}
