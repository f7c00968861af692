using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>Consent in a real browser: a sign-up that is confirmed by its link, what a customer tells staff, the rules.</summary>
public sealed class ConsentTest(ProductionApp app) : IClassFixture<ProductionApp>
{
    private const string SignUp = """
        {"consents": [{"email": "anna.berg@example.com", "purpose": "marketing", "channel": "email", "decision": "asked", "source": "form", "method": "checkbox",
          "wording": "Yes, send me news and offers by e-mail. I can unsubscribe at any time.", "wording_version": "2026-01", "language": "en", "place": "https://tea.example/newsletter",
          "ip": "203.0.113.77", "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}]}
        """;

    [Theory]
    [InlineData(1440, false, "en")]
    [InlineData(390, true, "zh-CN")]
    public async Task A_sign_up_is_confirmed_shown_with_its_proof_and_withdrawn(int width, bool dark, string language)
    {
        var docs = language == "en";
        var page = await app.OpenAsync(width, dark, language);
        var consent = await SignUpAsync(page, language);
        var customer = consent.GetProperty("customer_id").GetString();

        await page.GotoAsync(consent.GetProperty("confirmation_url").GetString()!);
        await CheckAsync(page, $"consent-confirm-{width}", width);
        await Screenshots.TakeAsync(page, docs ? "consent-confirm" : "consent-confirm-zh", forDocs: docs);
        await page.Locator("main button.primary").ClickAsync();
        await page.Locator("main form").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await page.GotoAsync($"/console/customers/{customer}");
        await page.Locator($"a[href$='/{customer}/consents']").ClickAsync();
        await page.Locator("ol.timeline li").First.WaitForAsync();
        await CheckAsync(page, $"consents-{width}", width);
        await Screenshots.TakeAsync(page, docs ? "consents" : "consents-zh", forDocs: docs);

        await page.Locator("select[name=use]").SelectOptionAsync("marketing email");
        await page.Locator("select[name=decision]").SelectOptionAsync("withdrawn");
        await page.Locator("input[name=note]").FillAsync("Called on Monday, wants no more mail");
        await page.Locator("main form.form button.primary").ClickAsync();
        await page.Locator(".toast").WaitForAsync();
        (await page.Locator("ol.timeline li").First.InnerTextAsync()).ShouldContain("Called on Monday");
        (await page.Locator("td .badge.attention").CountAsync()).ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(1440, false, "en")]
    [InlineData(390, true, "zh-CN")]
    public async Task Owners_change_a_rule(int width, bool dark, string language)
    {
        var page = await app.OpenAsync(width, dark, language);
        await page.GotoAsync("/console/settings/consent?market=eu");
        await CheckAsync(page, $"consent-rules-{width}", width);
        await Screenshots.TakeAsync(page, language == "en" ? "consent-rules" : "consent-rules-zh", forDocs: language == "en", fullPage: false);
        await page.Locator("a[href*='use=marketing'][href*='channel=sms']").ClickAsync();
        (await page.Locator("select[name=channel]").InputValueAsync()).ShouldBe("sms");
        await page.Locator("select[name=basis]").SelectOptionAsync("confirmed_consent");
        await page.Locator("main form button.primary").ClickAsync();
        await page.Locator(".toast").WaitForAsync();
        await page.Locator("a[href*='use=marketing'][href*='channel=sms']").ClickAsync();
        (await page.Locator("select[name=basis]").InputValueAsync()).ShouldBe("confirmed_consent");
    }

    /// <summary>As the shop's server does it, with a key that the owner makes.</summary>
    private async Task<JsonElement> SignUpAsync(IPage page, string name)
    {
        await page.GotoAsync("/console/settings/keys/new?kind=secret");
        await page.Locator("input[name=name]").FillAsync($"Newsletter {name}");
        await page.Locator("input[value='consent.write']").CheckAsync();
        await page.Locator("main form button.primary").ClickAsync();
        var key = await page.Locator("#key").InputValueAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.BaseUrl) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        http.DefaultRequestHeaders.Add("Idempotency-Key", name);
        using var answer = await http.PostAsync("/v1/consents", new StringContent(SignUp, Encoding.UTF8, "application/json"));
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("consents")[0];
    }

    private static async Task CheckAsync(IPage page, string name, int width)
    {
        await Accessibility.CheckAsync(page, name);
        (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBe(width, name);
    }
}
