using Wellmet.Customers.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Profiles;
using Wellmet.Platform;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Consents;
using Wellmet.Privacy.Contract;
using Wellmet.Privacy.Purposes;
using Wellmet.Tests.Customers;
using static Wellmet.Tests.Privacy.ConsentsInShop;

namespace Wellmet.Tests.Privacy;

/// <summary>What people say, what the gate makes of it, and what cannot change it.</summary>
public sealed class ConsentTest
{
    private const string Mail = "Anna@Example.com", Other = "anna@work.example";
    private static readonly DataUse Mailing = new(Purpose.Marketing, Channel.Email, "DE");

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_consent_counts_for_its_purpose_channel_and_address_until_it_is_withdrawn(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var anna = await SeeAsync(shop, "1");
        (await shop.MayMailAsync(anna, Mail)).ShouldBe(new PurposeDecision(false, "consent_missing"));

        await shop.SayAsync(Said(anna, ConsentDecision.Given, 1, address: Mail));

        (await shop.MayMailAsync(anna, "anna@example.COM")).ShouldBe(new PurposeDecision(true, "consent"), "however it is written");
        (await shop.MayMailAsync(anna, Other)).Allowed.ShouldBeFalse();
        (await shop.AskAsync(Mailing, anna)).ShouldBe(new PurposeDecision(false, "address_missing"));
        (await shop.AskAsync(Mailing with { Purpose = Purpose.Measurement }, anna, Mail)).ShouldBe(new PurposeDecision(false, "consent_missing"), "may send is not may measure");
        (await shop.AskAsync(Mailing with { Channel = Channel.Sms }, anna, "+49170123456")).Allowed.ShouldBeFalse();

        await shop.SayAsync(Said(anna, ConsentDecision.Withdrawn, 2));
        (await shop.MayMailAsync(anna, Mail)).ShouldBe(new PurposeDecision(false, "withdrawn"));
        await shop.SayAsync(Said(anna, ConsentDecision.Given, 1.5, address: Mail));
        (await shop.MayMailAsync(anna, Mail)).Allowed.ShouldBeFalse("it arrived late, but was said before");
        await shop.SayAsync(Said(anna, ConsentDecision.Given, 2, address: Mail));
        (await shop.MayMailAsync(anna, Mail)).Allowed.ShouldBeFalse("a withdrawal wins at the same time");
        await shop.SayAsync(Said(anna, ConsentDecision.Given, 3, address: Mail));
        (await shop.MayMailAsync(anna, Mail)).Allowed.ShouldBeTrue();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_unsubscribe_is_undone_by_no_merge_and_no_unmerge(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        Guid anna = await SeeAsync(shop, "1"), cookie = await SeeAsync(shop, "2"), ben = await SeeAsync(shop, "3");
        await shop.SayAsync(Said(anna, ConsentDecision.Given, 1, address: Mail), Said(cookie, ConsentDecision.Withdrawn, 2), Said(ben, ConsentDecision.Given, 5, address: Other));

        await MergeTest.MergeAsync(shop, anna, cookie);
        (await shop.MayMailAsync(anna, Mail)).ShouldBe(new PurposeDecision(false, "withdrawn"), "of one subject counts for all");
        await MergeTest.MergeAsync(shop, anna, ben);
        (await shop.MayMailAsync(ben, Other)).Allowed.ShouldBeFalse("merging lowers");
        (await shop.MayMailAsync(anna, Other)).Allowed.ShouldBeFalse();

        // Said by the customer as one: it stays with both when they part.
        var dora = await SeeAsync(shop, "4");
        var dan = await SeeAsync(shop, "5");
        await shop.SayAsync(Said(dora, ConsentDecision.Given, 1, address: "d@example.com"));
        var merge = await MergeTest.MergeAsync(shop, dora, dan);
        await shop.SayAsync(Said(dan, ConsentDecision.Withdrawn, 2));
        await shop.UseAsync<UnmergeCustomer>(u => u.RunAsync(new(dan, merge), default));
        (await shop.MayMailAsync(dora, "d@example.com")).Allowed.ShouldBeFalse();
        (await shop.MayMailAsync(dan, "d@example.com")).Allowed.ShouldBeFalse();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_withdrawal_outlives_the_person_for_the_address(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var anna = (await shop.SeeAsync([PeopleTest.Email(Mail)])).Single().SubjectId;
        await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(anna, Purpose.Marketing), default));
        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(anna, "ERASE"), default));
        await shop.DrainAsync();

        var again = (await shop.SeeAsync([PeopleTest.Email(Mail)], Id.New())).Single().SubjectId;

        again.ShouldNotBe(anna);
        (await shop.MayMailAsync(again, Mail, "US")).ShouldBe(new PurposeDecision(false, "objected"), "where everybody else may be written to until they object");
        (await shop.MayMailAsync(again, Other, "US")).ShouldBe(new PurposeDecision(true, "opt_out"));
        var kept = await shop.UseAsync<ConsentHistory, IReadOnlyList<ConsentRecord>>(h => h.ReadAsync([anna], default));
        (kept.Single().Decision, kept.Single().Proof).ShouldBe((ConsentDecision.Withdrawn, ConsentProof.None));
        (await Should.ThrowAsync<ProblemException>(() => shop.SayAsync(Said(anna, ConsentDecision.Given, 9, address: Mail)))).Code.ShouldBe("customer_unknown");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_erasure_keeps_what_stands_for_every_address_that_was_known(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        Guid anna = (await shop.SeeAsync([PeopleTest.Email(Mail)])).Single().SubjectId, ben = (await shop.SeeAsync([PeopleTest.Email("ben@example.com")])).Single().SubjectId;
        await shop.UseAsync<IConsents>(c => shop.Database.WriteAsync(tx => c.KeepImportedAsync(tx, [new ImportedConsent(anna, false, Day)], Id.New(), default), default));
        await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(ben, Purpose.Marketing), default));
        await shop.UseAsync<WithdrawObjection>(o => o.RunAsync(new(ben, Purpose.Marketing), default));
        // The address became known after the word.
        await shop.UseAsync<EditProfile>(e => e.RunAsync(new(anna, null, Other, null, null, null), default));
        foreach (var person in new[] { anna, ben })
        {
            await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(person, "ERASE"), default));
        }
        await shop.DrainAsync();

        var again = await SeeAsync(shop, "again");

        (await shop.MayMailAsync(again, Mail, "US")).ShouldBe(new PurposeDecision(false, "objected"));
        (await shop.MayMailAsync(again, Other, "US")).ShouldBe(new PurposeDecision(false, "objected"));
        (await shop.MayMailAsync(again, "third@example.com", "US")).Allowed.ShouldBeTrue();
        (await shop.AskAsync(new DataUse(Purpose.Measurement, Channel.Email, "US"), again, Mail)).Allowed.ShouldBeTrue("nothing was said about it");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Nobody_finds_an_erased_person_again_by_the_address(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        Guid anna = (await shop.SeeAsync([PeopleTest.Email(Mail)])).Single().SubjectId, ben = (await shop.SeeAsync([PeopleTest.Email(Other)])).Single().SubjectId;
        await shop.SayAsync(Said(anna, ConsentDecision.Given, 1, address: Mail), Said(anna, ConsentDecision.Withdrawn, 2, address: Mail), Said(ben, ConsentDecision.Given, 1, address: Other));
        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(anna, "ERASE"), default));
        await shop.DrainAsync();

        (await NamedAsync()).ShouldBe([ben]);
        (await shop.MayMailAsync(ben, Other)).Allowed.ShouldBeTrue();
        (await shop.MayMailAsync(ben, Mail, "US")).Allowed.ShouldBeFalse("the address stays closed");
        foreach (var change in new[] { "address_token = null", "decision = 'given'", "address_token = null, decision = 'given' where subject_id <> @ben" })
        {
            var refused = await Should.ThrowAsync<System.Data.Common.DbException>(() => shop.Database.WriteAsync(tx => tx.ExecuteAsync($"update privacy_consents set {change}", new { ben }), default));
            refused.Message.ShouldContain("consents only grow");
        }

        Task<List<Guid>> NamedAsync() => shop.Database.ReadAsync(s => s.QueryAsync("select subject_id from privacy_consents where address_token is not null", null, r => r.Guid(0), default), default);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_rules_of_the_market_decide(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var anna = await SeeAsync(shop, "1");
        (await shop.MayMailAsync(anna, Mail, "US")).ShouldBe(new PurposeDecision(true, "opt_out"));
        (await shop.MayMailAsync(anna, Mail, null)).ShouldBe(new PurposeDecision(false, "consent_missing"), "nobody knows where");
        (await shop.AskAsync(new DataUse(Purpose.Marketing, Channel.Post, "FR"), anna)).ShouldBe(new PurposeDecision(true, "legitimate_interest"));
        (await shop.AskAsync(new DataUse(Purpose.Export, Country: "CN"), anna)).ShouldBe(new PurposeDecision(false, "consent_missing"));

        // A purchase at which they could refuse and did not, three years ago.
        await shop.SayAsync(Said(anna, ConsentDecision.NotRefused, -1100, address: Mail));
        (await shop.MayMailAsync(anna, Mail, "GB")).ShouldBe(new PurposeDecision(true, "soft_opt_in"));
        (await shop.MayMailAsync(anna, Mail, "CA")).ShouldBe(new PurposeDecision(false, "consent_missing"), "implied consent ends after two years");
        (await shop.MayMailAsync(anna, Mail, null)).Allowed.ShouldBeFalse();
        await shop.SayAsync(Said(anna, ConsentDecision.Withdrawn, 1), Said(anna, ConsentDecision.NotRefused, 2, address: Mail));
        (await shop.MayMailAsync(anna, Mail, "GB")).ShouldBe(new PurposeDecision(false, "withdrawn"), "buying again takes no withdrawal back");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Records_only_grow(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        await shop.SayAsync(Said(await SeeAsync(shop, "1"), ConsentDecision.Given, 1, address: Mail));

        foreach (var sql in new[] { "update privacy_consents set decision = 'given'", "delete from privacy_consents", "update privacy_wordings set text = ''", "delete from privacy_wordings" })
        {
            (await Should.ThrowAsync<Exception>(() => shop.Database.WriteAsync(tx => tx.ExecuteAsync(sql), default))).ToString().ShouldContain("consents only grow");
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Thousands_are_asked_at_once(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var seen = await shop.SeeAsync([.. Enumerable.Range(0, 2500).Select(i => PeopleTest.Email($"c{i}@example.com"))]);
        await shop.SayAsync([.. seen.Where((_, i) => i % 2 == 0).Select((p, i) => Said(p.SubjectId, ConsentDecision.Given, 1, address: p.Claim.Value))]);

        await shop.UseAsync<IPurposeGate>(async gate =>
        {
            var answer = await gate.AskAsync(Mailing, [.. seen.Select(p => new Recipient(p.SubjectId, p.Claim.Value))], default);
            seen.Where((p, i) => answer[new Recipient(p.SubjectId, p.Claim.Value)].Allowed != (i % 2 == 0)).ShouldBeEmpty();
            answer.Refusals.ShouldBe(new Dictionary<string, int> { ["consent_missing"] = 1250 });
            var grant = answer.Grant();
            grant.Covers(Mailing, new Recipient(seen[0].SubjectId, seen[0].Claim.Value)).ShouldBeTrue();
            grant.Covers(Mailing, new Recipient(seen[0].SubjectId, "other@example.com")).ShouldBeFalse("the gate was asked about another address");
            grant.Covers(Mailing, new Recipient(seen[0].SubjectId)).ShouldBeFalse();
            grant.Covers(Mailing, new Recipient(seen[1].SubjectId, seen[1].Claim.Value)).ShouldBeFalse();
        });
    }

    [Fact]
    public void What_is_no_record_of_consent_is_refused()
    {
        var good = Said(Id.New(), ConsentDecision.Given, 1, address: Mail);
        good.Demand(Day.AddDays(2));

        Code(good with { Purpose = Purpose.Service }).ShouldBe("consent_purpose_invalid");
        Code(good with { Channel = Channel.Any, Proof = ConsentProof.None }).ShouldBe("consent_channel_missing");
        Code(good with { Proof = ConsentProof.None }).ShouldBe("consent_address_missing");
        Code(good with { Channel = Channel.Web }).ShouldBe("consent_address_unexpected");
        Code(good with { Wording = null }).ShouldBe("consent_proof_missing");
        Code(good with { OccurredAt = Day.AddDays(3) }).ShouldBe("consent_time_invalid");
        Code(good with { Wording = new string('x', 4001) }).ShouldBe("consent_text_long");

        string Code(NewConsent said) => Should.Throw<ProblemException>(() => said.Demand(Day.AddDays(2))).Code;
    }

    private static async Task<Guid> SeeAsync(TestShop shop, string id) => (await shop.SeeAsync([PeopleTest.External(id)])).Single().SubjectId;
}
