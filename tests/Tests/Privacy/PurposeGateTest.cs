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
