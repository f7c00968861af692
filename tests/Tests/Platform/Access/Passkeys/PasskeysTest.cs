using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform.Access.Passkeys;

/// <summary>Passkeys over HTTP, with an authenticator that can be made to say wrong things. The real browser's turn is in tests/Browser.</summary>
public sealed partial class PasskeysTest
{
    private const string Path = "/console/account/passkeys", SessionCookie = "__Host-wm-session";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_passkey_is_added_signs_in_is_renamed_and_removed(Engine engine)
    {
        await using var shop = await WebShop.OpenAsync(engine);
        using var owner = await shop.SignInAsync();
        using var device = new SoftwareAuthenticator(Origin(shop));
        var other = await SessionOfAsync(shop, owner);

        var codes = await BodyAsync(await AddAsync(owner, device, "Ada's phone"), HttpStatusCode.OK);
        RecoveryCode().Count(codes).ShouldBe(10, "the first second factor brings recovery codes");
        using (var ended = shop.Anonymous())
        {
            ended.SetCookie(SessionCookie, other);
            using var asked = await ended.GetAsync("/console/account");
            asked.StatusCode.ShouldBe(HttpStatusCode.Redirect, "other sessions end");
        }
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from access_passkeys where cast(name as text) like '%Ada%'"), CancellationToken.None)).ShouldBe(0, "the name is sealed");

        using var visitor = shop.Anonymous();
        using (var entered = await SignInAsync(visitor, device))
        {
            entered.Headers.Location!.ToString().ShouldBe("/console");
        }
        var page = await visitor.PageAsync(Path);
        page.ShouldContain("Ada&#x27;s phone");
        page.ShouldContain("just now");
        var passkey = PasskeyLink().Match(page).Value;
        using (await visitor.PostAsync(passkey + "/rename", ("name", "Tablet")))
        {
            (await visitor.PageAsync(Path)).ShouldContain("Tablet");
        }
        using (await visitor.PostAsync(passkey + "/remove"))
        {
            (await visitor.PageAsync(Path)).ShouldContain("No passkey yet");
        }
        using var gone = await SignInAsync(shop.Anonymous(), device);
        gone.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await ActsAsync(shop)).ShouldBe(["passkey.added", "sign_in.succeeded passkey", "passkey.removed", "sign_in.refused passkey"], ignoreOrder: true);
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from access_recovery_codes"), CancellationToken.None)).ShouldBe(0, "they stand for nothing any more");
    }

    [Fact]
    public async Task Whatever_is_wrong_about_an_answer_it_is_refused()
    {
        await using var shop = await WebShop.OpenAsync();
        using var owner = await shop.SignInAsync();
        using var device = new SoftwareAuthenticator(Origin(shop));
        foreach (var (what, spoil, mend) in Faults(device, shop))
        {
            spoil();
            (await BodyAsync(await AddAsync(owner, device, "Phone"), HttpStatusCode.Unauthorized)).ShouldContain("was not accepted", Case.Sensitive, what);
            mend();
        }
        await BodyAsync(await AddAsync(owner, device, "Phone"), HttpStatusCode.OK);
        (await BodyAsync(await AddAsync(owner, device, "Again"), HttpStatusCode.Unauthorized)).ShouldContain("was not accepted");

        foreach (var (what, spoil, mend) in Faults(device, shop))
        {
            spoil();
            using var visitor = shop.Anonymous();
            (await BodyAsync(await SignInAsync(visitor, device), HttpStatusCode.Unauthorized)).ShouldContain("was not accepted", Case.Sensitive, what);
            visitor.Cookies.ContainsKey(SessionCookie).ShouldBeFalse();
            mend();
        }
        using (var entered = await SignInAsync(shop.Anonymous(), device))
        {
            entered.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }
        device.Counter = 0;
        (await BodyAsync(await SignInAsync(shop.Anonymous(), device), HttpStatusCode.Unauthorized)).ShouldContain("was not accepted", Case.Sensitive, "a counter that goes back is a copy");
    }

    [Fact]
    public async Task A_challenge_serves_once_for_five_minutes_and_for_its_own_purpose()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 1, 9, 0, 0, TimeSpan.Zero));
        await using var shop = await WebShop.OpenAsync(configure: s => s.AddSingleton<TimeProvider>(clock));
        using var owner = await shop.SignInAsync();
        using var device = new SoftwareAuthenticator(Origin(shop));
        await BodyAsync(await AddAsync(owner, device, "Phone"), HttpStatusCode.OK);

        using var visitor = shop.Anonymous();
        var (ceremony, options) = await AskAsync(visitor, "/sign-in/passkey/ask");
        var answer = device.Get(options);
        using (var first = await visitor.PostAsync("/sign-in/passkey", ("ceremony", ceremony), ("answer", answer)))
        {
            first.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }
        (await BodyAsync(await shop.Anonymous().PostAsync("/sign-in/passkey", ("ceremony", ceremony), ("answer", answer)), HttpStatusCode.Unauthorized)).ShouldContain("took too long");

        using var late = shop.Anonymous();
        (ceremony, options) = await AskAsync(late, "/sign-in/passkey/ask");
        clock.Advance(TimeSpan.FromMinutes(5));
        (await BodyAsync(await late.PostAsync("/sign-in/passkey", ("ceremony", ceremony), ("answer", device.Get(options))), HttpStatusCode.Unauthorized)).ShouldContain("took too long");

        foreach (var (c, a) in new[] { ("", "{}"), ("x", "{}"), (SecretToken.New().Text, "{}") })
        {
            (await BodyAsync(await shop.Anonymous().PostAsync("/sign-in/passkey", ("ceremony", c), ("answer", a)), HttpStatusCode.Unauthorized)).ShouldContain("took too long");
        }
        foreach (var junk in new[] { "", "{}", "null", "[]", "{\"id\":1}", "not json", new string('[', 5000), new string('x', 70_000) })
        {
            using var stranger = shop.Anonymous();
            var (fresh, _) = await AskAsync(stranger, "/sign-in/passkey/ask");
            await BodyAsync(await stranger.PostAsync("/sign-in/passkey", ("ceremony", fresh), ("answer", junk)), HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task A_passkey_made_for_one_person_is_not_added_to_another()
    {
        await using var shop = await WebShop.OpenAsync();
        using var owner = await shop.SignInAsync();
        using var agent = await shop.SignInAsync(Role.Agent);
        using var device = new SoftwareAuthenticator(Origin(shop));
        var (ceremony, options) = await AskAsync(agent, Path + "/ask");

        (await BodyAsync(await owner.PostAsync(Path, ("ceremony", ceremony), ("answer", device.Create(options)), ("name", "Phone")), HttpStatusCode.Unauthorized)).ShouldContain("was not accepted");
        (await owner.PageAsync(Path)).ShouldContain("No passkey yet");
    }

    [Fact]
    public async Task With_a_passkey_the_password_alone_does_not_sign_in_and_a_recovery_code_does()
    {
        await using var shop = await WebShop.OpenAsync();
        using var agent = await shop.SignInAsync(Role.Agent);
        using var device = new SoftwareAuthenticator(Origin(shop));
        var codes = await BodyAsync(await AddAsync(agent, device, "Phone"), HttpStatusCode.OK);

        using var visitor = shop.Anonymous();
        var step = await BodyAsync(await visitor.PostAsync("/sign-in", ("email", agent.Email), ("password", WebShop.Password)), HttpStatusCode.OK);
        visitor.Cookies.ContainsKey(SessionCookie).ShouldBeFalse();
        step.ShouldContain("Show your passkey.");
        step.ShouldNotContain("name=\"code\"");
        var challenge = Challenge().Match(step).Groups[1].Value;
        (await BodyAsync(await visitor.PostAsync("/sign-in/code", ("challenge", challenge), ("factors", "Passkey"), ("code", "000000")), HttpStatusCode.Unauthorized)).ShouldContain("Show your passkey.");
        using var entered = await visitor.PostAsync("/sign-in/recovery-code", ("challenge", challenge), ("factors", "Passkey"), ("recoveryCode", RecoveryCode().Match(codes).Value));
        entered.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        visitor.Cookies.ContainsKey(SessionCookie).ShouldBeTrue();
    }

    [Fact]
    public async Task Before_a_sensitive_act_ones_own_passkey_is_asked_for()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 1, 9, 0, 0, TimeSpan.Zero));
        await using var shop = await WebShop.OpenAsync(configure: s => s.AddSingleton<TimeProvider>(clock));
        using var owner = await shop.SignInAsync();
        using var agent = await shop.SignInAsync(Role.Agent);
        using var device = new SoftwareAuthenticator(Origin(shop));
        using var foreign = new SoftwareAuthenticator(Origin(shop));
        await BodyAsync(await AddAsync(owner, device, "Phone"), HttpStatusCode.OK);
        await BodyAsync(await AddAsync(agent, foreign, "Phone"), HttpStatusCode.OK);
        clock.Advance(TimeSpan.FromMinutes(11));

        (await BodyAsync(await owner.GetAsync("/sign-in/confirm?returnUrl=%2Fconsole%2Fsettings%2Fkeys%2Fnew"), HttpStatusCode.OK)).ShouldNotContain("name=\"proof\"");
        (await BodyAsync(await owner.PostAsync("/sign-in/confirm", ("proof", WebShop.Password)), HttpStatusCode.Unauthorized)).ShouldContain("was not accepted", Case.Sensitive, "the password is not enough any more");
        (await BodyAsync(await ConfirmAsync(owner, foreign), HttpStatusCode.Unauthorized)).ShouldContain("was not accepted", Case.Sensitive, "of somebody else");
        using (var visitor = shop.Anonymous())
        {
            var (anybodys, options) = await AskAsync(visitor, "/sign-in/passkey/ask");
            (await BodyAsync(await owner.PostAsync("/sign-in/confirm/passkey", ("ceremony", anybodys), ("answer", foreign.Get(options))), HttpStatusCode.Unauthorized))
                .ShouldContain("was not accepted", Case.Sensitive, "of somebody else, to a challenge for anybody");
        }
        using (var asked = await owner.GetAsync("/console/settings/keys/new"))
        {
            asked.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }
        using var confirmed = await ConfirmAsync(owner, device);
        confirmed.Headers.Location!.ToString().ShouldBe("/console/settings/keys/new");
        await owner.PageAsync("/console/settings/keys/new");
    }

    [Fact]
    public async Task A_link_for_a_lost_phone_forgets_passkeys_and_codes_and_nobody_touches_those_of_another()
    {
        await using var shop = await WebShop.OpenAsync();
        using var agent = await shop.SignInAsync(Role.Agent);
        using var other = await shop.SignInAsync(Role.Agent);
        using var device = new SoftwareAuthenticator(Origin(shop));
        await BodyAsync(await AddAsync(agent, device, "Phone"), HttpStatusCode.OK);
        var passkey = PasskeyLink().Match(await agent.PageAsync(Path)).Value;
        foreach (var act in new[] { "/rename", "/remove" })
        {
            using var refused = await other.PostAsync(passkey + act, ("name", "Mine"));
            refused.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
        using (await SignInAsync(shop.Anonymous(), device))
        {
            await shop.UseAsync<CreateSignInLink>(u => u.RunAsync(new(agent.StaffId, ForgetSecondFactor: true), CancellationToken.None));
        }
        (await BodyAsync(await SignInAsync(shop.Anonymous(), device), HttpStatusCode.Unauthorized)).ShouldContain("was not accepted");
        using var visitor = shop.Anonymous();
        using var entered = await visitor.PostAsync("/sign-in", ("email", agent.Email), ("password", WebShop.Password));
        entered.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    private static IEnumerable<(string What, Action Spoil, Action Mend)> Faults(SoftwareAuthenticator device, WebShop shop) =>
    [
        ("another origin", () => device.Origin = "https://shop.example", () => device.Origin = Origin(shop)),
        ("another port", () => device.Origin = "http://localhost:1", () => device.Origin = Origin(shop)),
        ("in a frame of another site", () => device.CrossOrigin = true, () => device.CrossOrigin = false),
        ("for another domain", () => device.RelyingParty = "shop.example", () => device.RelyingParty = "localhost"),
        ("nobody was verified", () => device.VerifiesUser = false, () => device.VerifiesUser = true),
    ];

    private static string Origin(WebShop shop) => shop.Address.GetLeftPart(UriPartial.Authority);

    private static async Task<HttpResponseMessage> AddAsync(WebBrowser browser, SoftwareAuthenticator device, string name)
    {
        var (ceremony, options) = await AskAsync(browser, Path + "/ask");
        return await browser.PostAsync(Path, ("ceremony", ceremony), ("answer", device.Create(options)), ("name", name));
    }

    private static async Task<HttpResponseMessage> SignInAsync(WebBrowser browser, SoftwareAuthenticator device)
    {
        var (ceremony, options) = await AskAsync(browser, "/sign-in/passkey/ask");
        options.GetProperty("userVerification").GetString().ShouldBe("required");
        return await browser.PostAsync("/sign-in/passkey", ("ceremony", ceremony), ("answer", device.Get(options)));
    }

    private static async Task<HttpResponseMessage> ConfirmAsync(WebBrowser browser, SoftwareAuthenticator device)
    {
        var (ceremony, options) = await AskAsync(browser, "/sign-in/passkey/ask");
        return await browser.PostAsync("/sign-in/confirm/passkey", ("ceremony", ceremony), ("answer", device.Get(options)), ("returnUrl", "/console/settings/keys/new"));
    }

    private static async Task<(string Ceremony, JsonElement Options)> AskAsync(WebBrowser browser, string path)
    {
        using var response = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, path), "application/json");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var offer = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        return (offer.GetProperty("ceremony").GetString()!, offer.GetProperty("options"));
    }

    private static async Task<string> SessionOfAsync(WebShop shop, WebBrowser browser) => (await shop.Database.WriteAsync(tx =>
        shop.Get<Wellmet.Platform.Access.Sessions.SessionStore>().StartAsync(tx, browser.StaffId, Wellmet.Platform.Access.Sessions.Origin.Local, CancellationToken.None), CancellationToken.None)).Text;

    private static Task<List<string>> ActsAsync(WebShop shop) => shop.Database.ReadAsync(s => s.QueryAsync(
        "select action, detail from audit_entries where action like 'passkey.%' or detail = 'passkey'", null, r => $"{r.Text(0)} {r.TextOrNull(1)}".Trim(), CancellationToken.None), CancellationToken.None);

    private static async Task<string> BodyAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync();
            response.StatusCode.ShouldBe(expected, body[..Math.Min(body.Length, 300)]);
            return body;
        }
    }

    [GeneratedRegex("[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}", RegexOptions.None, 1000)]
    private static partial Regex RecoveryCode();

    [GeneratedRegex("/console/account/passkeys/[0-9a-f-]{36}", RegexOptions.None, 1000)]
    private static partial Regex PasskeyLink();

    [GeneratedRegex("name=\"challenge\" value=\"([^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Challenge();
}
