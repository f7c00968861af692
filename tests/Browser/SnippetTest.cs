using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>wellmet.js in a real browser, in pages of another origin than Wellmet's.</summary>
public sealed class SnippetTest(SnippetApp app) : IClassFixture<SnippetApp>
{
    [Fact]
    public async Task What_a_page_sends_arrives_once_whatever_the_network_does()
    {
        await using var shop = await SnippetShop.OpenAsync(app);
        var visitor = await SnippetVisitor.ComeAsync(app);
        await visitor.GoAsync(shop.Address + "?utm_source=letter&utm_campaign=spring");
        (await visitor.AnswersAsync("page", 1)).ShouldBe(["accepted"]);
        var context = visitor.Of("page").Single().GetProperty("context");
        (context.GetProperty("campaign").GetProperty("source").GetString(), context.GetProperty("campaign").GetProperty("name").GetString()).ShouldBe(("letter", "spring"));
        var cookie = (await visitor.Context.CookiesAsync([shop.Address])).Single(c => c.Name == "wm_visitor");
        (cookie.SameSite, cookie.Secure, cookie.Value).ShouldBe((SameSiteAttribute.Lax, false, visitor.Of("page").Single().GetProperty("anonymousId").GetString()));
        DateTimeOffset.FromUnixTimeSeconds((long)cookie.Expires).ShouldBeInRange(TimeProvider.System.GetUtcNow().AddDays(389), TimeProvider.System.GetUtcNow().AddMonths(13));

        // The answer is lost on the way: sent again under the same id.
        var (lost, busy) = (true, true);
        await visitor.Page.RouteAsync("**/v1/batch", async route =>
        {
            if (lost)
            {
                lost = false;
                await route.FetchAsync();
                await route.AbortAsync();
            }
            else if (busy)
            {
                busy = false;
                await route.FulfillAsync(new() { Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "1", ["Access-Control-Allow-Origin"] = "*", ["Access-Control-Expose-Headers"] = "Retry-After" } });
            }
            else
            {
                await route.ContinueAsync();
            }
        });
        await visitor.Page.EvaluateAsync("() => wellmet.shop('Product Viewed', { sku: 'L1', price: 4 })");
        (await visitor.AnswersAsync("Product Viewed", 1)).ShouldBe(["duplicate"]);
        visitor.Of("Product Viewed").Select(e => e.GetProperty("messageId").GetString()).Distinct().ShouldHaveSingleItem();
        visitor.Of("Product Viewed").Count.ShouldBe(3);

        await visitor.Page.UnrouteAllAsync();
        await visitor.Context.SetOfflineAsync(true);
        await visitor.Page.EvaluateAsync("() => { wellmet.track('One'); wellmet.track('Two') }");
        (await visitor.KeptAsync()).ShouldBe(2);
        await visitor.Context.SetOfflineAsync(false);
        (await visitor.AnswersAsync("One", 1)).ShouldBe(["accepted"]);
        (await visitor.AnswersAsync("Two", 1)).ShouldBe(["accepted"]);
        await visitor.Page.WaitForFunctionAsync("() => localStorage.length === 0");

