using System.Net.Http.Headers;
using System.Text;
using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>A shop of its own for the pages of recommendations.</summary>
public sealed class TeaShopApp() : ConsoleApp("Production")
{
    public async Task ImportAsync(string text)
    {
        var file = Path.Combine(DataFolder, "tea.csv");
        await File.WriteAllTextAsync(file, text);
        await CommandAsync("import", "online-retail", file, "--json");
    }

    /// <summary>Wide and narrow, light and dark, in both languages: accessible, and nothing sticks out.</summary>
    public async Task LooksAsync(string address, string name)
    {
        foreach (var (width, dark, language) in new[] { (1440, true, "zh-CN"), (390, false, "en"), (390, true, "zh-CN") })
        {
            var page = await OpenAsync(width, dark, language);
            await page.GotoAsync(address);
            var shot = $"{name}-{width}-{(dark ? "dark" : "light")}-{language}";
            await Screenshots.TakeAsync(page, shot);
            await Accessibility.CheckAsync(page, shot);
            (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBe(width);
        }
    }
}

/// <summary>The page of recommendations, from nothing learnt to why something is offered.</summary>
public sealed class RecommendationsTest(TeaShopApp app) : IClassFixture<TeaShopApp>
{
    private const string Path = "/console/recommendations";

    [Fact]
    public async Task Orders_are_learnt_by_themselves_and_the_page_says_what_to_offer_and_why()
    {
        var page = await app.OpenAsync();
        await page.GotoAsync(Path);
        await page.GetByText("Nothing is learnt yet").WaitForAsync();
        await CheckAsync(page, "recommendations-empty");

        await ImportAsync();
        // Nobody reloads: the open page hears of the training.
        await page.GetByText("Learnt from orders").WaitForAsync(new() { Timeout = 60_000 });
        // The address stays the same, and the page may be loading anew already: the answer to the button is waited for.
        await page.RunAndWaitForResponseAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Train now" }).ClickAsync(), answer => answer.Request.Method == "POST");
        await page.GetByText("Learnt from orders").WaitForAsync();

        await page.GetByRole(AriaRole.Searchbox).Last.FillAsync("teapot");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Stoneware teapot" }).ClickAsync();
        await page.GetByText("Bought together in 40 orders").WaitForAsync();
        await Screenshots.TakeAsync(page, "recommendations", forDocs: true);
        var offer = await OpenProductAsync();
        await LooksAsync(offer.Url, "product-recommended");

        await page.GetByRole(AriaRole.Searchbox).Last.FillAsync(TeaShop.TeaDrinker);
        await page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await page.Locator("ul.picks a").First.ClickAsync();
        await page.GetByText("Because you bought").First.WaitForAsync();
        var offered = await page.Locator("#for-you td:first-child").AllInnerTextsAsync();
        offered[0].ShouldBe("Tea strainer with drip bowl");
        offered.ShouldNotContain("Stoneware teapot");
        await LooksAsync(page.Url);
        await SayAndTakeBackAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Open customer" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Region, new() { Name = "Recommended to this customer" });
        (await panel.Locator("li").First.InnerTextAsync()).ShouldContain("Because you bought");
        await LooksAsync(page.Url, "customer-recommended");
        await ArrangeAsync(page);
        await ShowInShopAsync(page);
    }

