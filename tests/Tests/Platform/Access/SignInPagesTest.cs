using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.SecondFactors;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform.Access;

public sealed partial class SignInPagesTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_first_owner_comes_in_by_the_link_sets_up_the_app_and_signs_in_again_with_it(Engine engine)
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch.AddYears(57));
        await using var shop = await WebShop.OpenAsync(engine, s => s.AddSingleton<TimeProvider>(clock));
        Uri? link = null;
        await shop.UseAsync<InviteFirstOwner>(async invite => link = await invite.RunAsync(CancellationToken.None));
        using var browser = shop.Anonymous();

        (await browser.PageAsync(link!.AbsolutePath)).ShouldContain("Welcome to Wellmet");
        (await browser.PostAsync(link.AbsolutePath, ("email", "ada@shop.test"), ("name", "Ada"), ("password", "short"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var welcome = await browser.PostAsync(link.AbsolutePath, ("email", "ada@shop.test"), ("name", "Ada"), ("password", WebShop.Password));
        welcome.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        welcome.Headers.Location!.ToString().ShouldBe("/console/account/authenticator");

        var setUp = await browser.PageAsync("/console/account/authenticator");
        setUp.ShouldContain("<svg class=\"qr-code\"");
        var secret = Key().Match(setUp).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        using var wrong = await browser.PostAsync("/console/account/authenticator", ("code", "000000"));
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var on = await browser.PostAsync("/console/account/authenticator", ("code", Totp.Code(secret, clock.GetUtcNow())));
        var codes = RecoveryCode().Matches(await on.Content.ReadAsStringAsync()).Select(m => m.Value).ToList();
        codes.Count.ShouldBe(10);

        using var second = shop.Anonymous();
        using var asked = await second.PostAsync("/sign-in", ("email", "Ada@shop.test"), ("password", WebShop.Password));
        var challenge = Challenge().Match(await asked.Content.ReadAsStringAsync()).Groups[1].Value;
        second.Cookies.Keys.ShouldNotContain("__Host-wm-session");
        using var replayed = await second.PostAsync("/sign-in/code", ("challenge", challenge), ("code", Totp.Code(secret, clock.GetUtcNow())));
        replayed.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, "a code works once");
        clock.Advance(TimeSpan.FromSeconds(30));
        using var entered = await second.PostAsync("/sign-in/code", ("challenge", challenge), ("code", Totp.Code(secret, clock.GetUtcNow())));
        entered.Headers.Location!.ToString().ShouldBe("/console");
        (await second.PageAsync("/console/account")).ShouldContain("ada@shop.test");

        using var third = shop.Anonymous();
        using var askedAgain = await third.PostAsync("/sign-in", ("email", "ada@shop.test"), ("password", WebShop.Password), ("returnUrl", "/console/settings/staff"));
        var another = Challenge().Match(await askedAgain.Content.ReadAsStringAsync()).Groups[1].Value;
        using var recovered = await third.PostAsync("/sign-in/recovery-code", ("challenge", another), ("recoveryCode", codes[3].ToLowerInvariant()), ("returnUrl", "/console/settings/staff"));
        recovered.Headers.Location!.ToString().ShouldBe("/console/settings/staff");
        (await third.PageAsync("/console/account")).ShouldContain("9 recovery codes are left.");
    }

    [Fact]
    public async Task A_link_works_once_and_a_second_start_makes_a_new_one_until_somebody_can_sign_in()
    {
        await using var shop = await WebShop.OpenAsync();
        Uri? first = null, second = null, third = null;
        await shop.UseAsync<InviteFirstOwner>(async invite => first = await invite.RunAsync(CancellationToken.None));
        await shop.UseAsync<InviteFirstOwner>(async invite => second = await invite.RunAsync(CancellationToken.None));
        using var browser = shop.Anonymous();

        (await browser.GetAsync(first!.AbsolutePath)).StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await browser.PostAsync(second!.AbsolutePath, ("email", "ada@shop.test"), ("name", "Ada"), ("password", WebShop.Password))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await browser.GetAsync(second.AbsolutePath)).StatusCode.ShouldBe(HttpStatusCode.Gone);
        await shop.UseAsync<InviteFirstOwner>(async invite => third = await invite.RunAsync(CancellationToken.None));
        third.ShouldBeNull();
        foreach (var bad in new[] { "", "x", new string('A', 43), "%00", "..%2f..", first.Segments[^1] + "A" })
        {
            (await browser.GetAsync(SignInLinks.Path + "/" + bad)).StatusCode.ShouldBeOneOf(HttpStatusCode.Gone, HttpStatusCode.NotFound, HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_get_the_same_answer_in_the_readers_language()
    {
        await using var shop = await WebShop.OpenAsync();
        using var known = await shop.SignInAsync(Role.Agent, "known@shop.test");
        using var browser = shop.Anonymous();
        browser.SetCookie("wm_lang", "zh-CN");

        var answers = new List<string>();
        foreach (var email in new[] { "known@shop.test", "unknown@shop.test" })
        {
            using var refused = await browser.PostAsync("/sign-in", ("email", email), ("password", "not the password"));
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            var body = await refused.Content.ReadAsStringAsync();
            answers.Add(Tokens().Replace(body, "").Replace(email, "", StringComparison.Ordinal));
        }
        answers[0].ShouldBe(answers[1]);
        answers[0].ShouldContain("lang=\"zh-CN\"");
        answers[0].ShouldContain("电子邮箱或密码不正确");
    }

    [Fact]
    public async Task The_way_back_leads_only_to_this_program()
    {
        await using var shop = await WebShop.OpenAsync();
        using var known = await shop.SignInAsync(Role.Agent, "known@shop.test");
        foreach (var evil in new[] { "https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)" })
        {
            using var browser = shop.Anonymous();
            using var entered = await browser.PostAsync("/sign-in", ("email", "known@shop.test"), ("password", WebShop.Password), ("returnUrl", evil));
            entered.Headers.Location!.ToString().ShouldBe("/console");
        }
    }

    [GeneratedRegex("<code>([A-Z2-7 ]{39})</code>")]
    private static partial Regex Key();

    [GeneratedRegex("[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}")]
    private static partial Regex RecoveryCode();

    [GeneratedRegex("name=\"challenge\" value=\"([^\"]+)\"")]
    private static partial Regex Challenge();

    [GeneratedRegex("CfDJ8[\\w-]+")]
    private static partial Regex Tokens();
}