        // The page is closed meanwhile: the next one sends it, under the same id, if nothing came through after all.
        await visitor.Context.SetOfflineAsync(true);
        await visitor.Page.EvaluateAsync("() => { wellmet.track('Three'); wellmet.track('') }");
        (await visitor.KeptAsync()).ShouldBe(2);
        await visitor.Page.CloseAsync();
        await visitor.Context.SetOfflineAsync(false);
        var next = await visitor.Context.NewPageAsync();
        var warned = next.WaitForConsoleMessageAsync(new() { Predicate = m => m.Text.StartsWith("Wellmet refused", StringComparison.Ordinal) });
        await next.GotoAsync(shop.Address);
        (await visitor.AnswersAsync("Three", 1))[0].ShouldBeOneOf("accepted", "duplicate");
        visitor.Of("Three").Select(e => e.GetProperty("messageId").GetString()).Distinct().ShouldHaveSingleItem();
        (await warned).Type.ShouldBe("warning");
        await next.WaitForFunctionAsync("() => localStorage.length === 0");
    }

    [Fact]
    public async Task Before_the_consent_nothing_is_kept_or_sent_and_after_its_withdrawal_nothing_is_left()
    {
        await using var shop = await SnippetShop.OpenAsync(app, "data-consent='required'");
        var visitor = await SnippetVisitor.ComeAsync(app);
        await visitor.GoAsync(shop.Address);
        await visitor.Page.EvaluateAsync("() => wellmet.track('Early')");
        await visitor.Page.WaitForTimeoutAsync(300);
        visitor.Sent.ShouldBeEmpty();
        (await visitor.Context.CookiesAsync()).ShouldBeEmpty();
        (await visitor.KeptAsync()).ShouldBe(0);

        await visitor.Page.EvaluateAsync("() => wellmet.consent({ Analytics: true, Advertising: false })");
        await visitor.AnswersAsync("Early", 1);
        visitor.Of("Early").Single().GetProperty("context").GetProperty("consent").GetProperty("categoryPreferences").GetRawText().ShouldBe("""{"Analytics":true,"Advertising":false}""");
        var id = (await visitor.CookieAsync()).ShouldNotBeNull();
        await visitor.GoAsync(shop.Address);
        await visitor.AnswersAsync("page", 2);

        await visitor.Context.RouteAsync("**/v1/batch", route => route.AbortAsync());
        await visitor.Page.EvaluateAsync("() => wellmet.track('Unsent')");
        (await visitor.KeptAsync()).ShouldBe(1);
        await visitor.Context.UnrouteAllAsync();
        await visitor.Page.EvaluateAsync("() => { wellmet.consent(false); wellmet.track('Late') }");
        (await visitor.Context.CookiesAsync()).ShouldBeEmpty();
        (await visitor.KeptAsync()).ShouldBe(0);
        await visitor.GoAsync(shop.Address);
        await visitor.Page.WaitForTimeoutAsync(1500);
        visitor.Of("Late").ShouldBeEmpty();
        visitor.Of("page").Count.ShouldBe(2);
        visitor.Of("Segment Consent Preference Updated").ShouldHaveSingleItem().GetProperty("anonymousId").GetString().ShouldBe(id);
    }

    [Fact]
    public async Task Whose_browser_sends_Global_Privacy_Control_keeps_no_number()
    {
        await using var shop = await SnippetShop.OpenAsync(app, "data-link-domains='localhost'", "<a href='http://localhost:9/'>Lamps elsewhere</a>");
        var visitor = await SnippetVisitor.ComeAsync(app);
        await visitor.GoAsync(shop.Address);
        (await visitor.CookieAsync()).ShouldNotBeNull();
        await visitor.Context.AddInitScriptAsync("Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })");
        await visitor.AnswersAsync("page", 1);
        foreach (var order in new[] { "1", "2" })
        {
            await visitor.GoAsync(shop.Address);
            (await visitor.Context.CookiesAsync()).ShouldBeEmpty();
            await visitor.Page.EvaluateAsync("order => wellmet.shop('Order Completed', [{ sku: 'L1', price: 4, quantity: 1 }], { order_id: order, currency: 'EUR' })", order);
            (await visitor.KeptAsync()).ShouldBe(0);
            await visitor.AnswersAsync("Order Completed", int.Parse(order, System.Globalization.CultureInfo.InvariantCulture));
        }
        visitor.Of("Order Completed").ShouldAllBe(e => e.GetProperty("context").GetProperty("gpc").GetBoolean());
        visitor.Of("Order Completed").Select(e => e.GetProperty("anonymousId").GetString()).Distinct().Count().ShouldBe(2);
        visitor.Of("page").Count.ShouldBe(1, "the first one, before the browser refused");
    }

    [Fact]
    public async Task A_visitor_goes_to_the_other_domain_of_the_shop_as_the_same_one()
    {
        await using var other = await SnippetShop.OpenAsync(app, "data-link-domains='127.0.0.1'", host: "localhost");
        await using var shop = await SnippetShop.OpenAsync(app, "data-link-domains='blog.example, localhost'", $"<a href='{other.Address}?a=1#lamps'>Go</a>");
        var visitor = await SnippetVisitor.ComeAsync(app);
        await visitor.GoAsync(shop.Address);
        await visitor.AnswersAsync("page", 1);
        var id = await visitor.CookieAsync();
        await visitor.Page.ClickAsync("a");
        await visitor.Page.WaitForFunctionAsync("address => location.href === address", other.Address + "?a=1#lamps");
        await visitor.AnswersAsync("page", 2);
        (await visitor.CookieAsync()).ShouldBe(id);
        visitor.Of("page")[^1].GetProperty("context").GetProperty("page").GetProperty("url").GetString().ShouldBe(other.Address + "?a=1#lamps");

        foreach (var (age, from) in new[] { (121_000, shop.Address), (1_000, "https://elsewhere.example/") })
        {
            var late = await SnippetVisitor.ComeAsync(app);
            var at = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - age;
            await late.Page.GotoAsync($"{other.Address}?_wm={id}.{Base36(at)}", new() { Referer = from });
            await late.AnswersAsync("page", 1);
            (await late.CookieAsync()).ShouldNotBe(id, $"{age} ms old, from {from}");
            late.Page.Url.ShouldBe(other.Address);
        }
    }

    [Fact]
    public async Task Elements_tell_without_code_and_what_is_told_last_arrives()
    {
        const string Body = """
            <button data-wellmet-track="Product Added" data-wellmet-prop-product-id="0012" data-wellmet-prop-price="2.55"><span>Buy</span></button>
            <form data-wellmet-track="Searched" onsubmit="return false"><input name="q"><button id="go">Search</button></form>
            """;
        await using var shop = await SnippetShop.OpenAsync(app, "data-page='off'", Body);
        var visitor = await SnippetVisitor.ComeAsync(app);
        await visitor.GoAsync(shop.Address);
        await visitor.Page.ClickAsync("span");
        await visitor.Page.ClickAsync("input");
        await visitor.Page.ClickAsync("#go");
        await visitor.AnswersAsync("Product Added", 1);
        await visitor.AnswersAsync("Searched", 1);
        visitor.Of("Searched").Count.ShouldBe(1);
        visitor.Of("page").ShouldBeEmpty();
        visitor.Of("Product Added").Single().GetProperty("properties").GetRawText().ShouldBe("""{"product_id":"0012","price":2.55}""");

        var console = await app.OpenAsync();
        await console.GotoAsync("/console/settings/events");
        await visitor.Page.EvaluateAsync("() => addEventListener('pagehide', () => wellmet.track('Left'), { capture: true })");
        await visitor.Page.GotoAsync(shop.Address + "plain");
        await console.GetByText("Left").WaitForAsync();
    }

    private static string Base36(long number)
    {
        var text = "";
        for (; number > 0; number /= 36)
        {
            text = "0123456789abcdefghijklmnopqrstuvwxyz"[(int)(number % 36)] + text;
        }
        return text;
    }
}
