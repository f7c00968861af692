using FsCheck;
using FsCheck.Fluent;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Customers;

/// <summary>Merging and un-merging only edit links, and un-merging gives back exactly what was.</summary>
public sealed class MergeTest
{
    private const int People = 7;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Links_are_always_what_the_merges_in_force_say_and_taking_all_back_leaves_what_was(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var subjects = (await shop.SeeAsync([.. Enumerable.Range(0, People).Select(i => PeopleTest.External($"{i}"))])).Select(p => p.SubjectId).ToArray();
        var before = await StateAsync(shop);

        var person = Gen.Choose(0, People - 1);
        var steps = (from a in person from b in person from act in Gen.Choose(0, 2) select (a, b, act)).ListOf();
        Prop.ForAll(steps.ToArbitrary(), script => PlayAsync(shop, subjects, before, [.. script]).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithEndSize(25));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Merges_at_the_same_time_never_make_a_circle(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var subjects = (await shop.SeeAsync([.. Enumerable.Range(0, 4).Select(i => PeopleTest.External($"{i}"))])).Select(p => p.SubjectId).ToArray();

        var pairs = from a in subjects from b in subjects where a != b select (a, b);
        await Task.WhenAll(pairs.Select(async p =>
        {
            try
            {
                await MergeAsync(shop, p.a, p.b);
            }
            catch (ProblemException e) when (e.Code == "customer_same")
            {
            }
        }));

        (await shop.CountAsync("customers_merges")).ShouldBe(3);
        (await shop.CountAsync("customers_summaries")).ShouldBe(1);
        var customers = await shop.UseAsync<ICustomers, IReadOnlyDictionary<Guid, Guid>>(c => c.CustomersOfAsync(subjects, default));
        customers.Values.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Whoever_finds_a_customer_merged_in_between_lets_go_before_it_waits_for_the_one_that_stayed()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Postgres, workers: false);
        var subjects = (await shop.SeeAsync([.. Enumerable.Range(0, 3).Select(i => PeopleTest.External($"{i}"))])).Select(p => p.SubjectId).Order().ToArray();
        var (kept, other, merged) = (subjects[0], subjects[1], subjects[2]);
        TaskCompletionSource isMerged = new(), commit = new();
        int first = 0, second = 0;
        var merge = shop.Database.WriteAsync(async tx =>
        {
            await CustomerLinks.LockAsync(tx, [kept, merged], default);
            await CustomerTree.RelinkAsync(tx, merged, kept, default);
            isMerged.SetResult();
            await commit.Task;
        }, default);
        await isMerged.Task;

        var waiting = Task.WhenAll(
            shop.Database.WriteAsync(tx => { first++; return CustomerLinks.LockAsync(tx, [kept, other], default); }, default),
            shop.Database.WriteAsync(tx => { second++; return CustomerLinks.LockAsync(tx, [merged, other], default); }, default));
        while (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"), default) < 2)
        {
            await Task.Delay(20);
        }
        commit.SetResult();
        await Task.WhenAll(merge, waiting);

        // A deadlock would have made one of them run again.
        (first, second).ShouldBe((1, 1));
        (await waiting)[1].ShouldBe([kept, other], ignoreOrder: true);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_merged_customer_has_all_subjects_and_one_name_and_every_step_is_logged(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var seen = await shop.SeeAsync([PeopleTest.External("1", new PersonDetails("Ann")), PeopleTest.Email("ann@example.com")]);
        Guid ann = seen[0].SubjectId, address = seen[1].SubjectId;

        var merge = await MergeAsync(shop, ann, address);
        (await shop.LabelAsync(address)).ShouldBe("Ann");
        (await shop.UseAsync<ICustomers, IReadOnlyList<Guid>>(c => c.SubjectsOfAsync(ann, default))).ShouldBe([ann, address], ignoreOrder: true);
        await shop.UseAsync<UnmergeCustomer>(u => u.RunAsync(new(address, merge), default));

        (await shop.LabelAsync(address)).ShouldBe("ann@example.com");
        (await shop.CountAsync("customers_merge_log")).ShouldBe(2);
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<UnmergeCustomer>(u => u.RunAsync(new(address, merge), default)))).Code.ShouldBe("merge_unknown");
        (await Should.ThrowAsync<ProblemException>(() => MergeAsync(shop, ann, Id.New()))).Code.ShouldBe("customer_unknown");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Undo_of_an_import_ends_the_merges_with_its_people(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var import = Id.New();
        var own = (await shop.SeeAsync([PeopleTest.External("1"), PeopleTest.External("2")])).Select(p => p.SubjectId).ToArray();
        var imported = (await shop.SeeAsync([PeopleTest.External("3")], import)).Single().SubjectId;
        var before = await StateAsync(shop, except: imported);
        await MergeAsync(shop, imported, own[0]);
        await MergeAsync(shop, own[1], imported);

        await shop.UndoAsync(import);

        (await StateAsync(shop)).ShouldBe(before);
    }

    internal static Task<Guid> MergeAsync(TestShop shop, Guid kept, Guid merged) =>
        shop.UseAsync<MergeCustomers, Guid>(async m => (await m.RunAsync(new(kept, merged, MergeReason.SameEmail), default)).MergeId);

    /// <summary>Plays merges (0, 1) and un-merges (2) of any order, against a model of sets; then takes everything back.</summary>
    private static async Task<bool> PlayAsync(TestShop shop, Guid[] subjects, string before, (int A, int B, int Act)[] script)
    {
        var merges = new List<(Guid Merged, Guid Kept, Guid Merge)>();
        foreach (var (a, b, act) in script)
        {
            if (act < 2 && Find(merges, subjects[a]) is var kept && Find(merges, subjects[b]) is var merged && kept != merged)
            {
                merges.Add((merged, kept, await MergeAsync(shop, subjects[a], subjects[b])));
            }
            else if (act == 2 && merges.Count > 0)
            {
                await UnmergeAsync(shop, merges, merges[(a * People + b) % merges.Count]);
            }
            var customers = await shop.UseAsync<ICustomers, IReadOnlyDictionary<Guid, Guid>>(c => c.CustomersOfAsync(subjects, default));
            subjects.ShouldAllBe(s => customers[s] == Find(merges, s));
        }
        while (merges.Count > 0)
        {
            await UnmergeAsync(shop, merges, merges[script.Length % merges.Count]);
        }
        return await StateAsync(shop) == before;
    }

    private static async Task UnmergeAsync(TestShop shop, List<(Guid Merged, Guid Kept, Guid Merge)> merges, (Guid Merged, Guid Kept, Guid Merge) which)
    {
        await shop.UseAsync<UnmergeCustomer>(u => u.RunAsync(new(which.Merged, which.Merge), default));
        merges.Remove(which);
    }

    private static Guid Find(List<(Guid Merged, Guid Kept, Guid Merge)> merges, Guid subject)
    {
        while (merges.Find(m => m.Merged == subject) is { Merge: var merge } found && merge != Guid.Empty)
        {
            subject = found.Kept;
        }
        return subject;
    }

    /// <summary>Links, merges and summaries as text.</summary>
    private static Task<string> StateAsync(TestShop shop, Guid? except = null) => shop.Database.ReadAsync(async s =>
    {
        var links = await s.QueryAsync("select subject_id, customer_id from customers_links order by 1", null, r => (Subject: r.Guid(0), Customer: r.Guid(1)), default);
        var rows = await s.QueryAsync("select subject_id, orders, recency from customers_summaries order by 1", null, r => (Subject: r.Guid(0), r.Long(1), r.Long(2)), default);
        var merges = await s.CountAsync("select count(*) from customers_merges");
        return string.Join('\n', links.Where(l => l.Subject != except).Select(l => l.ToString()).Concat(rows.Where(r => r.Subject != except).Select(r => r.ToString()))) + merges;
    }, default);
}
