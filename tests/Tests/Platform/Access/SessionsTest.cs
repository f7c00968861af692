using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Passwords;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform.Access;

public sealed class SessionsTest
{
    [Theory]
    [InlineData(Role.Owner, 30, 12 * 60)]
    [InlineData(Role.Agent, 8 * 60, 7 * 24 * 60)]
    public async Task A_session_ends_when_it_is_idle_and_however_busy_it_is(Role role, int idleMinutes, int absoluteMinutes)
    {
        await using var shop = await StaffShop.OpenAsync(Engine.Sqlite);
        var (_, idle) = await shop.JoinAsync(role, "ada@shop.test");
        shop.Clock.Advance(TimeSpan.FromMinutes(idleMinutes - 1));
        (await shop.FindAsync(idle)).ShouldNotBeNull();
        shop.Clock.Advance(TimeSpan.FromMinutes(idleMinutes));
        (await shop.FindAsync(idle)).ShouldBeNull();

        var busy = (await shop.SignInAsync("ada@shop.test")).Session!.Value;
        var started = shop.Clock.GetUtcNow();
        while (shop.Clock.GetUtcNow() - started < TimeSpan.FromMinutes(absoluteMinutes) - TimeSpan.FromMinutes(20))
        {
            shop.Clock.Advance(TimeSpan.FromMinutes(20));
            (await shop.FindAsync(busy)).ShouldNotBeNull();
        }
        shop.Clock.Advance(TimeSpan.FromMinutes(20));
        (await shop.FindAsync(busy)).ShouldBeNull();
    }