    /// <summary>
    /// The widget in a page of the shop, on another origin, under a strict content security policy: its place is taken before the answer is there, so nothing moves; it is personal only with a
    /// proof; with a wrong key the place stays empty and the page does not suffer.
    /// </summary>
    private async Task ShowInShopAsync(IPage console)
    {
        await console.GotoAsync("/console/settings/keys/new?kind=write");
        await console.Locator("input[name=name]").FillAsync("Tea shop pages");
        await console.Locator("main form button.primary").ClickAsync();
        var key = System.Text.RegularExpressions.Regex.Match(await console.Locator("#page-snippet").InputValueAsync(), "data-write-key=\"([^\"]+)\"").Groups[1].Value;
        var proof = SignedProof.Of(await console.Locator("#proof-secret").InputValueAsync(), TeaShop.TeaDrinker);
        await using var shop = await ShopPage.ServeAsync(app.BaseUrl, $"""
            <wellmet-recommendations write-key="{key}" placement="bestsellers" limit="3" heading="Popular"></wellmet-recommendations>
            <wellmet-recommendations id="personal" write-key="{key}" placement="for-you" limit="4" heading="For you" proof="{proof}" link="/tea/{"{sku}"}"></wellmet-recommendations>
            <wellmet-recommendations id="wrong" write-key="no-such-key" placement="for-you" limit="2" heading="Never seen"></wellmet-recommendations>
            <p id="below">What stands below must not move.</p>
            <wellmet-taste write-key="{key}" proof="{proof}" heading="Your recommendations"></wellmet-taste>
            """);
        foreach (var (width, dark) in new[] { (1280, false), (390, true) })
        {
            var visitor = await (await app.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light, Locale = "en-GB" })).NewPageAsync();
            await visitor.AddInitScriptAsync("try { document.cookie = 'wm_visitor=visitorOfTheSnippet' } catch {}");
            await visitor.GotoAsync(shop.Address);
            var personal = visitor.Locator("#personal");
            await personal.Locator("li a").First.WaitForAsync();
            await visitor.Locator("wellmet-recommendations").First.Locator("li a").First.WaitForAsync();
            (await personal.Locator("li").First.InnerTextAsync()).ShouldContain("Tea strainer with drip bowl");
            (await personal.Locator("li").First.InnerTextAsync()).ShouldContain("Because you bought");
            (await personal.Locator("li").First.InnerTextAsync()).ShouldContain("£8.00");
            (await personal.Locator("li a").First.GetAttributeAsync("href")).ShouldBe("/tea/702");
            await Assertions.Expect(visitor.Locator("#wrong")).Not.ToHaveAttributeAsync("aria-busy", "true");
            (await visitor.Locator("#wrong li:not(.empty)").CountAsync()).ShouldBe(0);
            (await visitor.EvaluateAsync<double>("() => window.moved")).ShouldBe(0);
            (await visitor.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBe(width);
            await CheckAsync(visitor, $"widget-{width}");
            await CorrectAsync(visitor, personal, width);
            // All that was done so far took less than the second in which something counts as seen.
            await visitor.RunAndWaitForRequestAsync(() => personal.ScrollIntoViewIfNeededAsync(),
                request => request.Url.EndsWith("/page/shown", StringComparison.Ordinal) && request.PostData!.Contains("for-you", StringComparison.Ordinal) && request.PostData.Contains("\"shown\"", StringComparison.Ordinal));
            await visitor.RunAndWaitForResponseAsync(
                async () => (await visitor.EvaluateAsync<string>("() => { document.querySelector('#personal').shadowRoot.querySelector('a').click(); return window.chosen }")).ShouldBe("702"),
                answer => answer.Url.EndsWith("/page/shown", StringComparison.Ordinal) && answer.Request.PostData!.Contains("chosen", StringComparison.Ordinal));
            await visitor.Context.CloseAsync();
        }
        await EffectsAsync(console);
    }

