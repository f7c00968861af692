using Wellmet.Customers.Joining;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Customers.Joining;

/// <summary>What is told in whatever order makes the same customers, and those that the rules alone would make.</summary>
public sealed class ArrivalOrderTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public Task Any_order_of_arrival_makes_the_same_customers(Engine engine) => PlayAsync(engine, stories: 5);

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop)), Trait("tier", "long")]
    public Task Any_order_of_arrival_of_a_thousand_stories_makes_the_same_customers(Engine engine) => PlayAsync(engine, stories: 1000);

    private static async Task PlayAsync(Engine engine, int stories)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.UseAsync<SaveJoinRules>(s => s.RunAsync(RandomArrivals.Rules, [], default));
        var played = new List<RandomArrivals>();
        for (var story = 0; story < stories; story++)
        {
            played.Add(new RandomArrivals(shop, (ulong)(story + 1)));
            await played[^1].PlayAsync();
        }
        await shop.DrainAsync();
        var buyers = 0;
        foreach (var story in played)
        {
            buyers += await story.CompareAsync();
        }
        // Somebody ordered and each rule was met, or nothing was tested.
        buyers.ShouldBeGreaterThan(0);
        foreach (var rule in new[] { "joined", "second account", "shared value", "shared account", "limit" })
        {
            played.Sum(p => p.Met.GetValueOrDefault(rule)).ShouldBeGreaterThan(0, rule);
        }
    }
}
