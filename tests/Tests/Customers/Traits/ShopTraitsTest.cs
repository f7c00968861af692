using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Events;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Schema;
using Wellmet.Customers.Traits;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Science.Statistics;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Rules;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Customers.Traits;

/// <summary>The shop's own traits, from what is sent to what segments find, on a whole shop.</summary>
public sealed class ShopTraitsTest
{
    private static readonly DateTimeOffset Day = CustomersInShop.Day;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_is_not_personal_is_asked_by_segments_from_when_it_is_declared_until_it_is_taken_back(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await SayAsync(shop, "ann", 1, new { loyaltyTier = "gold", birthday = "1984-02-29", points = "12.50" });
        await SayAsync(shop, "bob", 1, new { loyaltyTier = "silver" });
        await DefineAsync(shop, "loyalty_tier", telling: TraitTelling.Clear);
        await DefineAsync(shop, "birthday", TraitType.Date, TraitTelling.MonthAndDay);
        var segment = await SegmentAsync(shop, """{"all":[{"trait":"loyalty_tier","exists":true},{"trait":"birthday","exists":true},{"trait":"points","exists":true}]}""");

        await ToldAsync(shop);
        var (ann, bob) = (await SubjectAsync(shop, "ann"), await SubjectAsync(shop, "bob"));
        (await FoundAsync(shop, segment, ann)).ShouldBe(["gold", "--02-29", null]);
        (await FoundAsync(shop, segment, bob)).ShouldBe(["silver", null, null]);

        // A number is told as one, live, and what was said before the rule changed by the new rule.
        await DefineAsync(shop, "points", TraitType.Number, TraitTelling.Clear, TraitRule.Highest);
        await SayAsync(shop, "ann", 2, new { points = 7, loyaltyTier = "bronze" });
        await ToldAsync(shop);
        (await FoundAsync(shop, segment, ann)).ShouldBe(["bronze", "--02-29", "12.5"]);
        await DefineAsync(shop, "loyalty_tier", telling: TraitTelling.Clear, rule: TraitRule.First);
        await ToldAsync(shop);
        (await FoundAsync(shop, segment, ann)).ShouldBe(["gold", "--02-29", "12.5"]);

        // Personal again, or archived: nothing of it is left in clear, not in the log either.
        await DefineAsync(shop, "loyalty_tier");
        await shop.UseAsync<DefineTrait>(d => d.ArchiveAsync("birthday", true, default));
        await ToldAsync(shop);
        (await FoundAsync(shop, segment, ann)).ShouldBe([null, null, "12.5"]);
        (await shop.EventsAsync<ShopTraitsTold>()).SelectMany(e => e.Traits).Select(t => t.Name).Distinct().ShouldBe(["points"]);
        (await TraitsAsync(shop, ann)).Single(t => t.Definition.Name == "loyalty_tier").Now!.Value.ShouldBe("bronze");

        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(ann, "ERASE"), default));
        (await shop.EventsAsync<ShopTraitsTold>()).ShouldBeEmpty();
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from customers_trait_history where subject_id = @ann", new { ann }), default)).ShouldBe(0);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Whatever_the_order_and_the_source_customer_and_segment_agree_over_merges(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        foreach (var rule in Enum.GetValues<TraitRule>())
        {
            await DefineAsync(shop, "t_" + EnumText.Of(rule), TraitType.Number, TraitTelling.Clear, rule);
        }
        var random = new SeededRandom(7);
        var people = (await shop.SeeAsync([.. new[] { "ann", "bob", "cem" }.Select(CollectionInShop.External)])).Select(p => p.SubjectId).ToList();
        var rules = string.Join(',', Enum.GetValues<TraitRule>().Select(r => $$"""{"trait":"t_{{EnumText.Of(r)}}","exists":true}"""));
        var segment = await SegmentAsync(shop, $$"""{"all":[{{rules}}]}""");
        var said = new List<TraitRun>();
        for (var step = 0; step < 24; step++)
        {
            await StepAsync(shop, random, people, said, step);
        }
        await ToldAsync(shop);

        var compared = 0;
        foreach (var customer in (await shop.UseAsync<ICustomers, IReadOnlyDictionary<Guid, Guid>>(c => c.CustomersOfAsync(people, default))).GroupBy(c => c.Value, c => c.Key))
        {
            var found = await FoundAsync(shop, segment, customer.Key);
            var shown = (await TraitsAsync(shop, customer.Key)).ToDictionary(t => t.Definition.Name);
            foreach (var (rule, inSegment) in Enum.GetValues<TraitRule>().Zip(found))
            {
                var definition = shown["t_" + EnumText.Of(rule)].Definition;
                var wanted = TraitChoice.Of(definition, said.Where(s => s.Name == definition.Name && customer.Contains(s.SubjectId)))?.Value;
                shown[definition.Name].Now?.Value.ShouldBe(wanted, definition.Name);
                inSegment.ShouldBe(wanted, definition.Name);
                compared += wanted is null ? 0 : 1;
            }
        }
        compared.ShouldBeGreaterThan(5);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_trait_that_does_not_fit_is_refused_alone_and_the_reason_is_seen(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await DefineAsync(shop, "points", TraitType.Number);
        await DefineAsync(shop, "tier", sources: [TraitSource.Shop]);

        (await SayAsync(shop, "ann", 1, new { points = "many", tier = "gold", pet = "cat", email = "ann@example.com" })).ShouldHaveSingleItem().Status.ShouldBe(Wellmet.Customers.Collection.CollectionStatus.Accepted);
        await shop.CollectAsync([new { type = "identify", anonymousId = "v1", messageId = "v1", traits = new { tier = "gold", pet = "dog" } }], CollectionInShop.Page);

        var ann = await TraitsAsync(shop, await SubjectAsync(shop, "ann"));
        ann.Where(t => t.Now is not null).Select(t => (t.Definition.Name, t.Now!.Value)).ShouldBe([("email", "ann@example.com"), ("pet", "cat"), ("tier", "gold")]);
        (await ProblemsAsync(shop, 2)).Select(p => (p.Problem, p.Property, p.Refused)).Order().ShouldBe([("trait_not_number", "points", false), ("trait_source_refused", "tier", false)]);
        var list = await shop.UseAsync<ListTraits, ListTraits.Answer>(l => l.RunAsync(default));
        list.Defined.Select(t => (t.Definition.Name, t.Customers)).ShouldBe([("points", 0L), ("tier", 1L)]);
        list.Seen.Select(t => (t.Definition.Name, t.Customers)).ShouldBe([("pet", 2L)]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Staff_go_before_sources_until_they_withdraw_and_files_fill_traits_until_they_are_undone(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await DefineAsync(shop, "loyalty_tier", telling: TraitTelling.Clear);
        await DefineAsync(shop, "last_visit", TraitType.Date);
        var import = await shop.ImportTextAsync("Customer ID,Loyalty Tier,Last visit,shoe size\n17850,gold,2020-05-06,44\n17851,silver,6 May,45\n", "customers-csv");
        var (ann, bob) = (await SubjectAsync(shop, "17850"), await SubjectAsync(shop, "17851"));
        var segment = await SegmentAsync(shop, """{"all":[{"trait":"loyalty_tier","exists":true}]}""");

        await ToldAsync(shop);
        (await TraitsAsync(shop, ann)).Select(t => (t.Definition.Name, t.Now?.Value, t.Now?.Source)).ShouldBe([("last_visit", "2020-05-06", TraitSource.Import), ("loyalty_tier", "gold", TraitSource.Import)]);
        (await TraitsAsync(shop, bob)).Select(t => (t.Definition.Name, t.Now?.Value)).ShouldBe([("loyalty_tier", "silver"), ("last_visit", null)]);
        (await FoundAsync(shop, segment, ann)).ShouldBe(["gold"]);

        await shop.UseAsync<EditTrait>(e => e.RunAsync(ann, "loyalty_tier", " platinum ", default));
        await SayAsync(shop, "17850", 600_000, new { loyalty_tier = "bronze" });
        await ToldAsync(shop);
        (await FoundAsync(shop, segment, ann)).ShouldBe(["platinum"]);
        (await TraitsAsync(shop, ann)).Single(t => t.Definition.Name == "loyalty_tier").History.Select(h => h.Source).Order().ShouldBe([TraitSource.Shop, TraitSource.Import, TraitSource.Staff]);
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<EditTrait>(e => e.RunAsync(ann, "last_visit", "soon", default)))).Code.ShouldBe("trait_not_date");
        (await shop.UseAsync<ExportCustomer, IReadOnlyList<Wellmet.Platform.Vault.PersonalRecord>>(e => e.RunAsync(ann, default)))
            .Where(r => r.Kind == "trait" && r.Fields["name"] == "loyalty_tier").Select(r => (r.Fields["said_by"], r.Fields["value"])).Order().ShouldBe([("import", "\"gold\""), ("shop", "\"bronze\""), ("staff", "\"platinum\"")]);

        await shop.UseAsync<EditTrait>(e => e.WithdrawAsync(ann, "loyalty_tier", default));
        await shop.UndoImportAsync(import.ImportId);
        await ToldAsync(shop);
        (await FoundAsync(shop, segment, ann)).ShouldBe(["bronze"]);
        (await TraitsAsync(shop, ann)).Single(t => t.Definition.Name == "loyalty_tier").History.ShouldHaveSingleItem().Source.ShouldBe(TraitSource.Shop);
    }

    [Fact]
    public async Task Only_who_may_defines_and_what_makes_no_sense_is_refused()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite);
        var reader = new Actor(null, "reader", Role.Analyst, p => p == CustomersPermissions.Read);
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<DefineTrait>(d => d.RunAsync(Definition("tier"), default), reader));
        async Task<string> RefusalAsync(TraitDefinition wanted) => (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<DefineTrait>(d => d.RunAsync(wanted, default)))).Code;
        (await RefusalAsync(Definition("Tier"))).ShouldBe("trait_name_invalid");
        (await RefusalAsync(Definition("email"))).ShouldBe("trait_name_taken");
        (await RefusalAsync(Definition("tier", telling: TraitTelling.MonthAndDay))).ShouldBe("trait_telling_invalid");
        (await RefusalAsync(Definition("tier", rule: TraitRule.Highest))).ShouldBe("trait_rule_invalid");
        (await RefusalAsync(Definition("tier", sources: []))).ShouldBe("trait_sources_missing");

        await DefineAsync(shop, "secret");
        await SayAsync(shop, "ann", 1, new { secret = "deep" });
        var masked = await shop.UseAsync<ReadTraits, IReadOnlyList<CustomerTrait>>(async r => await r.RunAsync(await SubjectAsync(shop, "ann"), default), reader);
        masked.ShouldHaveSingleItem().Now!.ShouldSatisfyAllConditions(n => n.Value.ShouldBeNull(), n => n.Hidden.ShouldBeTrue());
    }

    private static async Task StepAsync(TestShop shop, SeededRandom random, List<Guid> people, List<TraitRun> said, int step)
    {
        var who = random.Next(people.Count);
        var traits = Enum.GetValues<TraitRule>().Where(_ => random.Next(2) == 0).ToDictionary(r => "t_" + EnumText.Of(r), _ => random.Next(10));
        var at = Day.AddMinutes(random.Next(100_000));
        switch (random.Next(5))
        {
            case 0:
                var import = Id.New();
                await shop.UseAsync<IShopTraits>(async t =>
                {
                    var allowed = new List<ImportedTrait>();
                    foreach (var (name, value) in traits)
                    {
                        if (await t.ProblemAsync(name, value.ToString(System.Globalization.CultureInfo.InvariantCulture), default) is null)
                        {
                            allowed.Add(new(people[who], name, value.ToString(System.Globalization.CultureInfo.InvariantCulture), 2));
                        }
                    }
                    var prepared = await t.PrepareAsync(import, allowed, at, default);
                    await shop.Database.WriteAsync(tx => prepared.WriteAsync(tx, default), default);
                });
                Note(TraitSource.Import, import, at);
                break;
            case 1:
                await MoveAsync(shop, random, people);
                break;
            case 2 when step % 3 == 0:
                var customer = (await shop.UseAsync<ICustomers, IReadOnlyDictionary<Guid, Guid>>(c => c.CustomersOfAsync([people[who]], default)))[people[who]];
                foreach (var (name, value) in traits.Take(2))
                {
                    await shop.UseAsync<EditTrait>(e => e.RunAsync(customer, name, value.ToString(System.Globalization.CultureInfo.InvariantCulture), default));
                    said.Add(TraitRun.Of(customer, name, TraitSource.Staff, Guid.Empty, Guid.Empty, new SaidAt(TimeProvider.System.GetUtcNow(), [1]), value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
                }
                break;
            default:
                await shop.CollectAsync([new { type = "identify", userId = new[] { "ann", "bob", "cem" }[who], messageId = $"m{step}", timestamp = at, traits }]);
                Note(TraitSource.Shop, Guid.Empty, at);
                break;
        }

        void Note(TraitSource source, Guid import, DateTimeOffset when) => said.AddRange(traits.Select(t => TraitRun.Of(people[who], t.Key, source, Guid.Empty, import, new SaidAt(when, [0]), t.Value.ToString(System.Globalization.CultureInfo.InvariantCulture))));
    }

    private static async Task MoveAsync(TestShop shop, SeededRandom random, List<Guid> people)
    {
        var merges = await shop.Database.ReadAsync(s => s.QueryAsync("select subject_id, merge_id from customers_merges", null, r => new UnmergeCustomer.Request(r.Guid(0), r.Guid(1)), default), default);
        if (merges.Count > 0 && random.Next(3) == 0)
        {
            await shop.UseAsync<UnmergeCustomer>(u => u.RunAsync(merges[random.Next(merges.Count)], default));
            return;
        }
        try
        {
            await shop.UseAsync<MergeCustomers>(m => m.RunAsync(new(people[random.Next(3)], people[random.Next(3)], MergeReason.CustomerSaidSo), default));
        }
        catch (ProblemException e) when (e.Code == "customer_same")
        {
        }
    }

    private static TraitDefinition Definition(string name, TraitType type = TraitType.Text, TraitTelling telling = TraitTelling.Sealed, TraitRule rule = TraitRule.Trusted, IReadOnlyCollection<TraitSource>? sources = null) =>
        new(name, name, type, telling, sources?.ToHashSet() ?? TraitDefinition.Everybody, rule);

    private static Task DefineAsync(
        TestShop shop, string name, TraitType type = TraitType.Text, TraitTelling telling = TraitTelling.Sealed, TraitRule rule = TraitRule.Trusted, IReadOnlyCollection<TraitSource>? sources = null) =>
        shop.UseAsync<DefineTrait>(d => d.RunAsync(Definition(name, type, telling, rule, sources), default));

    private static Task<IReadOnlyList<Wellmet.Customers.Collection.EventOutcome>> SayAsync(TestShop shop, string user, int minute, object traits) =>
        shop.CollectAsync([new { type = "identify", userId = user, messageId = $"{user}-{minute}", timestamp = Day.AddMinutes(minute), traits }]);

    private static async Task<Guid> SubjectAsync(TestShop shop, string user) =>
        (await shop.UseAsync<ICustomers, IReadOnlyList<ResolvedPerson>>(c => c.ResolveAsync([CollectionInShop.External(user)], null, default)))[0].SubjectId;

    /// <summary>The worker that writes problems down may have taken some and not written them yet.</summary>
    private static async Task<IReadOnlyList<EventProblemItem>> ProblemsAsync(TestShop shop, int wanted)
    {
        for (var i = 0; ; i++)
        {
            await shop.Get<EventProblems>().FlushAsync(default);
            var found = await shop.UseAsync<ListEventProblems, IReadOnlyList<EventProblemItem>>(l => l.RunAsync(default));
            if (found.Count >= wanted || i == 100)
            {
                return found;
            }
            await Task.Delay(20);
        }
    }

    private static Task<IReadOnlyList<CustomerTrait>> TraitsAsync(TestShop shop, Guid customer) => shop.UseAsync<ReadTraits, IReadOnlyList<CustomerTrait>>(r => r.RunAsync(customer, default));

    private static async Task<Guid> SegmentAsync(TestShop shop, string rule) => await shop.UseAsync<SaveSegment, Guid>(s => s.RunAsync(null, new SegmentDraft("Asked", "", RuleJson.Read(rule)), default));

    /// <summary>Everything is told, by the definitions as they are, and segments heard it.</summary>
    private static async Task ToldAsync(TestShop shop)
    {
        while (await shop.UseAsync<RetellTraits, bool>(r => r.RunAsync(default)))
        {
        }
        await shop.DrainAsync();
    }

    /// <summary>What a segment finds of each trait that its rule asks.</summary>
    private static async Task<List<string?>> FoundAsync(TestShop shop, Guid segment, Guid customer)
    {
        var why = await shop.UseAsync<ExplainMembership, ExplainedMembership?>(e => e.RunAsync(segment, customer, null, default));
        return [.. Traits(why!.Why).Select(t => t.Value)];

        static IEnumerable<Explanation> Traits(Explanation of) => of.Rule is Trait { Name: not "anonymous" } ? [of] : of.Children.SelectMany(Traits);
    }
}