    /// <summary>What the visitors above saw and chose has been told by the widget itself.</summary>
    private async Task EffectsAsync(IPage console)
    {
        var chosen = console.Locator(".tile").Nth(1).Locator(".figure");
        for (var i = 0; i < 40; i++)
        {
            await console.GotoAsync(Path + "/placements/for-you");
            if (await chosen.CountAsync() > 0 && await chosen.InnerTextAsync() == "2")
            {
                break;
            }
            await Task.Delay(250);
        }
        (await chosen.InnerTextAsync()).ShouldBe("2");
        int.Parse(await console.Locator(".tile").First.Locator(".figure").InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(4);
        await Screenshots.TakeAsync(console, "placement-effects", forDocs: true);
        await LooksAsync(console.Url, "placement-effects");
    }

    /// <summary>Why this product; not interested, a gift, off: each changes the next answer, and is taken back.</summary>
    private async Task CorrectAsync(IPage visitor, ILocator personal, int width)
    {
        var tail = width == 1280 ? "" : $"-{width}";
        var (first, dialog, taste) = (personal.Locator("li a").First, personal.GetByRole(AriaRole.Dialog), visitor.Locator("wellmet-taste"));
        await personal.Locator("li button").First.ClickAsync();
        await dialog.GetByText("Darjeeling first flush 100 g", new() { Exact = true }).WaitForAsync();
        await CheckAsync(visitor, "widget-why" + tail, forDocs: tail.Length == 0);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Not interested" }).ClickAsync();
        await dialog.GetByText("It will not be offered to you again").WaitForAsync();
        await Assertions.Expect(first).Not.ToHaveTextAsync("Tea strainer with drip bowl");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(first).ToHaveTextAsync("Tea strainer with drip bowl");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);

        await personal.Locator("li button").First.ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Darjeeling first flush 100 g: It was a gift" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await visitor.ReloadAsync();
        var gift = taste.GetByRole(AriaRole.Checkbox, new() { Name = "Darjeeling first flush 100 g" });
        await Assertions.Expect(gift).ToBeCheckedAsync();
        await CheckAsync(visitor, "widget-taste" + tail, forDocs: tail.Length == 0);
        await gift.ClickAsync();
        await Assertions.Expect(gift).Not.ToBeCheckedAsync();
        await Assertions.Expect(gift).ToBeFocusedAsync();

        var all = taste.GetByRole(AriaRole.Checkbox, new() { Name = "Personal recommendations" });
        await all.ClickAsync();
        await taste.GetByText("Your purchases are not used to choose products for you.").WaitForAsync();
        await Assertions.Expect(personal.Locator("li button")).ToHaveCountAsync(0);
        await all.ClickAsync();
        await Assertions.Expect(personal.Locator("li button").First).ToBeVisibleAsync();
    }

    /// <summary>A placement of the shop's own: a mistake is named and nothing typed is lost; what is saved holds, and goes again.</summary>
    private async Task ArrangeAsync(IPage page)
    {
        await page.GotoAsync(Path);
        await page.GetByRole(AriaRole.Link, new() { Name = "Placements" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Placements" }).WaitForAsync();
        await LooksAsync(page.Url, "placements");
        await page.GetByRole(AriaRole.Link, new() { Name = "New placement" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("tea-time");
        await page.GetByLabel("First in the list").FillAsync("702\nNO SUCH CODE");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("There is no product with the code NO SUCH CODE.").WaitForAsync();
        (await page.GetByLabel("Name", new() { Exact = true }).InputValueAsync()).ShouldBe("tea-time");
        await CheckAsync(page, "placement-refused");
        await page.GetByLabel("First in the list").FillAsync("702");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.WaitForURLAsync("**/placements/tea-time");
        var shown = page.GetByRole(AriaRole.Region, new() { Name = "What it shows now" }).Locator("li").First;
        (await shown.InnerTextAsync()).ShouldContain("Tea strainer with drip bowl");
        (await shown.InnerTextAsync()).ShouldContain("Chosen by the shop");
        await Screenshots.TakeAsync(page, "placement", forDocs: true);
        await LooksAsync(page.Url, "placement");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await page.WaitForURLAsync("**/placements");
        await Assertions.Expect(page.GetByText("tea-time")).ToHaveCountAsync(0);
    }

    /// <summary>Products picked out for the customer, saved; what they do not want leaves that list, too.</summary>
    private async Task SayAndTakeBackAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Pick out ten products" }).ClickAsync();
        var picked = page.GetByRole(AriaRole.Region, new() { Name = "Picked out for" }).Locator("ol li a");
        (await picked.First.InnerTextAsync()).ShouldBe("Tea strainer with drip bowl");
        (await page.GetByLabel("As a text for a letter").InputValueAsync()).ShouldContain("Tea strainer with drip bowl (702), £8.00");
        await Screenshots.TakeAsync(page, "suggestions", forDocs: true);
        await LooksAsync(page.Url, "suggestions");
        await SendAsync(page, page.Url);
        await NotWantedAsync(page, picked);
    }

    /// <summary>Nothing may be sent without an address and a consent; then the letter is seen as mail programs show it, and is said to be sent.</summary>
    private async Task SendAsync(IPage page, string back)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "As an e-mail" }).ClickAsync();
        await page.GetByText("No e-mail address of this customer is known").WaitForAsync();
        var letter = page.Url;
        await page.GotoAsync("/console/settings/keys/new?kind=secret");
        await page.Locator("input[name=name]").FillAsync("The shop's server");
        await page.Locator("input[value='events.write']").CheckAsync();
        await page.Locator("input[value='consent.write']").CheckAsync();
        await page.Locator("main form button.primary").ClickAsync();
        var key = await page.Locator("#key").InputValueAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.BaseUrl) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach (var (path, body) in new[]
        {
            ("/v1/identify", $$$"""{"userId": "{{{TeaShop.TeaDrinker}}}", "messageId": "address", "traits": {"email": "tea@example.com"}}"""),
            ("/v1/consents", $$"""{"consents": [{"user_id": "{{TeaShop.TeaDrinker}}", "address": "tea@example.com", "purpose": "marketing", "channel": "email", "decision": "given", "source": "form", "method": "checkbox", "wording": "Yes, send me news."}]}"""),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add("Idempotency-Key", path);
            using var answer = await http.SendAsync(request);
            answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        }
        var frame = page.FrameLocator("iframe.letter").GetByText("Tea strainer with drip bowl");
        for (var i = 0; i < 40; i++)
        {
            await page.GotoAsync(letter);
            if (await page.Locator("iframe.letter").CountAsync() > 0)
            {
                break;
            }
            await Task.Delay(250);
        }
        await frame.WaitForAsync();
        await Screenshots.TakeAsync(page, "suggestions-letter", forDocs: true);
        await LooksAsync(page.Url, "suggestions-letter");
        await page.GetByRole(AriaRole.Button, new() { Name = "It was sent" }).ClickAsync();
        await page.GetByText("Sent on").WaitForAsync();
        await page.GotoAsync(back);
    }

