using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.SecondFactors;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform.Access;

/// <summary>Owners need a second factor; nobody is locked out by it.</summary>
public sealed class SecondFactorRuleTest
{
    private const string Staff = "/console/settings/staff";
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 9, 0, 0, TimeSpan.Zero);

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task After_a_week_every_page_of_an_owner_waits_until_it_is_set_up(Engine engine)
    {
        var clock = new ManualClock(Start);
        await using var shop = await WebShop.OpenAsync(engine, s => s.AddSingleton<TimeProvider>(clock));
        using var owner = await shop.SignInAsync();
        (await owner.PageAsync(Staff)).ShouldContain("You need a second factor", Case.Sensitive, "told in the grace");

        clock.Advance(SecondFactorRule.Grace);
        using var later = await AgainAsync(shop, owner);
        using (var sent = await later.GetAsync(Staff))
        {
            (sent.StatusCode, sent.Headers.Location?.ToString()).ShouldBe((HttpStatusCode.Redirect, "/console/account"));
        }
        using (var program = await later.GetAsync(Staff, "application/json"))
        {
            program.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await program.Content.ReadAsStringAsync()).ShouldContain("second_factor_needed");
        }
        using (var act = await later.PostAsync(Staff, ("name", "Eve"), ("role", "owner")))
        {
            act.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from access_staff"), CancellationToken.None)).ShouldBe(1, "nothing was done");
        (await later.PageAsync("/console/account")).ShouldContain("The other pages wait until it is set up.");
        (await later.PageAsync("/console/settings/sessions")).ShouldContain("Test Owner");

        var secret = System.Text.RegularExpressions.Regex.Match(await later.PageAsync("/console/account/authenticator"), "<code>([A-Z2-7 ]+)</code>").Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        using (var setUp = await later.PostAsync("/console/account/authenticator", ("code", Totp.Code(secret, clock.GetUtcNow()))))
        {
            setUp.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        (await later.PageAsync(Staff)).ShouldNotContain("You need a second factor");
    }

    [Fact]
    public async Task It_is_asked_of_owners_only_and_can_be_turned_off()
    {
        var clock = new ManualClock(Start);
        await using var shop = await WebShop.OpenAsync(configure: s => s.AddSingleton<TimeProvider>(clock));
        using var owner = await shop.SignInAsync();
        using var auditor = await shop.SignInAsync(Role.Auditor);
        using (var saved = await owner.PostAsync(Staff + "/second-factor"))
        {
            saved.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }
        clock.Advance(TimeSpan.FromDays(30));
        using var later = await AgainAsync(shop, owner);
        (await later.PageAsync(Staff)).ShouldNotContain("You need a second factor");
        using var other = await AgainAsync(shop, auditor);
        (await other.PageAsync(Staff)).ShouldNotContain("You need a second factor");

        using (var saved = await later.PostAsync(Staff + "/second-factor", ("on", "true")))
        {
            saved.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }
        using (var waits = await later.GetAsync(Staff))
        {
            waits.StatusCode.ShouldBe(HttpStatusCode.Redirect, "from now on, also in a session that is open");
        }
        await other.PageAsync(Staff);
    }

    [Fact]
    public async Task Who_becomes_an_owner_has_a_week_too()
    {
        var clock = new ManualClock(Start);
        await using var shop = await WebShop.OpenAsync(configure: s => s.AddSingleton<TimeProvider>(clock));
        using var agent = await shop.SignInAsync(Role.Agent);
        clock.Advance(TimeSpan.FromDays(30));
        await shop.UseAsync<Wellmet.Platform.Access.Staff.ChangeRole>(u => u.RunAsync(new(agent.StaffId, Role.Owner), CancellationToken.None));

        using var promoted = await AgainAsync(shop, agent);
        (await promoted.PageAsync(Staff)).ShouldContain("Set it up by");
    }

    /// <summary>The same person, signed in anew.</summary>
    private static async Task<WebBrowser> AgainAsync(WebShop shop, WebBrowser before)
    {
        var browser = shop.Anonymous();
        using var entered = await browser.PostAsync("/sign-in", ("email", before.Email), ("password", WebShop.Password));
        entered.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var fresh = shop.Anonymous();
        fresh.SetCookie("__Host-wm-session", browser.Cookies["__Host-wm-session"]);
        browser.Dispose();
        return fresh;
    }
}
