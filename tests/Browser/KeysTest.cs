using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>Keys in a real browser: made, copied, rotated, revoked.</summary>
public sealed class KeysTest(ProductionApp app) : IClassFixture<ProductionApp>
{
    [Theory]
    [InlineData(1440, false, "en")]
    [InlineData(390, true, "zh-CN")]
    public async Task A_key_is_shown_once_copied_rotated_and_revoked(int width, bool dark, string language)
    {
        var page = await app.OpenAsync(width, dark, language);
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GotoAsync("/console/settings/keys/new?kind=secret");
        await page.Locator("input[name=name]").FillAsync($"Report {language}");
        await page.Locator("input[value='orders.read']").CheckAsync();
        await page.Locator("select[name=life]").SelectOptionAsync("90");
        await page.Locator("main form button.primary").ClickAsync();

        var key = await page.Locator("#key").InputValueAsync();
        key.ShouldStartWith("wm_live_sk_");
        await page.Locator("[data-copy=key]").ClickAsync();
        await page.Locator(".toast").WaitForAsync();
        (await page.EvaluateAsync<string>("() => navigator.clipboard.readText()")).ShouldBe(key);
        await CheckAsync(page, $"keys-once-{width}-{language}", width);

        await page.Locator("main a.primary").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = $"Report {language}" }).WaitForAsync();
        await CheckAsync(page, $"keys-list-{width}-{language}", width);
        await page.GetByRole(AriaRole.Link, new() { Name = $"Report {language}" }).ClickAsync();
        await page.Locator("form[action$='/rotate'] button").ClickAsync();
        (await page.Locator("#key").InputValueAsync()).ShouldNotBe(key);
        await page.GoBackAsync();
        await page.ReloadAsync();
        (await page.Locator("#secrets tbody tr").CountAsync()).ShouldBe(2);
        await CheckAsync(page, $"keys-key-{width}-{language}", width);
        await page.Locator("form[action$='/revoke'] button").ClickAsync();
        await page.Locator(".toast").WaitForAsync();
    }

    private static async Task CheckAsync(IPage page, string name, int width)
    {
        await Screenshots.TakeAsync(page, name);
        await Accessibility.CheckAsync(page, name);
        (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBe(width, name);
    }
}