    /// <summary>What the customer does not want is gone from the very next list, and back when they take it back.</summary>
    private async Task NotWantedAsync(IPage page, ILocator picked)
    {
        var first = page.Locator("#for-you tbody tr").First;
        await first.GetByRole(AriaRole.Button, new() { Name = "Not interested" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take back" }).WaitForAsync();
        (await page.Locator("#for-you td:first-child").AllInnerTextsAsync()).ShouldNotContain("Tea strainer with drip bowl");
        (await picked.AllInnerTextsAsync()).ShouldNotContain("Tea strainer with drip bowl");
        await LooksAsync(page.Url, "recommendations-voice");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take back" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Take back" })).ToHaveCountAsync(0);
        (await page.Locator("#for-you td:first-child").First.InnerTextAsync()).ShouldBe("Tea strainer with drip bowl");
    }

    /// <summary>The candlestick's page: a bundle with its price, and what its customers also bought.</summary>
    private async Task<IPage> OpenProductAsync()
    {
        var page = await app.OpenAsync();
        await page.GotoAsync(Path + "?q=candlestick");
        await page.GetByRole(AriaRole.Link, new() { Name = "Brass candlestick" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Beeswax candles, set of 4" }).First.ClickAsync();
        var bundle = page.GetByRole(AriaRole.Region, new() { Name = "Bought together" });
        (await bundle.InnerTextAsync()).ShouldContain("Bought together in 40 orders");
        (await bundle.Locator(".total").InnerTextAsync()).ShouldContain("£21.25");
        await Screenshots.TakeAsync(page, "product", forDocs: true);
        return page;
    }

    private Task LooksAsync(string address, string name = "recommendations") => app.LooksAsync(address, name);

    private static async Task CheckAsync(IPage page, string name, bool forDocs = false)
    {
        await Screenshots.TakeAsync(page, name, forDocs);
        await Accessibility.CheckAsync(page, name);
    }

    private Task ImportAsync() => app.ImportAsync(TeaShop.OnlineRetailFile());
}
