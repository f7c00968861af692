using System.Net;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Placements;
using Wellmet.Recommendations.Serving;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Rules;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Segments;

namespace Wellmet.Tests.Recommendations;

/// <summary>Rules of a placement that hold for who belongs to a segment.</summary>
public sealed class SegmentRulesTest
{
    private const string Page = "/console/recommendations/placements";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Who_belongs_to_a_segment_gets_its_rules_of_several_the_first_and_who_objects_none(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true);
        await shop.DrainAsync();
        await shop.TrainAsync();
        var often = await MembershipTest.SaveAsync(shop, "Often", """{"did":"Order Placed","at_least":2}""");
        var all = await MembershipTest.SaveAsync(shop, "All", """{"did":"Order Placed","at_least":1}""");
        var (x, y) = (await shop.ProductAsync("X"), await shop.ProductAsync("Y"));
        await ArrangeAsync(shop, a => a.SaveAsync("for-you", often, new ListRules { Pinned = [x] }, default));
        await ArrangeAsync(shop, a => a.SaveAsync("for-you", all, new ListRules { Pinned = [y] }, default));

        // 1000 ordered twice, 1057 once.
        var (twice, once) = (await FirstAsync(shop, 1000), await FirstAsync(shop, 1057));
        (twice.Sku, twice.For, twice.Personalised).ShouldBe(("X", often, true));
        (once.Sku, once.For).ShouldBe(("Y", all));

        await ArrangeAsync(shop, a => a.PutFirstAsync("for-you", all, default));
        (await FirstAsync(shop, 1000)).Sku.ShouldBe("Y");

        // What is arranged about the placement itself leaves them.
        await shop.UseAsync<ArrangePlacement>(a => a.SaveAsync(Placement.BuiltInOf("for-you")! with { Rules = new ListRules { Excluded = [x] } }, isNew: false, default));
        (await FirstAsync(shop, 1057)).Sku.ShouldBe("Y");

        await shop.ObjectAsync(1057);
        var objected = await FirstAsync(shop, 1057);
        (objected.For, objected.Personalised).ShouldBe((null, false));

        await shop.UseAsync<ArchiveSegment>(a => a.RunAsync(all, true, default));
        (await FirstAsync(shop, 1000)).ShouldSatisfyAllConditions(f => f.Sku.ShouldBe("X"), f => f.For.ShouldBe(often));
        await ArrangeAsync(shop, a => a.RemoveAsync("for-you", often, default));
        (await FirstAsync(shop, 1000)).For.ShouldBeNull();
        (await Should.ThrowAsync<ProblemException>(() => ArrangeAsync(shop, a => a.SaveAsync("for-you", all, ListRules.None, default)))).Code.ShouldBe("segment_unknown");
    }

    [Fact]
    public async Task Staff_give_a_segment_rules_on_the_placements_page()
    {
        await using var web = await WebShop.OpenAsync();
        using var owner = await web.SignInAsync();
        (await owner.PageAsync(Page + "/for-you")).ShouldContain("There are no segments yet");
        var segment = Guid.Empty;
        await web.UseAsync<SaveSegment>(async s => segment = await s.RunAsync(null, new SegmentDraft("Loyal", "", RuleJson.Read("""{"did":"Order Placed","at_least":5}""")), default));

        (await owner.PageAsync(Page + "/for-you")).ShouldContain("Add rules");
        (await owner.PageAsync($"{Page}/-segments?name=for-you&segment={segment}")).ShouldContain("for-you for Loyal");
        (string, string)[] Fields(string explore) => [("name", "for-you"), ("source", "for_you"), ("segment", segment.ToString()), ("explore", explore)];
        using (var refused = await owner.PostAsync(Page + "/-segments", Fields("51")))
        {
            ((int)refused.StatusCode, (await refused.Content.ReadAsStringAsync()).Contains("from 0 to 50", StringComparison.Ordinal)).ShouldBe((400, true));
        }
        using (var saved = await owner.PostAsync(Page + "/-segments", Fields("7")))
        {
            saved.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }
        (await owner.PageAsync(Page + "/for-you")).ShouldContain($"segment={segment}");
        (await owner.PageAsync($"{Page}/-segments?name=for-you&segment={segment}")).ShouldContain("value=\"7\"");
        using (await owner.PostAsync(Page + "/-segments/remove", ("name", "for-you"), ("segment", segment.ToString())))
        {
            (await owner.PageAsync(Page + "/for-you")).ShouldContain("Add rules");
        }
    }

    private static Task ArrangeAsync(TestShop shop, Func<ArrangeForSegments, Task> change) => shop.UseAsync<ArrangeForSegments>(change);

    private static async Task<(string Sku, Guid? For, bool Personalised)> FirstAsync(TestShop shop, int customer)
    {
        var id = await shop.CustomerAsync(customer);
        var list = await shop.UseAsync<ServePlacement, RecommendedProducts>(s => s.RunAsync(new("for-you", id.ToString(), null, null, "5"), default));
        return (list.Products[0].Product.Sku, list.ForSegment, list.Personalised);
    }
}
