using FsCheck;
using FsCheck.Fluent;
using Wellmet.Science.Recommenders;

namespace Wellmet.Tests.Science.Recommenders;

public sealed class InteractionsTest
{
    private const long Day = 86_400;

    [Fact]
    public void Lines_of_one_item_in_one_order_add_up_and_a_cancelled_item_was_not_bought()
    {
        var interactions = InteractionsBuilder.Build(
            [new(0, 0, 2, 10, 3), new(0, 0, 2, 10, 4), new(0, 0, 1, 10, 5), new(0, 0, 1, 20, -5)], userCount: 1, itemCount: 3);

        interactions.Orders.Columns(0).ToArray().ShouldBe([2]);
        interactions.Orders.Values(0).ToArray().ShouldBe([7f]);
        interactions.Users.Columns(0).ToArray().ShouldBe([2]);
        interactions.OrderTimes.ToArray().ShouldBe([10L]);
    }

    [Fact]
    public void A_purchase_loses_half_its_weight_in_a_half_life_and_the_latest_one_counts()
    {
        var interactions = InteractionsBuilder.Build(
            [new(0, 0, 0, 0, 1), new(0, 1, 1, 100 * Day, 1), new(0, 2, 0, 50 * Day, 1)], 1, 2, new InteractionsSettings(HalfLifeDays: 50));

        interactions.Users[0, 0].ShouldBe(0.5f, 1e-6f);
        interactions.Users[0, 1].ShouldBe(1f);
    }

    [Fact]
    public void Orders_of_unknown_customers_count_as_orders_only()
    {
        var interactions = InteractionsBuilder.Build([new(Purchase.Anonymous, 0, 0, 0, 1), new(0, 1, 1, 0, 1)], 1, 2);

        interactions.Orders.RowLength(0).ShouldBe(1);
        interactions.Users.Count.ShouldBe(1);
        interactions.OrderUsers.ToArray().ShouldBe([Purchase.Anonymous, 0]);
    }

    [Fact]
    public void Only_the_most_recent_items_of_a_large_history_count()
    {
        var purchases = Enumerable.Range(0, 10).Select(i => new Purchase(0, i, i, i * Day, 1));

        var interactions = InteractionsBuilder.Build(purchases, 1, 10, new InteractionsSettings(MaxItemsPerUser: 3));

        interactions.Users.Columns(0).ToArray().ShouldBe([7, 8, 9]);
        interactions.Orders.Count.ShouldBe(10);
    }

    [Fact]
    public void The_order_of_the_lines_does_not_matter()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var shop = new GeneratedShop(seed, users: 10);
            var straight = shop.Interactions;
            shop.Purchases.Reverse();
            return SameMatrix(straight.Users, shop.Interactions.Users) && SameMatrix(straight.Orders, shop.Interactions.Orders);
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void The_transpose_holds_the_same_cells()
    {
        var interactions = new GeneratedShop(1).Interactions;

        for (var user = 0; user < interactions.UserCount; user++)
        {
            foreach (var item in interactions.Users.Columns(user))
            {
                interactions.Items[item, user].ShouldBe(interactions.Users[user, item]);
            }
        }
        interactions.Items.Count.ShouldBe(interactions.Users.Count);
    }

    [Theory]
    [InlineData(1, 0, 0, 1f, "User 1 is outside 0 to 0")]
    [InlineData(-2, 0, 0, 1f, "User -2 is outside")]
    [InlineData(0, -1, 0, 1f, "Order -1")]
    [InlineData(0, 0, 5, 1f, "Item 5 is outside 0 to 4")]
    [InlineData(0, 0, 0, 0f, "Quantity 0")]
    [InlineData(0, 0, 0, float.NaN, "Quantity NaN")]
    public void A_line_that_makes_no_sense_is_refused_with_its_reason(int user, int order, int item, float quantity, string reason)
    {
        var builder = new InteractionsBuilder(userCount: 1, itemCount: 5);

        Should.Throw<ArgumentException>(() => builder.Add(new Purchase(user, order, item, 0, quantity))).Message.ShouldContain(reason);
    }

    [Fact]
    public void An_order_of_two_users_and_a_gap_in_the_orders_are_refused()
    {
        var builder = new InteractionsBuilder(2, 1);
        builder.Add(new Purchase(0, 1, 0, 0, 1));

        Should.Throw<ArgumentException>(() => builder.Add(new Purchase(1, 1, 0, 0, 1))).Message.ShouldContain("Order 1 belongs to user 0");
        Should.Throw<InvalidOperationException>(builder.Build).Message.ShouldContain("Order 0 has no line");
    }

    private static bool SameMatrix(SparseMatrix a, SparseMatrix b) =>
        a.RowCount == b.RowCount && Enumerable.Range(0, a.RowCount).All(row => a.Columns(row).SequenceEqual(b.Columns(row)) && a.Values(row).SequenceEqual(b.Values(row)));
}
