using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>Two lists tried at one place of a shop, from a mistake in the form to what stands there for everybody.</summary>
public sealed class PlacementExperimentTest(TeaShopApp app) : IClassFixture<TeaShopApp>
{
    private const string Path = "/console/recommendations/experiments";
    private static readonly int[] Numbers = [.. Enumerable.Range(3000, 280)];

    [Fact]
    public async Task What_is_tried_is_shown_counted_and_decided()
    {
        await app.ImportAsync(TeaShop.OnlineRetailFile());
        await app.ImportAsync(TeaShop.AmericanFile(Numbers, 8000, new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero)));
        var page = await app.OpenAsync();
        await page.GotoAsync("/console/recommendations");
        await page.GetByText("Learnt from orders").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Experiments" }).ClickAsync();
        await page.GetByText("Nothing was tried yet").WaitForAsync();
        await PlanAsync(page);
        await app.LooksAsync(page.Url, "experiment-draft");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await page.GetByText("Running", new() { Exact = true }).WaitForAsync();

        var ordering = await VisitAsync(page.Url);
        await app.ImportAsync(TeaShop.AmericanFile(ordering, 9500, TimeProvider.System.GetUtcNow().AddSeconds(5)));
        var verdict = page.GetByText("Worse:");
        for (var i = 0; i < 60 && await verdict.CountAsync() == 0; i++)
        {
            await Task.Delay(500);
            await page.ReloadAsync();
        }
        await verdict.WaitForAsync();
        await Screenshots.TakeAsync(page, "experiment", forDocs: true);
        await Accessibility.CheckAsync(page, "experiment");
        await app.LooksAsync(page.Url, "experiment");

        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await page.GetByLabel("For everybody").SelectOptionAsync("for-you");
        await page.GetByRole(AriaRole.Button, new() { Name = "Decide" }).ClickAsync();
        await page.GetByText("Decided: for-you").WaitForAsync();
        await app.LooksAsync(page.Url, "experiment-decided");
        await page.GotoAsync(Path);
        await app.LooksAsync(page.Url, "experiments");
        await MixAsync(page);
    }

    /// <summary>The same two places in one list: nearly all open what was picked out for them.</summary>
    private async Task MixAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "New experiment" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Which list is liked?");
        await page.GetByLabel("Place", new() { Exact = true }).SelectOptionAsync("for-you");
        await page.Locator("#against-bestsellers").CheckAsync();
        await page.GetByLabel("How they are compared").SelectOptionAsync("interleaved");
        await page.GetByLabel("Decided by").SelectOptionAsync("clicks");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a draft" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await page.GetByText("Running", new() { Exact = true }).WaitForAsync();
        await VisitAsync(page.Url, mixed: true);
        await page.ReloadAsync();
        await page.GetByText("for-you is preferred by").WaitForAsync();
        await Screenshots.TakeAsync(page, "experiment-mixed", forDocs: true);
        await Accessibility.CheckAsync(page, "experiment-mixed");
        await app.LooksAsync(page.Url, "experiment-mixed");
    }

    /// <summary>A mistake is named and nothing typed is lost.</summary>
    private async Task PlanAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "New experiment" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Are best sellers enough?");
        await page.GetByLabel("Place", new() { Exact = true }).SelectOptionAsync("for-you");
        await page.Locator("#against-similar").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a draft" }).ClickAsync();
        await page.GetByText("similar cannot stand there").WaitForAsync();
        (await page.GetByLabel("Name", new() { Exact = true }).InputValueAsync()).ShouldBe("Are best sellers enough?");
        await app.LooksAsync(page.Url + "/new", "experiment-new");
        await page.Locator("#against-similar").UncheckAsync();
        await page.Locator("#against-bestsellers").CheckAsync();
        await page.GetByLabel("Stop when orders fall").FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a draft" }).ClickAsync();
        await page.GetByText("Draft", new() { Exact = true }).WaitForAsync();
    }

    /// <summary>All customers look at the place and half choose something, as the widget tells it; answers who is to order: most of those of one variant, few of the other.</summary>
    private async Task<List<int>> VisitAsync(string address, bool mixed = false)
    {
        var console = await app.OpenAsync();
        await console.GotoAsync("/console/settings/keys/new?kind=write");
        await console.Locator("input[name=name]").FillAsync(mixed ? "Other pages" : "Pages");
        await console.Locator("main form button.primary").ClickAsync();
        var key = System.Text.RegularExpressions.Regex.Match(await console.Locator("#page-snippet").InputValueAsync(), "data-write-key=\"([^\"]+)\"").Groups[1].Value;
        var secret = await console.Locator("#proof-secret").InputValueAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.BaseUrl) };
        var ordering = new List<int>();
        foreach (var number in mixed ? Numbers.Take(60) : Numbers)
        {
            var proof = SignedProof.Of(secret, number.ToString(CultureInfo.InvariantCulture));
            var answer = await AskAsync(client, "/v1/recommendations/page", new { writeKey = key, identityProof = proof, placement = "for-you", limit = 4 });
            var (experiment, variant) = (answer.GetProperty("experiment").GetString(), answer.GetProperty("variant").GetString());
            address.ShouldEndWith(experiment!);
            var skus = answer.GetProperty("recommendations").EnumerateArray().Select(r => r.GetProperty("sku").GetString()).ToArray();
            if (mixed)
            {
                var variants = answer.GetProperty("recommendations").EnumerateArray().ToDictionary(r => r.GetProperty("sku").GetString()!, r => r.GetProperty("variant").GetString()!);
                var liked = skus.First(s => variants[s!].StartsWith(number % 10 == 0 ? "bestsellers." : "for-you.", StringComparison.Ordinal));
                await AskAsync(client, "/v1/recommendations/page/shown", new { writeKey = key, identityProof = proof, placement = "for-you", experiment, shown = skus, chosen = liked, variants });
                continue;
            }
            await AskAsync(client, "/v1/recommendations/page/shown", new { writeKey = key, identityProof = proof, placement = "for-you", experiment, shown = skus, chosen = number % 2 == 0 ? skus[0] : null });
            if (number % 10 < (variant == "for-you" ? 7 : 2))
            {
                ordering.Add(number);
            }
        }
        return ordering;
    }

    /// <summary>Asks again where the shop's pages ask too often.</summary>
    private static async Task<JsonElement> AskAsync(HttpClient client, string path, object body)
    {
        while (true)
        {
            using var answer = await client.PostAsync(path, new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "text/plain"));
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode != HttpStatusCode.TooManyRequests)
            {
                answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
                return JsonElement.Parse(text);
            }
            await Task.Delay(200);
        }
    }
}