    [Fact]
    public async Task A_full_disk_keeps_nobody_from_reading_pages()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 1, 9, 0, 0, TimeSpan.Zero));
        await using var shop = await WebShop.OpenAsync(configure: s => s.AddSingleton<TimeProvider>(clock));
        using var owner = await shop.SignInAsync();
        // To note that a session is in use takes room from now on, and there is none.
        await shop.Database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("create table filler (content blob)");
            await tx.ExecuteAsync("create trigger fill after update of seen_at on access_sessions begin insert into filler values (zeroblob(1000000)); end");
        }, CancellationToken.None);
        await shop.Database.WriteAsync(async tx => await tx.ExecuteAsync($"pragma max_page_count = {await tx.CountAsync("pragma page_count")}"), CancellationToken.None);

        clock.Advance(TimeSpan.FromMinutes(5));
        await owner.PageAsync("/console/account");
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from filler"), CancellationToken.None)).ShouldBe(0);
        clock.Advance(TimeSpan.FromMinutes(26));
        (await owner.GetAsync("/console/account")).StatusCode.ShouldBe(HttpStatusCode.Redirect, "an unnoted use does not lengthen the session");
    }

    [Fact]
    public async Task An_open_page_that_nobody_uses_does_not_keep_a_session_alive()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 1, 9, 0, 0, TimeSpan.Zero));
        await using var shop = await WebShop.OpenAsync(configure: s => s.AddSingleton<TimeProvider>(clock));
        using var owner = await shop.SignInAsync();
        for (var i = 0; i < 2; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(20));
            await owner.PageAsync("/console/account");
        }
        foreach (var expected in new[] { HttpStatusCode.OK, HttpStatusCode.Redirect })
        {
            clock.Advance(TimeSpan.FromMinutes(20));
            using var stream = await owner.GetAsync("/console/stream?topic=home");
            using var part = await owner.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/console/account") { Headers = { { "X-Unattended", "true" } } });
            (stream.StatusCode, part.StatusCode).ShouldBe((expected, expected));
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Ending_changing_role_password_and_leaving_work_at_once(Engine engine)
    {
        await using var shop = await StaffShop.OpenAsync(engine);
        var (_, owner) = await shop.JoinAsync(Role.Owner, "owner@shop.test");
        var (id, first) = await shop.JoinAsync(Role.Agent, "ada@shop.test");

        var second = (await shop.SignInAsync("ada@shop.test")).Session!.Value;
        await shop.AsAsync<ChangePassword>(second, u => u.RunAsync(new(StaffShop.Password, "four green violins sleep"), CancellationToken.None));
        (await shop.FindAsync(first)).ShouldBeNull("other sessions end with a new password");
        (await shop.FindAsync(second)).ShouldNotBeNull();

        await shop.AsAsync<ChangeRole>(owner, u => u.RunAsync(new(id, Role.Analyst), CancellationToken.None));
        (await shop.FindAsync(second)).ShouldBeNull();

        var third = (await shop.SignInAsync("ada@shop.test", "four green violins sleep")).Session!.Value;
        (await shop.FindAsync(third))!.Member.Role.ShouldBe(Role.Analyst);
        await shop.AsAsync<SignOut>(third, u => u.RunAsync(CancellationToken.None));
        (await shop.FindAsync(third)).ShouldBeNull("a copied cookie is worth nothing after signing out");

        var fourth = (await shop.SignInAsync("ada@shop.test", "four green violins sleep")).Session!.Value;
        await shop.AsAsync<DeactivateStaff>(owner, u => u.RunAsync(new(id), CancellationToken.None));
        (await shop.FindAsync(fourth)).ShouldBeNull();
        (await Should.ThrowAsync<ProblemException>(() => shop.SignInAsync("ada@shop.test", "four green violins sleep"))).Code.ShouldBe("sign_in_refused");
        await shop.AsAsync<ActivateStaff>(owner, u => u.RunAsync(id, CancellationToken.None));
        (await shop.SignInAsync("ada@shop.test", "four green violins sleep")).Session.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_member_sees_and_ends_their_own_sessions_an_owner_everybodys()
    {
        await using var shop = await StaffShop.OpenAsync(Engine.Sqlite);
        var (_, owner) = await shop.JoinAsync(Role.Owner, "owner@shop.test");
        var (_, agent) = await shop.JoinAsync(Role.Agent, "ada@shop.test");
        var ownersId = (await shop.FindAsync(owner))!.Id;

        (await shop.AsAsync<ListSessions, IReadOnlyList<SessionItem>>(agent, u => u.RunAsync(CancellationToken.None))).ShouldHaveSingleItem().IsThisOne.ShouldBeTrue();
        (await Should.ThrowAsync<ProblemException>(() => shop.AsAsync<EndSession>(agent, u => u.RunAsync(ownersId, CancellationToken.None)))).Status.ShouldBe(404);
        (await shop.FindAsync(owner)).ShouldNotBeNull();
        var all = await shop.AsAsync<ListSessions, IReadOnlyList<SessionItem>>(owner, u => u.RunAsync(CancellationToken.None));
        all.Count.ShouldBe(2);
        await shop.AsAsync<EndSession>(owner, u => u.RunAsync(all.Single(s => !s.IsThisOne).Id, CancellationToken.None));
        (await shop.FindAsync(agent)).ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task One_signs_out_everywhere_else_and_an_owner_signs_somebody_out_everywhere(Engine engine)
    {
        await using var shop = await StaffShop.OpenAsync(engine);
        var (_, owner) = await shop.JoinAsync(Role.Owner, "owner@shop.test");
        var (id, first) = await shop.JoinAsync(Role.Agent, "ada@shop.test");
        var second = (await shop.SignInAsync("ada@shop.test")).Session!.Value;

        (await shop.AsAsync<EndOtherSessions, int>(second, u => u.RunAsync(CancellationToken.None))).ShouldBe(1);
        (await shop.FindAsync(first)).ShouldBeNull();
        (await shop.FindAsync(second)).ShouldNotBeNull();
        (await shop.FindAsync(owner)).ShouldNotBeNull();
        await Should.ThrowAsync<ForbiddenException>(() => shop.AsAsync<EndSessionsOf, int>(second, u => u.RunAsync(id, CancellationToken.None)));
        (await shop.AsAsync<EndSessionsOf, int>(owner, u => u.RunAsync(id, CancellationToken.None))).ShouldBe(1);
        (await shop.FindAsync(second)).ShouldBeNull();
        (await shop.FindAsync(owner)).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_last_owner_can_neither_leave_nor_step_down()
    {
        await using var shop = await StaffShop.OpenAsync(Engine.Sqlite);
        var (id, owner) = await shop.JoinAsync(Role.Owner, "owner@shop.test");

        (await Should.ThrowAsync<ProblemException>(() => shop.AsAsync<DeactivateStaff>(owner, u => u.RunAsync(new(id), CancellationToken.None)))).Code.ShouldBe("last_owner");
        (await Should.ThrowAsync<ProblemException>(() => shop.AsAsync<ChangeRole>(owner, u => u.RunAsync(new(id, Role.Agent), CancellationToken.None)))).Code.ShouldBe("last_owner");

        var (_, other) = await shop.JoinAsync(Role.Owner, "second@shop.test");
        await shop.AsAsync<ChangeRole>(owner, u => u.RunAsync(new(id, Role.Agent), CancellationToken.None));
        (await shop.FindAsync(other)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Nobody_but_an_owner_manages_staff()
    {
        await using var shop = await StaffShop.OpenAsync(Engine.Sqlite);
        var (ownerId, _) = await shop.JoinAsync(Role.Owner, "owner@shop.test");
        foreach (var role in Enum.GetValues<Role>().Where(r => r != Role.Owner))
        {
            var (id, session) = await shop.JoinAsync(role, $"{role}@shop.test");
            await Should.ThrowAsync<ForbiddenException>(() => shop.AsAsync<InviteStaff>(session, u => u.RunAsync(new(Role.Owner, "Eve"), CancellationToken.None)));
            await Should.ThrowAsync<ForbiddenException>(() => shop.AsAsync<ChangeRole>(session, u => u.RunAsync(new(id, Role.Owner), CancellationToken.None)));
            await Should.ThrowAsync<ForbiddenException>(() => shop.AsAsync<CreateSignInLink>(session, u => u.RunAsync(new(ownerId), CancellationToken.None)));
            await Should.ThrowAsync<ForbiddenException>(() => shop.AsAsync<DeactivateStaff>(session, u => u.RunAsync(new(ownerId), CancellationToken.None)));
            (await shop.FindAsync(session))!.Member.Role.ShouldBe(role);
        }
    }

    [Fact]
    public async Task A_link_for_a_lost_password_ends_all_sessions_signs_nobody_in_and_lives_half_an_hour()
    {
        await using var shop = await StaffShop.OpenAsync(Engine.Sqlite);
        var (id, session) = await shop.JoinAsync(Role.Agent, "ada@shop.test");
        var late = await shop.Shop.UseAsync<CreateSignInLink, Uri>(u => u.RunAsync(new(id), CancellationToken.None));
        shop.Clock.Advance(TimeSpan.FromMinutes(30));
        (await Should.ThrowAsync<ProblemException>(() => RedeemAsync(shop, late))).Code.ShouldBe("link_expired");

        var link = await shop.Shop.UseAsync<CreateSignInLink, Uri>(u => u.RunAsync(new(id), CancellationToken.None));
        link.ToString().ShouldStartWith("https://crm.example.com/sign-in/link/");
        (await RedeemAsync(shop, link)).ShouldBeNull();
        (await shop.FindAsync(session)).ShouldBeNull();
        (await shop.SignInAsync("ada@shop.test", "four green violins sleep")).Session.ShouldNotBeNull();
        (await Should.ThrowAsync<ProblemException>(() => RedeemAsync(shop, link))).Code.ShouldBe("link_expired");
    }

    private static Task<SecretToken?> RedeemAsync(StaffShop shop, Uri link) => shop.Shop.UseAsync<RedeemSignInLink, SecretToken?>(
        u => u.RunAsync(new(link.Segments[^1], null, null, "four green violins sleep", StaffShop.Office), CancellationToken.None), Actor.Anonymous);
}
