using Wellmet.Science.Recommenders;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Recommenders;

/// <summary>A small shop made from a seed: items come in groups of five, and a customer mostly buys from one group.</summary>
public sealed class GeneratedShop
{
    private const int GroupSize = 5;
    private const long Day = 86_400;

    public GeneratedShop(int seed, int users = 60, int items = 40, int ordersPerUser = 3)
    {
        var random = new SeededRandom((ulong)seed);
        (Users, Items) = (users, items);
        for (var user = 0; user < users; user++)
        {
            var group = random.Next(items / GroupSize);
            for (var i = 0; i < ordersPerUser; i++)
            {
                AddOrder(random, user, user * ordersPerUser + i, group);
            }
        }
    }

    public int Users { get; }

    public int Items { get; }

    public List<Purchase> Purchases { get; } = [];

    public Interactions Interactions => InteractionsBuilder.Build(Purchases, Users, Items);

    private void AddOrder(SeededRandom random, int user, int order, int group)
    {
        var time = random.Next(365) * Day;
        for (var line = 0; line < 4; line++)
        {
            var item = random.Next(4) == 0 ? random.Next(Items) : group * GroupSize + random.Next(GroupSize);
            Purchases.Add(new Purchase(user, order, item, time, 1 + random.Next(3)));
        }
    }
}
