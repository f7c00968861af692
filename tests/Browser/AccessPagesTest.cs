using Microsoft.Playwright;
using Wellmet.Platform.Access.SecondFactors;

namespace Wellmet.Browser;

/// <summary>The program as people run it.</summary>
public sealed class ProductionApp() : ConsoleApp("Production");

/// <summary>Sign-in, staff, sessions, account and audit log in a real browser.</summary>
public sealed class AccessPagesTest(ProductionApp app) : IClassFixture<ProductionApp>
{
    private static readonly (string Name, string Path)[] Pages =
    [
        ("account", "/console/account"), ("authenticator", "/console/account/authenticator"), ("staff", "/console/settings/staff"), ("invite", "/console/settings/staff/new"),
        ("sessions", "/console/settings/sessions"), ("keys", "/console/settings/keys"), ("new-secret-key", "/console/settings/keys/new?kind=secret"), ("new-write-key", "/console/settings/keys/new?kind=write"), ("audit", "/console/settings/audit"), ("passkeys", "/console/account/passkeys"), ("second-factor", "/console/settings/staff/second-factor"),
    ];

    [Theory]
    [InlineData(1440, false, "en")]
    [InlineData(1440, true, "zh-CN")]
    [InlineData(390, true, "en")]
    [InlineData(390, false, "zh-CN")]
    public async Task Every_page_is_accessible_fits_and_keeps_the_content_policy(int width, bool dark, string language)
    {
        var page = await app.OpenAsync(width, dark, language);
        var complaints = Complaints(page);
        foreach (var (name, path) in Pages)
        {
            await page.GotoAsync(path);
            await page.Locator("h1").First.WaitForAsync();
            await CheckAsync(page, $"access-{name}-{width}-{(dark ? "dark" : "light")}-{language}", width);
        }
        await page.GotoAsync("/console/settings/staff");
        await page.Locator("#staff tbody a").First.ClickAsync();
        await page.Locator("form[action$='/role']").WaitForAsync();
        await CheckAsync(page, $"access-member-{width}-{language}", width);
        await page.GotoAsync("/console/settings/audit");
        await page.Locator("form[action$='/verify'] button").ClickAsync();
        await page.Locator(".notice.good").WaitForAsync();
        await CheckAsync(page, $"access-verified-{width}-{language}", width);
        complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1440, "en")]
    [InlineData(390, "zh-CN")]
    public async Task Before_sign_in_pages_are_accessible_too(int width, string language)
    {
        var context = await app.Browser.NewContextAsync(new() { BaseURL = app.BaseUrl, Locale = language, ViewportSize = new() { Width = width, Height = 844 } });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/console/settings/audit");
        page.Url.ShouldContain("/sign-in?returnUrl=");
        await CheckAsync(page, $"access-sign-in-{width}-{language}", width);
        await page.Locator("input[name=email]").FillAsync("nobody@example.com");
        await page.Locator("input[name=password]").FillAsync("not the password");
        await page.Locator("form[action='/sign-in'] button").ClickAsync();
        await page.Locator(".notice.bad").WaitForAsync();
        (await page.Locator("input[name=email]").InputValueAsync()).ShouldBe("nobody@example.com", "what was typed is kept");
        await CheckAsync(page, $"access-refused-{width}-{language}", width);
        await page.GotoAsync("/sign-in/link/gone");
        await page.Locator(".error-page").WaitForAsync();
        await CheckAsync(page, $"access-gone-{width}-{language}", width);
        await context.CloseAsync();
    }

    [Fact]
    public async Task Somebody_invited_joins_sets_up_the_app_and_signs_in_with_its_code()
    {
        var owner = await app.OpenAsync();
        await owner.GotoAsync("/console/settings/staff/new");
        await owner.GetByLabel("Name").FillAsync("Anna Agent");
        await owner.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        var link = await owner.Locator("input[name=link]").InputValueAsync();

        var context = await app.Browser.NewContextAsync(new() { BaseURL = app.BaseUrl });
        var page = await context.NewPageAsync();
        await page.GotoAsync(link);
        await page.GetByLabel("E-mail address").FillAsync("anna@example.com");
        await page.GetByLabel("Your name").FillAsync("Anna Agent");
        await page.GetByLabel("Password").FillAsync(ConsoleApp.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await page.GetByText("Or type this key").ClickAsync();
        var secret = (await page.Locator("details code").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(Totp.Code(secret, TimeProvider.System.GetUtcNow()));
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch on" }).ClickAsync();
        (await page.Locator("main code").AllInnerTextsAsync()).Count.ShouldBe(10);
        await Accessibility.CheckAsync(page, "recovery codes");

        await page.GetByRole(AriaRole.Button, new() { Name = "Anna Agent" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await SignInPages.SignInAsync(page, "anna@example.com", ConsoleApp.Password);
        await Accessibility.CheckAsync(page, "code");
        // The code of the next half minute: the one of this half minute was used above, and a code works once.
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(Totp.Code(secret, TimeProvider.System.GetUtcNow().AddSeconds(30)));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.GotoAsync("/console/account");
        await page.GetByText("10 recovery codes are left.").WaitForAsync();
        var cookies = await context.CookiesAsync();
        var session = cookies.Single(c => c.Name == "__Host-wm-session");
        (session.Secure, session.HttpOnly, session.Expires).ShouldBe((true, true, -1f));
        await context.CloseAsync();
    }

    [Theory]
    [InlineData(1440, "en")]
    [InlineData(390, "zh-CN")]
    public async Task An_owner_without_a_second_factor_is_told_so_above_every_page_while_the_shop_demands_one(int width, string language)
    {
        var page = await app.OpenAsync(width, dark: width < 600, language);
        var notice = page.Locator(".notice:has(a[href='/console/account'])");
        await page.GotoAsync("/console/settings/audit");
        await notice.WaitForAsync();
        await CheckAsync(page, $"access-second-factor-due-{width}-{language}", width);
        await notice.GetByRole(AriaRole.Link).ClickAsync();
        await page.WaitForURLAsync("**/console/account");

        await DemandAsync(page, false);
        await page.GotoAsync("/console/settings/audit");
        await page.Locator("h1").WaitForAsync();
        (await notice.CountAsync()).ShouldBe(0);
        await DemandAsync(page, true);
        await page.GotoAsync("/console/settings/audit");
        await notice.WaitForAsync();
    }

    [Fact]
    public async Task Somebody_who_typed_the_wrong_password_too_often_is_let_in_again_by_an_owner()
    {
        const string email = "paula@example.com";
        var owner = await app.OpenAsync();
        await owner.GotoAsync("/console/settings/staff/new");
        await owner.GetByLabel("Name").FillAsync("Paula Paused");
        await owner.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        var link = await owner.Locator("input[name=link]").InputValueAsync();
        var joined = await app.Browser.NewContextAsync(new() { BaseURL = app.BaseUrl });
        var start = await joined.NewPageAsync();
        await start.GotoAsync(link);
        await start.GetByLabel("E-mail address").FillAsync(email);
        await start.GetByLabel("Your name").FillAsync("Paula Paused");
        await start.GetByLabel("Password").FillAsync(ConsoleApp.Password);
        await start.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await start.GetByRole(AriaRole.Navigation).First.WaitForAsync();

        var context = await app.Browser.NewContextAsync(new() { BaseURL = app.BaseUrl });
        var page = await context.NewPageAsync();
        for (var tries = 0; tries < 5; tries++)
        {
            await SignInPages.SignInAsync(page, email, "wrong, and wrong again");
            await page.Locator(".notice.bad").WaitForAsync();
        }
        await SignInPages.SignInAsync(page, email, ConsoleApp.Password);
        await page.GetByText("Too many tries.").WaitForAsync();

        await owner.GotoAsync("/console/settings/staff");
        await owner.Locator("#staff tr", new() { HasText = "Paula Paused" }).GetByText("Sign-in paused").WaitForAsync();
        await owner.GetByRole(AriaRole.Link, new() { Name = "Paula Paused" }).ClickAsync();
        var card = owner.Locator("form[action$='/release']");
        await card.WaitForAsync();
        await CheckAsync(owner, "access-paused-1440-en", 1440);
        await card.GetByRole(AriaRole.Button).ClickAsync();
        await owner.GetByRole(AriaRole.Heading, new() { Name = "Sign-in link" }).WaitForAsync();
        await card.WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await SignInPages.SignInAsync(page, email, ConsoleApp.Password);
        await page.GetByRole(AriaRole.Navigation).First.WaitForAsync();
        await context.CloseAsync();
        await joined.CloseAsync();
    }

    private static async Task DemandAsync(IPage page, bool on)
    {
        await page.GotoAsync("/console/settings/staff/second-factor");
        await page.Locator("input[name=on]").SetCheckedAsync(on);
        await page.Locator("form[action='/console/settings/staff/second-factor'] button").ClickAsync();
        await page.WaitForURLAsync("**/console/settings/staff");
    }

    private static async Task CheckAsync(IPage page, string name, int width)
    {
        await Screenshots.TakeAsync(page, name);
        await Accessibility.CheckAsync(page, name);
        (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBe(width, name);
    }

    private static List<string> Complaints(IPage page)
    {
        var complaints = new List<string>();
        page.Console += (_, message) => { if (message.Type is "error" or "warning") { complaints.Add(message.Text); } };
        page.PageError += (_, error) => complaints.Add(error);
        return complaints;
    }
}
