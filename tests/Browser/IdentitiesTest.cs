using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>A family's tablet: the picture of who is one, the rules, and what was held back, joined all the same.</summary>
public sealed class IdentitiesTest(ShopApp app) : IClassFixture<ShopApp>
{
    private const string Rules = "/console/customers/identity-rules";

    [Fact]
    public async Task What_was_held_back_is_seen_joined_and_taken_back()
    {
        var page = await app.OpenAsync();
        await SignInAsync(page);
        await page.GotoAsync("/console/customers");
        await page.GetByRole(AriaRole.Link, new() { Name = "Identity rules" }).ClickAsync();
        await page.Locator("#held tbody tr").First.WaitForAsync();
        (await page.Locator("#held").InnerTextAsync()).ShouldContain("Another account was there first");
        await Screenshots.TakeAsync(page, "identity-rules", forDocs: true, fullPage: false);
        await Looks.TakeAsync(app, Rules, "identity-rules");

        await page.Locator("#held a", new() { HasText = "mum@example.com" }).First.ClickAsync();
        await page.Locator("svg.identity-graph").WaitForAsync();
        await Looks.TakeAsync(app, new Uri(page.Url).AbsolutePath, "identity-customer");
        await page.GetByRole(AriaRole.Link, new() { Name = "As a table" }).ClickAsync();
        await page.GetByText("Held back").First.WaitForAsync();
        await Screenshots.TakeAsync(page, "identities", forDocs: true, fullPage: false);
        await Looks.TakeAsync(app, new Uri(page.Url).AbsolutePath, "identities");

        await page.GotoAsync(Rules);
        await page.Locator("#held tr", new() { HasText = "mum@example.com" }).GetByRole(AriaRole.Button, new() { Name = "Join all the same" }).ClickAsync();
        await page.GetByText("Both are one customer now").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await page.GetByText("They are two customers again").WaitForAsync();

        await page.GotoAsync(Rules);
        await page.GetByLabel("One on each line").FillAsync("+44 800 111 222\n*@market.example");
        await page.GetByLabel("Browser: at most").FillAsync("7");
        await page.GetByLabel("A kind of your own").FillAsync("loyalty_card");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("Saved").WaitForAsync();
        (await page.GetByLabel("Browser: at most").InputValueAsync()).ShouldBe("7");
        (await page.GetByLabel("One on each line").InputValueAsync()).ShouldContain("*@market.example");
        await page.GetByLabel("loyalty_card: at most").WaitForAsync();
        await page.GetByLabel("Browser: at most").FillAsync("0");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("Nothing was changed").WaitForAsync();
    }

    /// <summary>Three of a family sign in on one tablet, as the shop's server says; the one who signed in last is told of first.</summary>
    private async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/console/settings/keys/new?kind=secret");
        await page.Locator("input[name=name]").FillAsync("The shop's server");
        await page.Locator("input[value='events.write']").CheckAsync();
        await page.Locator("main form button.primary").ClickAsync();
        var key = await page.Locator("#key").InputValueAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.BaseUrl) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        object[] batch = [Call("kid", "tablet-5f2c9a", 3), Call("mum", "tablet-5f2c9a", 2), Call("dad", "tablet-5f2c9a", 1), Call("dad", "laptop-81bd03", 4), Call("mum", "phone-77e1c4", 5)];
        using var answer = await http.PostAsync("/v1/batch", new StringContent(JsonSerializer.Serialize(new { batch }), Encoding.UTF8, "application/json"));
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    private static object Call(string user, string browser, int hour) => new
    {
        type = "identify", userId = $"cust-{user}", anonymousId = browser, timestamp = $"2026-02-01T0{hour}:00:00Z", traits = new { email = $"{user}@example.com", country = "GB" },
    };
}
