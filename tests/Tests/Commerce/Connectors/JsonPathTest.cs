using System.Text.Json;
using Wellmet.Commerce.Mappings;
using Wellmet.Platform;

namespace Wellmet.Tests.Commerce.Connectors;

/// <summary>Paths and conditions, mostly those of the examples in RFC 9535.</summary>
public sealed class JsonPathTest
{
    private static readonly JsonElement Store = JsonElement.Parse("""
        {"store":{"book":[{"category":"reference","title":"A","price":8.95},{"category":"fiction","title":"B","price":12.99},{"category":"fiction","title":"C","isbn":"0-553","price":8.99},
        {"category":"fiction","title":"D","isbn":"0-395","price":22.99}],"bicycle":{"color":"red","price":399}},"o'k":{"j j":1},"n":null,"名":"x","t":true}
        """);

    [Theory]
    [InlineData("$.store.book[*].title", "A B C D")]
    [InlineData("$['store']['book'][0]['title']", "A")]
    [InlineData("$.store.book[-1].title", "D")]
    [InlineData("$.store.book[9].title", "")]
    [InlineData("$.store.*.color", "red")]
    [InlineData("$.store.book[?@.isbn].title", "C D")]
    [InlineData("$.store.book[?!@.isbn].title", "A B")]
    [InlineData("$.store.book[?@.price < 10].title", "A C")]
    [InlineData("$.store.book[?@.price >= 8.99 && @.category == 'fiction'].title", "B C D")]
    [InlineData("$.store.book[?(@.price<9||@.price>20) && !(@.title=='A')].title", "C D")]
    [InlineData("$.store.book[?@.price < $.store.bicycle.price].title", "A B C D")]
    [InlineData("$[\"o'k\"]['j j']", "1")]
    [InlineData("$['o\\'k']['j j']", "1")]
    [InlineData("$.名", "x")]
    [InlineData("@.t", "true")]
    [InlineData(" $.store.bicycle.color ", "red")]
    public void A_path_finds(string path, string found) => string.Join(' ', JsonPath.Parse(path).Find(new(Store, Store)).Select(JsonText.Of)).ShouldBe(found);

    [Theory]
    [InlineData("$.store.bicycle.color == 'red'", true)]
    [InlineData("$.n == null", true)]
    [InlineData("$.nothing == null", false)]
    [InlineData("$.nothing == $.nowhere", true)]
    [InlineData("$.nothing", false)]
    [InlineData("$.n", true)]
    [InlineData("$.t == true && $.store.book[?@.price > 20]", true)]
    [InlineData("$.t != true || 'b' > 'a'", true)]
    [InlineData("$.t < 1", false)]
    [InlineData("399.0 == $.store.bicycle.price", true)]
    [InlineData("$.store.book[*].title == 'A'", false)]
    public void A_condition_holds(string condition, bool holds) => ICondition.Parse(condition).Holds(new(Store, Store)).ShouldBe(holds);

    [Theory]
    [InlineData("", 1)]
    [InlineData("store", 1)]
    [InlineData("$.", 3)]
    [InlineData("$..price", 3)]
    [InlineData("$.a b", 5)]
    [InlineData("$[", 3)]
    [InlineData("$[1", 4)]
    [InlineData("$['a", 5)]
    [InlineData("$['a\\", 6)]
    [InlineData("$[99999999999]", 14)]
    [InlineData("$[?@.a[?@.b]]", 9)]
    [InlineData("$[?@.a ==]", 10)]
    [InlineData("$[?1]", 5)]
    [InlineData("$[?(((((((((@.a)))))))))]", 12)]
    public void What_is_no_path_is_refused_with_its_place(string path, int character)
    {
        var problem = Should.Throw<ProblemException>(() => JsonPath.Parse(path));
        (problem.Code, problem.Arguments[0]).ShouldBe(("path_invalid", (object)character));
    }

    [Fact]
    public void A_path_is_bounded() => Should.Throw<ProblemException>(() => JsonPath.Parse("$" + new string('.', JsonPath.LongestText))).Code.ShouldBe("path_invalid");
}
