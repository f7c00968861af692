using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Purposes;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Privacy;

/// <summary>What personal data may be used for.</summary>
public sealed class PurposeGateTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Each_purpose_stands_on_its_basis(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var subject = (await shop.SeeAsync([PeopleTest.External("1")])).Single().SubjectId;
        var nobody = new Actor(Id.New(), "auditor", Role.Auditor, _ => false);

        (await AskAsync(shop, Purpose.Service, subject)).ShouldBe(new PurposeDecision(true, "contract"));
        (await AskAsync(shop, Purpose.Personalisation, subject)).ShouldBe(new PurposeDecision(true, "legitimate_interest"));
        (await AskAsync(shop, Purpose.Measurement, subject)).ShouldBe(new PurposeDecision(true, "legitimate_interest"));
        (await AskAsync(shop, Purpose.Marketing, subject)).ShouldBe(new PurposeDecision(false, "consent_missing"));
        (await AskAsync(shop, Purpose.Export, subject)).ShouldBe(new PurposeDecision(true, "legitimate_interest"));
        (await AskAsync(shop, Purpose.Export, subject, nobody)).ShouldBe(new PurposeDecision(false, "permission_missing"));
        (await AskAsync(shop, Purpose.Access, subject)).ShouldBe(new PurposeDecision(true, "legal_obligation"));
        (await AskAsync(shop, Purpose.Access, subject, nobody)).ShouldBe(new PurposeDecision(false, "permission_missing"));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_objection_holds_at_once_for_all_subjects_of_the_customer_until_it_is_withdrawn(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var seen = await shop.SeeAsync([PeopleTest.External("1"), PeopleTest.External("2"), PeopleTest.External("3")]);
        Guid anna = seen[0].SubjectId, cookie = seen[1].SubjectId, other = seen[2].SubjectId;
        await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(cookie, Purpose.Personalisation), default));
        await MergeTest.MergeAsync(shop, anna, cookie);

        (await AskAsync(shop, Purpose.Personalisation, anna)).ShouldBe(new PurposeDecision(false, "objected"));
        (await AskAsync(shop, Purpose.Personalisation, cookie)).ShouldBe(new PurposeDecision(false, "objected"));
        (await AskAsync(shop, Purpose.Measurement, anna)).Allowed.ShouldBeTrue();
        (await AskAsync(shop, Purpose.Personalisation, other)).Allowed.ShouldBeTrue();

        await shop.UseAsync<WithdrawObjection>(w => w.RunAsync(new(anna, Purpose.Personalisation), default));
        (await AskAsync(shop, Purpose.Personalisation, cookie)).Allowed.ShouldBeTrue();
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(anna, Purpose.Service), default))))
            .Code.ShouldBe("objection_impossible");
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(anna, Purpose.Marketing), default), Actor.Anonymous));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Taking_an_objection_back_ends_it_and_is_no_consent(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        const string mail = "anna@example.com", other = "anna@work.example";
        var anna = (await shop.SeeAsync([PeopleTest.Email(mail)])).Single().SubjectId;
        await shop.SayAsync(ConsentsInShop.Said(anna, Wellmet.Privacy.Contract.ConsentDecision.Given, 1, Channel.Push));
        foreach (var purpose in new[] { Purpose.Marketing, Purpose.Export })
        {
            await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(anna, purpose), default));
        }
        (await shop.MayMailAsync(anna, mail, "US")).ShouldBe(new PurposeDecision(false, "objected"));
        foreach (var purpose in new[] { Purpose.Marketing, Purpose.Export })
        {
            await shop.UseAsync<WithdrawObjection>(w => w.RunAsync(new(anna, purpose), default));
        }

        (await shop.MayMailAsync(anna, mail, "US")).ShouldBe(new PurposeDecision(true, "opt_out"), "the address is open again, too");
        (await shop.MayMailAsync(anna, other, "US")).ShouldBe(new PurposeDecision(true, "opt_out"));
        (await shop.AskAsync(new DataUse(Purpose.Export, Country: "CN"), anna)).ShouldBe(new PurposeDecision(false, "consent_missing"), "nobody gave one");
        (await shop.AskAsync(new DataUse(Purpose.Marketing, Channel.Push, "DE"), anna)).Allowed.ShouldBeFalse("what was given before the objection went with it");
        (await shop.MayMailAsync(anna, mail)).Allowed.ShouldBeFalse();
        var lines = await shop.UseAsync<ReadPurposes, IReadOnlyList<PurposeLine>>(r => r.RunAsync(anna, default));
        lines.ShouldAllBe(l => l.ObjectedAt == null);

        // An unsubscribe from e-mail is a word of its own.
        await shop.SayAsync(ConsentsInShop.Said(anna, Wellmet.Privacy.Contract.ConsentDecision.Withdrawn, 2));
        (await shop.MayMailAsync(anna, mail, "US")).ShouldBe(new PurposeDecision(false, "objected"));
    }

    [Fact]
    public async Task An_answer_is_kept_for_one_request_only()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var anna = (await shop.SeeAsync([PeopleTest.External("1")])).Single().SubjectId;

        await shop.UseAsync<IPurposeGate>(async gate =>
        {
            (await gate.AskAsync(new DataUse(Purpose.Personalisation), [anna], default))[anna].Allowed.ShouldBeTrue();
            await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(anna, Purpose.Personalisation), default));
            (await gate.AskAsync(new DataUse(Purpose.Personalisation), [anna], default))[anna].Allowed.ShouldBeTrue("one request sees one answer");
        });

        (await AskAsync(shop, Purpose.Personalisation, anna)).Allowed.ShouldBeFalse();
    }

    private static Task<PurposeDecision> AskAsync(TestShop shop, Purpose purpose, Guid subject, Actor? actor = null) =>
        shop.UseAsync<IPurposeGate, PurposeDecision>(async gate => (await gate.AskAsync(new DataUse(purpose), [subject], default))[subject], actor);
}
