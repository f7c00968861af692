using Wellmet.Customers.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Imports;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Lists;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Segments;

/// <summary>Lists: who was put on them is on them, by whichever way, until taken off; and segments joined to others.</summary>
public sealed class ListsTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Whoever_is_put_on_a_list_is_on_it_at_once_and_until_taken_off(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var (ann, bob) = await TwoAsync(shop);
        var list = await ListAsync(shop, "Guests");
        var segment = await MembershipTest.SaveAsync(shop, "Not guests", RuleJson.Write(new Not(new InSegment(list))));
        (await ChangeAsync(shop, list, true, ann, Id.New())).ShouldSatisfyAllConditions(r => r.Changed.ShouldBe([ann]), r => r.Unknown.Count.ShouldBe(1));
        (await ChangeAsync(shop, list, true, ann)).Changed.ShouldBeEmpty();
        (await MembershipTest.MembersAsync(shop, list)).ShouldBe([ann]);
        (await MembershipTest.MembersAsync(shop, segment)).ShouldBe([bob]);
        var then = TimeProvider.System.GetUtcNow();
        await Task.Delay(5);
        (await ChangeAsync(shop, list, false, ann, bob)).Changed.ShouldBe([ann]);
        (await MembershipTest.MembersAsync(shop, list)).ShouldBeEmpty();
        (await MembershipTest.MembersAsync(shop, segment)).Order().ShouldBe(new[] { ann, bob }.Order());

        var events = await shop.EventsAsync<SegmentEntered>();
        events.Where(e => e.SegmentId == list).ShouldHaveSingleItem().Describe().Text.ShouldBe("Was put on the list {0}");
        (await shop.EventsAsync<SegmentLeft>()).Where(e => e.SegmentId == list).ShouldHaveSingleItem().Why.ShouldBe("list");
        (await MembershipTest.ExplainAsync(shop, list, ann)).ShouldSatisfyAllConditions(w => w.Why.Holds.ShouldBeFalse(), w => w.Why.Word!.On.ShouldBeFalse());
        var why = await MembershipTest.ExplainAsync(shop, list, ann, then);
        (why.Why.Holds, why.Recorded, why.Why.Word!.Source, why.Why.Word.By).ShouldBe((true, true, "hand", "system"));
        (await MembershipTest.ExplainAsync(shop, list, bob, then)).Why.Word.ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Mergers_join_lists_their_end_parts_them_and_an_erasure_forgets(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var (ann, bob) = await TwoAsync(shop);
        var (list, other) = (await ListAsync(shop, "Guests"), await ListAsync(shop, "Others"));
        await ChangeAsync(shop, list, true, ann);
        await ChangeAsync(shop, other, true, ann, bob);
        await shop.UseAsync<MergeCustomers>(m => m.RunAsync(new(bob, ann, MergeReason.CustomerSaidSo), default));
        await shop.DrainAsync();
        (await MembershipTest.MembersAsync(shop, list)).ShouldBe([bob]);
        // Taken off as one customer, neither comes back.
        await ChangeAsync(shop, other, false, bob);
        var merge = await shop.Database.ReadAsync(s => s.FirstAsync("select merge_id from customers_merges", null, r => r.Guid(0), default), default);
        await shop.UseAsync<UnmergeCustomer>(u => u.RunAsync(new(ann, merge), default));
        await shop.DrainAsync();
        (await MembershipTest.MembersAsync(shop, list)).ShouldBe([ann]);
        (await MembershipTest.MembersAsync(shop, other)).ShouldBeEmpty();

        await shop.UseAsync<CopySegment>(c => c.RunAsync(list, "Copy that waits", "", default));
        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(ann, EraseCustomer.Word), default));
        await shop.DrainAsync();
        await shop.UseAsync<FillLists>(f => f.RunAsync(default));
        foreach (var table in new[] { "segments_members", "segments_waiting", "segments_stays", "segments_histories" })
        {
            (await shop.Database.ReadAsync(s => s.CountAsync($"select count(*) from {table} where subject_id = @ann", new { ann }, default), default)).ShouldBe(0, table);
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_copy_keeps_those_who_belonged_and_a_list_is_no_segment_by_rule(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var (ann, bob) = await TwoAsync(shop);
        var segment = await MembershipTest.SaveAsync(shop, "Everybody", """{"all":[]}""");
        var list = await shop.UseAsync<CopySegment, Guid>(c => c.RunAsync(segment, "As they were", "", default));
        await shop.UseAsync<SaveSegment>(s => s.RunAsync(segment, new SegmentDraft("Nobody", "", new AnyOf([new Not(new AllOf([]))])), default));
        await FilledAsync(shop);
        (await MembershipTest.MembersAsync(shop, list)).Order().ShouldBe(new[] { ann, bob }.Order());
        (await MembershipTest.ExplainAsync(shop, list, ann)).Why.Word!.Source.ShouldBe("copy:" + segment);
        // Told as the past: nothing is set off.
        (await shop.Database.ReadAsync(s => s.QueryAsync("select live from log_events where type = 'segments.entered'", null, r => r.Bool(0), default), default)).ShouldBe([false, false]);

        (await RefusedAsync(() => shop.UseAsync<SaveSegment>(s => s.RunAsync(list, new SegmentDraft("As they were", "", new AllOf([])), default)))).ShouldBe("segment_kind_fixed");
        (await RefusedAsync(() => shop.UseAsync<SaveSegment>(s => s.RunAsync(null, new SegmentDraft("Sly", "", new Listed(list)), default)))).ShouldBe("rule_invalid");
        (await RefusedAsync(() => ChangeAsync(shop, segment, true, ann))).ShouldBe("list_missing");
        await shop.UseAsync<SaveSegment>(s => s.RunAsync(list, SegmentDraft.List("As they stood", "Renamed"), default));
        (await MembershipTest.MembersAsync(shop, list)).Count.ShouldBe(2);

        await shop.UseAsync<ArchiveSegment>(a => a.RunAsync(list, archived: true, default));
        (await RefusedAsync(() => ChangeAsync(shop, list, false, ann))).ShouldBe("list_archived");
        await shop.UseAsync<ArchiveSegment>(a => a.RunAsync(list, archived: false, default));
        await MembershipTest.FilledAsync(shop.Database);
        (await MembershipTest.MembersAsync(shop, list)).Count.ShouldBe(2);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_file_puts_those_whom_it_names_on_a_list_and_is_taken_back(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.ImportTextAsync("Customer ID,Email,Phone\nann,ann@shop.example,\nbob,Bob@Shop.example,+49 30 1234567\ncid,same@shop.example,\ndan,same@shop.example,\n", "customers-csv");
        var people = (await shop.SeeAsync([.. new[] { "ann", "bob", "cid" }.Select(CollectionInShop.External)])).Select(p => p.SubjectId).ToList();
        await shop.DrainAsync();
        var list = await ListAsync(shop, "Guests");
        await ChangeAsync(shop, list, true, people[0]);
        var before = await shop.CountAsync("customers_subjects");
        var import = await shop.ImportTextAsync($"Note,E-mail\n1,ann\n2,bob@shop.example\n3,BOB@shop.EXAMPLE\n4,{people[2]}\n5,same@shop.example\n6,nobody@shop.example\n7,\n8,0049301234567\n", "list-csv:" + list);
        import.State.ShouldBe(ImportState.Completed);
        (await shop.ReportAsync(import.ImportId)).Remarks.Select(r => (r.Reason, r.Lines)).ShouldBe([("person_unknown", 2), ("person_ambiguous", 1), ("person_missing", 1)], ignoreOrder: true);
        (import.Count("listed"), import.Count("rejected")).ShouldBe((4, 4));
        (await MembershipTest.MembersAsync(shop, list)).Order().ShouldBe(people.Order());
        (await shop.CountAsync("customers_subjects")).ShouldBe(before);
        (await MembershipTest.ExplainAsync(shop, list, people[1])).Why.Word!.Source.ShouldBe("import:" + import.ImportId);

        await shop.UndoImportAsync(import.ImportId);
        await shop.DrainAsync();
        await shop.UseAsync<ForgetImports>(f => f.RunAsync(default));
        // Ann was on it before the file came.
        (await MembershipTest.MembersAsync(shop, list)).ShouldBe([people[0]]);

        (await RefusedAsync(() => shop.ImportTextAsync("E-mail\nann@shop.example\n", "list-csv:" + Id.New()))).ShouldBe("list_missing");
        (await RefusedAsync(() => shop.ImportTextAsync("E-mail\nann@shop.example\n", "list-csv"))).ShouldBe("layout_unknown");
        var agent = new Actor(Id.New(), "agent", null, p => p != SegmentsPermissions.Edit);
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ImportTargets>(t => t.Named("list-csv:" + list).DemandThingAsync(list.ToString(), default), agent));
    }

    /// <summary>A word of one's own outlasts the import and the merger by which one was on the list before.</summary>
    [Fact]
    public async Task Whoever_is_put_on_by_hand_stays_when_an_import_is_undone_or_a_merger_ends()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        var (ann, bob) = await TwoAsync(shop);
        var (list, other) = (await ListAsync(shop, "Guests"), await ListAsync(shop, "Others"));
        var import = await shop.ImportTextAsync("Customer ID\nann\n", "list-csv:" + list);
        (await ChangeAsync(shop, list, true, ann)).Changed.ShouldBeEmpty();
        await shop.UndoImportAsync(import.ImportId);
        await shop.DrainAsync();
        await shop.UseAsync<ForgetImports>(f => f.RunAsync(default));
        (await MembershipTest.MembersAsync(shop, list)).ShouldBe([ann]);

        await ChangeAsync(shop, other, true, ann);
        await shop.UseAsync<MergeCustomers>(m => m.RunAsync(new(bob, ann, MergeReason.CustomerSaidSo), default));
        await shop.DrainAsync();
        (await ChangeAsync(shop, other, true, bob)).Changed.ShouldBeEmpty();
        var merge = await shop.Database.ReadAsync(s => s.FirstAsync("select merge_id from customers_merges", null, r => r.Guid(0), default), default);
        await shop.UseAsync<UnmergeCustomer>(u => u.RunAsync(new(ann, merge), default));
        await shop.DrainAsync();
        (await MembershipTest.MembersAsync(shop, other)).Order().ShouldBe(new[] { ann, bob }.Order());
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Segments_are_joined_and_one_that_is_named_is_not_archived_by_accident(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var people = (await shop.SeeAsync([.. Enumerable.Range(0, 6).Select(i => CollectionInShop.External($"p{i}"))])).Select(p => p.SubjectId).ToList();
        await shop.DrainAsync();
        var (a, b) = (await ListAsync(shop, "A"), await ListAsync(shop, "B"));
        await ChangeAsync(shop, a, true, [.. people[..4]]);
        await ChangeAsync(shop, b, true, [.. people[3..]]);
        var overlap = await shop.UseAsync<CombineSegments, Overlap>(c => c.RunAsync([a, b], default));
        overlap.Regions.OrderBy(r => r.Of).ShouldBe([new Region(1, 3), new Region(2, 2), new Region(3, 1)]);
        foreach (var (operation, expected) in new[] { (SetOperation.Union, people), (SetOperation.Intersection, people[3..4]), (SetOperation.Difference, people[..3]) })
        {
            overlap.SizeOf(operation).ShouldBe(expected.Count);
            var joined = await shop.UseAsync<CombineSegments, Guid>(c => c.SaveAsync([a, b], operation, operation.ToString(), "", default));
            await MembershipTest.FilledAsync(shop.Database);
            (await MembershipTest.MembersAsync(shop, joined)).Order().ShouldBe(expected.Order(), operation.ToString());
        }
        (await RefusedAsync(() => shop.UseAsync<CombineSegments>(c => c.RunAsync([a, a], default)))).ShouldBe("segments_to_combine");

        (await RefusedAsync(() => shop.UseAsync<ArchiveSegment>(x => x.RunAsync(a, archived: true, default)))).ShouldBe("segment_named");
        (await MembershipTest.MembersAsync(shop, a)).Count.ShouldBe(4);
        await shop.UseAsync<ArchiveSegment>(x => x.RunAsync(a, archived: true, default, evenNamed: true));
        await MembershipTest.FilledAsync(shop.Database);
        var rows = await shop.UseAsync<ListSegments, IReadOnlyList<SegmentRow>>(l => l.RunAsync(archived: false, default));
        rows.ShouldContain(s => s.Name == "Union" && s.Size == 3);

        // What is archived or never was is not named anew; who named it before may stay.
        var union = rows.Single(s => s.Name == "Union");
        await shop.UseAsync<SaveSegment>(s => s.RunAsync(union.SegmentId, new SegmentDraft("Union, changed", "", new AnyOf([new InSegment(a), new InSegment(b)])), default));
        foreach (var bad in new Rule[] { new InSegment(a), new Not(new InSegment(Id.New())), new ComputedTrait(Id.New(), new Test(TestOperator.Exists, [])) })
        {
            (await RefusedAsync(() => shop.UseAsync<SaveSegment>(s => s.RunAsync(null, new SegmentDraft("Bad", "", bad), default)))).ShouldBe("rule_names_missing");
        }
    }

    [Fact]
    public async Task The_file_of_a_list_leaves_out_whose_data_may_not_be_handed_out()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        var (ann, bob) = await TwoAsync(shop);
        var list = await ListAsync(shop, "Guests");
        await ChangeAsync(shop, list, true, ann, bob);
        await shop.UseAsync<Wellmet.Privacy.Purposes.ObjectToPurpose>(o => o.RunAsync(new(bob, Wellmet.Platform.Purposes.Purpose.Export), default));
        using var file = new MemoryStream();
        await shop.UseAsync<ListMembers>(m => m.ExportAsync(list, file, default));
        var lines = System.Text.Encoding.UTF8.GetString(file.ToArray()).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("customer_id,entered_at");
        lines[1].ShouldStartWith(ann.ToString());
        lines[2..].ShouldHaveSingleItem().ShouldStartWith("#");
    }

    /// <summary>A segment that names another finds those who are in it: visitors only where that one takes them in.</summary>
    [Fact]
    public async Task Whoever_names_a_segment_means_those_who_are_in_it()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        var visitor = (await shop.SeeAsync([new PersonClaim(IdentityKind.AnonymousId, "visitor-1", new PersonDetails())])).Single().SubjectId;
        await shop.TellAsync([new TraitsTold(visitor, CustomersInShop.Day, 0, new Dictionary<string, string?> { ["anonymous"] = "true", ["country"] = "DE" })]);
        await shop.DrainAsync();
        var known = await MembershipTest.SaveAsync(shop, "Known Germans", """{"trait":"country","is":["DE"]}""");
        var all = await shop.UseAsync<SaveSegment, Guid>(s => s.RunAsync(null, new SegmentDraft("All Germans", "", RuleJson.Read("""{"trait":"country","is":["DE"]}"""), Visitors: true), default));
        var naming = await shop.UseAsync<SaveSegment, Guid>(s => s.RunAsync(null, new SegmentDraft("Naming", "", new InSegment(known), Visitors: true), default));
        await MembershipTest.FilledAsync(shop.Database);
        (await MembershipTest.MembersAsync(shop, all)).ShouldBe([visitor]);
        (await MembershipTest.MembersAsync(shop, known)).ShouldBeEmpty();
        (await MembershipTest.MembersAsync(shop, naming)).ShouldBeEmpty();
    }

    private static async Task<(Guid Ann, Guid Bob)> TwoAsync(TestShop shop)
    {
        var people = await shop.SeeAsync([CollectionInShop.External("ann"), CollectionInShop.External("bob")]);
        await shop.DrainAsync();
        return (people[0].SubjectId, people[1].SubjectId);
    }

    internal static Task<Guid> ListAsync(TestShop shop, string name) => shop.UseAsync<SaveSegment, Guid>(s => s.RunAsync(null, SegmentDraft.List(name, ""), default));

    internal static Task<ChangeList.Result> ChangeAsync(TestShop shop, Guid list, bool on, params Guid[] people) => shop.UseAsync<ChangeList, ChangeList.Result>(c => c.RunAsync(list, people, on, "hand", default));

    internal static async Task FilledAsync(TestShop shop)
    {
        await MembershipTest.FilledAsync(shop.Database);
        await shop.UseAsync<FillLists>(f => f.RunAsync(default));
        for (var i = 0; await shop.CountAsync("segments_waiting") > 0 && i < 200; i++)
        {
            await Task.Delay(20);
        }
    }

    internal static async Task<string> RefusedAsync(Func<Task> act) => (await Should.ThrowAsync<ProblemException>(act)).Code;
}
