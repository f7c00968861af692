using Wellmet.Customers.Collection;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;
using static Wellmet.Tests.Customers.Collection.CollectionInShop;

namespace Wellmet.Tests.Customers.Collection;

/// <summary>Many requests at once, which several groups take in: what comes twice is new to one of them only.</summary>
public sealed class CollectionLanesTest
{
    private const int Requests = 60, People = 12;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Messages_and_people_that_come_with_many_requests_at_once_are_new_once(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);

        // Every request tells of all people, each in an order of its own, and repeats half of its messages from the others.
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Requests).Select(r => Task.Run(() => shop.CollectAsync(
            Enumerable.Range(0, People).Select(p => (p + r) % People).SelectMany(p => new object[]
            {
                new { type = "identify", messageId = $"i{r}-{p}", userId = $"u{p}", traits = new { email = $"u{p}@example.com", name = $"Person {p}" } },
                new { type = "track", messageId = $"t{p}", userId = $"u{p}", @event = "Product Viewed", properties = new { product_id = "P1" } },
            })))));

        var accepted = outcomes.SelectMany(o => o).Count(o => o.Status == CollectionStatus.Accepted);
        accepted.ShouldBe((Requests * People) + People);
        outcomes.SelectMany(o => o).ShouldAllBe(o => o.Status == CollectionStatus.Accepted || o.Status == CollectionStatus.Duplicate);
        (await shop.EventsAsync<ShopEventCollected>()).Count.ShouldBe(People);
        (await shop.EventsAsync<CustomerAppeared>()).Count.ShouldBe(People);
        (await shop.CountAsync("customers_subjects")).ShouldBe(People);
        // An external id and an e-mail address each.
        (await shop.CountAsync("customers_identities")).ShouldBe(2 * People);
        (await shop.ProfileAsync("u3")).Email.ShouldBe("u3@example.com");
    }
}
