using Wellmet.Customers.Timeline;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using static Wellmet.Tests.Customers.CustomersInShop;

namespace Wellmet.Tests.Customers;

/// <summary>Paging through what a customer did.</summary>
public sealed class TimelineTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Pages_have_no_gap_and_no_duplicate_though_many_events_have_the_same_time(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var subjects = (await shop.SeeAsync([.. Enumerable.Range(0, 3).Select(i => PeopleTest.External($"{i}"))])).Select(p => p.SubjectId).ToArray();
        await MergeTest.MergeAsync(shop, subjects[0], subjects[1]);
        await MergeTest.MergeAsync(shop, subjects[2], subjects[0]);
        // 90 orders of three subjects on three days, at three times only.
        await shop.TellAsync([.. Enumerable.Range(0, 90).Select(i => FiguresTest.Order(subjects[i % 3], i / 7 % 3, i, "GBP"))]);

        var all = await ReadAllAsync(shop, subjects[2], kind: null, limit: 200);
        var orders = all.FindAll(l => l.Text.Kind == "order");
        orders.Count.ShouldBe(90);
        all.Count.ShouldBe(90 + 3 + 2, "first seen three times, merged twice");
        all.Select(l => l.At).ShouldBe(all.Select(l => l.At).OrderDescending());

        foreach (var limit in new[] { 1, 7, 31 })
        {
            (await ReadAllAsync(shop, subjects[2], kind: null, limit)).Select(l => (l.SubjectId, l.Seq)).ShouldBe(all.Select(l => (l.SubjectId, l.Seq)));
            (await ReadAllAsync(shop, subjects[2], "order", limit)).Select(l => (l.SubjectId, l.Seq)).ShouldBe(orders.Select(l => (l.SubjectId, l.Seq)));
        }
        (await Should.ThrowAsync<ProblemException>(() => ReadAllAsync(shop, subjects[2], null, 10, "9_9"))).Code.ShouldBe("cursor_unknown");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_rare_kind_is_found_behind_thousands_of_others(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var subject = (await shop.SeeAsync([PeopleTest.External("1")], at: Day.AddYears(-1))).Single().SubjectId;
        await shop.TellAsync([.. Enumerable.Range(0, 2500).Select(i => FiguresTest.Order(subject, i, i, "GBP"))]);

        (await ReadAllAsync(shop, subject, "profile", limit: 30)).ShouldHaveSingleItem().Text.Text.ShouldBe("First seen");
    }

    private static async Task<List<TimelineLine>> ReadAllAsync(TestShop shop, Guid customer, string? kind, int limit, string? after = null)
    {
        var lines = new List<TimelineLine>();
        do
        {
            var page = await shop.UseAsync<ReadTimeline, ReadTimeline.Page>(t => t.RunAsync(new(customer, kind, after, limit), default));
            page.Lines.Count.ShouldBeLessThanOrEqualTo(limit);
            lines.AddRange(page.Lines);
            after = page.Next;
        }
        while (after is not null);
        return lines;
    }
}
