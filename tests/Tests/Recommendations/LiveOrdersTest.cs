using Microsoft.Extensions.DependencyInjection;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Models.Live;
using Wellmet.Recommendations.Serving;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Recommendations;

/// <summary>The model that serves follows orders, and what becomes of them, without being trained.</summary>
public sealed class LiveOrdersTest
{
    private static readonly DateTimeOffset Day = new(2026, 2, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly TrainingOptions Patient = new() { Live = TimeSpan.FromSeconds(10) };

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_is_bought_with_something_is_recommended_to_others_who_have_it_until_it_is_cancelled(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        (await SpeaksAsync(shop, "A0", "X")).ShouldBe(0);

        // Ten customers of the first taste, who have A0, buy X, and nobody else does.
        await shop.ImportTextAsync(ImportsInShop.Header + string.Concat(Enumerable.Range(0, 10).Select(i => GiftShop.Line($"{9000 + i}", "X", 1, Day, 1000 + 3 * i))));
        await FollowAsync(shop);

        var speaks = await SpeaksAsync(shop, "A0", "X");
        speaks.ShouldBeGreaterThan(0);
        (await shop.ForAsync(1030, 5)).Products.Single(p => p.Product.Sku == "X").Reason.Kind.ShouldBe(ReasonKind.BecauseBought);
        var live = shop.Get<ModelStore>().Current!;
        await shop.TrainAsync();
        (await SpeaksAsync(shop, "A0", "X")).ShouldBe(speaks, 0.3 * speaks, "a training finds the same, but for the trend");
        shop.Get<ModelStore>().Publish(live);

        await shop.ImportTextAsync(ImportsInShop.Header + string.Concat(Enumerable.Range(0, 10).Select(i => GiftShop.Line($"C{9000 + i}", "X", -1, Day.AddDays(1), 1000 + 3 * i))));
        await FollowAsync(shop);
        (await SpeaksAsync(shop, "A0", "X")).ShouldBe(0);
    }

    [Fact]
    public async Task Somebody_new_counts_a_merger_makes_one_of_two_and_who_is_erased_says_nothing_any_more()
    {
        await using var shop = await OpenAsync(Engine.Sqlite);
        await shop.ImportTextAsync(ImportsInShop.Header + GiftShop.Line("9000", "X", 1, Day, 2000) + GiftShop.Line("9001", "Z", 1, Day, 2001));
        await FollowAsync(shop);
        (await SpeaksAsync(shop, "X", "Z")).ShouldBe(0, "two people");

        var (one, other) = (await shop.CustomerAsync(2000), await shop.CustomerAsync(2001));
        var merge = await shop.UseAsync<MergeCustomers, MergeCustomers.Answer>(m => m.RunAsync(new(one, other, MergeReason.Other), default));
        await FollowAsync(shop);
        (await SpeaksAsync(shop, "X", "Z")).ShouldBeGreaterThan(0, "one person");
        await shop.UseAsync<UnmergeCustomer>(u => u.RunAsync(new(merge.SubjectId, merge.MergeId), default));
        await FollowAsync(shop);
        (await SpeaksAsync(shop, "X", "Z")).ShouldBe(0, "two people again");
        await shop.UseAsync<MergeCustomers, MergeCustomers.Answer>(m => m.RunAsync(new(one, other, MergeReason.Other), default));
        await FollowAsync(shop);

        await shop.UseAsync<EraseCustomer>(erase => erase.RunAsync(new(one, EraseCustomer.Word), default));
        await FollowAsync(shop);
        (await SpeaksAsync(shop, "X", "Z")).ShouldBe(0);
    }

    [Fact]
    public async Task It_reads_on_over_many_batches_and_learns_nobody_from_what_an_unknown_person_sent_back()
    {
        await using var shop = await OpenAsync(Engine.Sqlite, s => s.AddSingleton(new LogOptions { Batch = 5 }));
        await shop.ImportTextAsync(ImportsInShop.Header + string.Concat(Enumerable.Range(0, 30).Select(i => GiftShop.Line($"{9000 + i}", i < 20 ? $"F{i % GiftShop.Fillers}" : "X", 1, Day, 1000 + 3 * (i % 20)))));
        await FollowAsync(shop);
        (await SpeaksAsync(shop, "A0", "X")).ShouldBeGreaterThan(0);

        var (subject, order) = (await shop.Database.ReadAsync(s => s.QueryAsync("select subject_id, order_id from commerce_orders where number = '7000'", null, r => (r.Guid(0), r.Guid(1)), default), default)).Single();
        await shop.TellAsync([new ItemsReturned(subject, Day, order, Id.New(), "7000", "GBP", 0, "", [])]);
        await FollowAsync(shop);
        (await SpeaksAsync(shop, "X", "Y")).ShouldBe(0);
    }

    [Fact]
    public async Task An_import_that_was_undone_and_what_takes_too_long_wait_for_the_next_training_and_so_does_a_model_from_a_file()
    {
        await using var shop = await OpenAsync(Engine.Sqlite, s => s.AddSingleton(Patient with { LivePatience = TimeSpan.Zero }));
        await shop.TellAsync([new ImportUndone(Id.New(), Day)]);
        await FollowAsync(shop);
        shop.Get<ModelStore>().Current!.Live!.GaveUp.ShouldBeTrue();

        await shop.TrainAsync();
        await shop.ImportTextAsync(ImportsInShop.Header + string.Concat(Enumerable.Range(0, 10).Select(i => GiftShop.Line($"{9000 + i}", "X", 1, Day, 1000 + 3 * i))));
        await FollowAsync(shop);
        shop.Get<ModelStore>().Current!.Live!.GaveUp.ShouldBeTrue();
        (await SpeaksAsync(shop, "A0", "X")).ShouldBe(0);

        shop.Get<ModelStore>().Load();
        shop.Get<ModelStore>().Current!.Live.ShouldBeNull();
        await FollowAsync(shop);
    }

    private static async Task<TestShop> OpenAsync(Engine engine, Action<IServiceCollection>? configure = null)
    {
        var shop = await GiftShop.OpenAsync(engine, configure: s =>
        {
            s.AddSingleton(Patient);
            configure?.Invoke(s);
        });
        await shop.TrainAsync();
        return shop;
    }

    private static Task FollowAsync(TestShop shop) => shop.UseAsync<FollowOrders>(f => f.RunAsync(default));

    private static async Task<double> SpeaksAsync(TestShop shop, string owned, string recommended)
    {
        var model = shop.Get<ModelStore>().Current!;
        var (from, to) = (model.ItemOf(await shop.ProductAsync(owned))!.Value, model.ItemOf(await shop.ProductAsync(recommended))!.Value);
        return model.Recommender.ForYou.Weights.RowOf(from)[to];
    }
}
