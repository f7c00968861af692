using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Effects;
using Wellmet.Recommendations.Emails;
using Wellmet.Recommendations.Placements;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Recommendations;

/// <summary>A placement in an e-mail: what mail programs can show, in the language of who gets it, encoded whatever the catalogue holds.</summary>
public sealed partial class EmailBlockTest
{
    private const int Ann = 1057;
    private const string Link = "https://shop.example/p/{sku}?lang=en#top";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task It_shows_products_prices_reasons_and_links_with_the_marks_of_the_campaign(Engine engine)
    {
        await using var shop = await OpenAsync(engine);

        var block = await RenderAsync(shop, new EmailLinks(Link, [new("utm_campaign", "spring & sale"), new("utm_source", "wellmet")]));

        block.Answer.Personalised.ShouldBeTrue();
        block.Html.ShouldStartWith("<table role=\"presentation\" lang=\"en\" dir=\"ltr\"");
        block.Html.ShouldContain("max-width:600px");
        Links(block.Html)[0].ShouldBe("https://shop.example/p/E0?lang=en&utm_campaign=spring%20%26%20sale&utm_source=wellmet#top");
        var text = WebUtility.HtmlDecode(block.Html);
        text.ShouldContain("E0 PRODUCT");
        text.ShouldContain("£2.50");
        text.ShouldMatch("Because you bought (A0 PRODUCT and B0|B0 PRODUCT and A0) PRODUCT");
        block.Text.ShouldMatch("^E0 PRODUCT · £2.50\r\nBecause you bought (A0 PRODUCT and B0|B0 PRODUCT and A0) PRODUCT\r\nhttps://shop.example/p/E0\\?lang=en&utm_campaign=spring%20%26%20sale&utm_source=wellmet#top\r\n\r\n");
        block.Html.ShouldNotContain("class=");
        block.Html.ShouldNotContain("<style");

        var bare = await RenderAsync(shop, new EmailLinks(null, [new("utm_campaign", "spring")]), language: "zh-CN");
        Links(bare.Html).ShouldBeEmpty();
        bare.Html.ShouldContain("lang=\"zh-CN\"");
        WebUtility.HtmlDecode(bare.Html).ShouldContain("因为您购买过");
        bare.Text.ShouldNotContain("http");
    }

    [Fact]
    public async Task Pages_and_pictures_that_the_catalogue_knows_come_before_the_template()
    {
        await using var shop = await OpenAsync(Engine.Sqlite);
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_products set page_url = 'https://shop.example/lamps/e0?x=1', image_url = 'https://shop.example/e0.jpg' where sku = 'E0'", null, default), default);

        var block = await RenderAsync(shop, new EmailLinks(Link, [new("utm_source", "wellmet")]));

        Links(block.Html)[0].ShouldBe("https://shop.example/lamps/e0?x=1&utm_source=wellmet");
        block.Html.ShouldContain("src=\"https://shop.example/e0.jpg\"");
        Links(block.Html)[^1].ShouldStartWith("https://shop.example/p/");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Who_objects_gets_what_anybody_gets_and_where_there_is_nothing_there_is_no_table(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        await shop.ObjectAsync(Ann);

        var block = await RenderAsync(shop, new EmailLinks(null, []));
        block.Answer.Personalised.ShouldBeFalse();
        block.Answer.Products.Count.ShouldBe(4);
        WebUtility.HtmlDecode(block.Html).ShouldContain("Many customers buy this now; personal recommendations are turned off");
        block.Html.ShouldNotContain("Because");
        (await RenderAsync(shop, new EmailLinks(null, []), "buy-again")).ShouldSatisfyAllConditions(b => b.Html.ShouldBeEmpty(), b => b.Text.ShouldBeEmpty());
    }

    [Fact]
    public async Task Names_are_encoded_whatever_they_hold()
    {
        await using var shop = await OpenAsync(Engine.Sqlite);
        const string name = "<script>alert(\"x\")</script> & 'Ω'\r\nhttps://evil.example";
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_products set name = @name where sku = 'E0'", new { name }, default), default);

        var block = await RenderAsync(shop, new EmailLinks("https://shop.example/p?code={sku}", []));

        block.Html.ShouldNotContain("<script");
        block.Html.ShouldContain("&lt;script&gt;");
        block.Text.Split("\r\n")[0].ShouldBe("<script>alert(\"x\")</script> & 'Ω' https://evil.example · £2.50");
        Links(block.Html)[0].ShouldBe("https://shop.example/p?code=E0");
        new EmailLinks("https://shop.example/{sku}/", []).Of(Label("A/B?\"<&#1 名")).Page.ShouldBe("https://shop.example/A%2FB%3F%22%3C%26%231%20%E5%90%8D/");
    }

    [Fact]
    public async Task Colours_are_legible_in_light_and_dark_and_pictures_have_words()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        var html = await EmailBlock.RenderAsync([new("Lamp & shade", "£1", "Because", "https://shop.example/1", "https://shop.example/1.jpg"), new("Vase", null, "Because", null, null)], Viewer.Reading("en"), services, NullLoggerFactory.Instance);

        html.ShouldContain("<img src=\"https://shop.example/1.jpg\" width=\"96\" alt=\"Lamp &amp; shade\"");
        Regex.Count(html, "<img ").ShouldBe(1);
        var ground = Regex.Matches(html, "background-color:(#[0-9a-f]{6})").Select(m => m.Groups[1].Value).Distinct().Single();
        var inks = Regex.Matches(html, "[;\"]color:(#[0-9a-f]{6})").Select(m => m.Groups[1].Value).Distinct().ToList();
        inks.Count.ShouldBe(2);
        inks.ShouldAllBe(ink => Contrast(ink, ground) >= 4.5);
        inks.Append(ground).ShouldAllBe(c => c != "#000000" && c != "#ffffff", "mail programs change these by themselves");
        Regex.Count(html, "<td ").ShouldBe(Regex.Count(html, "<td [^>]*background-color"));
    }

    [Theory]
    [InlineData("javascript:alert('{sku}')")]
    [InlineData("/p/{sku}")]
    [InlineData("https://shop.example/p")]
    [InlineData("https://user:secret@shop.example/{sku}")]
    [InlineData("ftp://shop.example/{sku}")]
    [InlineData("{sku}")]
    public void An_address_that_is_none_is_refused(string link) => Should.Throw<ProblemException>(() => new EmailLinks(link, [])).Code.ShouldBe("link_malformed");

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task It_counts_as_shown_only_where_it_is_sent(Engine engine)
    {
        await using var shop = await OpenAsync(engine);

        await RenderAsync(shop, new EmailLinks(null, []));
        await shop.Get<ShownCounter>().FlushAsync(default);
        (await ShownAsync()).ShouldBe(0);

        var customer = (await shop.CustomerAsync(Ann)).ToString();
        await shop.UseAsync<EmailBlock, EmailBlock.Block>(e => e.SendAsync(new(new ServePlacement.Request("for-you", customer, null, null, "4"), "en", new EmailLinks(null, [])), default));
        await shop.Get<ShownCounter>().FlushAsync(default);
        (await ShownAsync()).ShouldBe(4);

        async Task<long> ShownAsync() => (await shop.UseAsync<ReadEffects, PlacementEffects>(r => r.RunAsync("for-you", default))).Shown;
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_letter_counts_once_however_often_its_request_comes_and_only_by_who_may_tell_what_happened(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await OpenAsync(engine, storage);
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        var path = $"/v1/recommendations/for-you/email?customer={await shop.CustomerAsync(Ann)}&limit=2";

        (await PostAsync("letter-1", RecommendationsPermissions.Read.Code)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        string[] both = [RecommendationsPermissions.Read.Code, AccessPermissions.WriteEvents.Code];
        using var http = await ClientAsync(both);
        foreach (var (letter, shown) in new[] { ("letter-1", 2), ("letter-1", 2), ("letter-2", 4) })
        {
            using var answer = await PostAsync(letter, http: http);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            Regex.Count(await answer.Content.ReadAsStringAsync(), "PRODUCT").ShouldBeGreaterThan(0);
            await web.Get<ShownCounter>().FlushAsync(default);
            (await shop.UseAsync<ReadEffects, PlacementEffects>(r => r.RunAsync("for-you", default))).Shown.ShouldBe(shown);
        }

        async Task<HttpClient> ClientAsync(params string[] scopes) => new()
        {
            BaseAddress = web.Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", (await web.MakeKeyAsync(scopes)).Text) },
        };

        async Task<HttpResponseMessage> PostAsync(string letter, string? scope = null, HttpClient? http = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
            request.Headers.Add("Idempotency-Key", letter);
            using var own = scope is null ? null : await ClientAsync(scope);
            return await (http ?? own!).SendAsync(request);
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_shops_server_asks_for_either_form(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await OpenAsync(engine, storage);
        await using var web = await WebShop.OpenAsync(engine, storage: storage);
        using var http = new HttpClient { BaseAddress = web.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await web.MakeKeyAsync(RecommendationsPermissions.Read.Code)).Text);
        var ask = $"/v1/recommendations/for-you/email?customer={await shop.CustomerAsync(Ann)}";

        (await GetAsync(ask + "&limit=2&language=zh&utm_campaign=a&link=https%3A%2F%2Fshop.example%2F%7Bsku%7D")).ShouldSatisfyAllConditions(
            a => a.Type.ShouldBe("text/html"), a => Links(a.Body).Count.ShouldBe(2), a => Links(a.Body)[0].ShouldBe("https://shop.example/E0?utm_campaign=a"), a => a.Body.ShouldContain("lang=\"zh-CN\""));
        (await GetAsync(ask + "&format=text")).ShouldSatisfyAllConditions(a => a.Type.ShouldBe("text/plain"), a => a.Body.ShouldStartWith("E0 PRODUCT"));
        (await GetAsync(ask, "text/plain")).Type.ShouldBe("text/plain");
        (await GetAsync(ask, "text/html, text/plain;q=0.5")).Type.ShouldBe("text/html");
        (await GetAsync(ask + "&format=html", "text/plain")).Type.ShouldBe("text/html");

        foreach (var (bad, code) in new[]
        {
            (ask + "&link=shop.example%2F%7Bsku%7D", "link_malformed"), (ask + "&language=fr", "parameter_malformed"), (ask + "&limit=21", "parameter_malformed"), (ask + "&utm_term=x", "parameter_unknown"),
            ("/v1/recommendations/for-you/email", "parameter_missing"), ("/v1/recommendations/nowhere/email", "placement_unknown"), (ask + "&sent=true", "parameter_unknown"),
        })
        {
            using var refused = await http.GetAsync(new Uri(bad, UriKind.Relative));
            (await refused.Content.ReadAsStringAsync()).ShouldContain($"/problems/{code}");
        }

        async Task<(string Type, string Body)> GetAsync(string path, string? accept = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (accept is not null)
            {
                request.Headers.Accept.ParseAdd(accept);
            }
            using var answer = await http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, body);
            return (answer.Content.Headers.ContentType!.MediaType!, body);
        }
    }

    [Fact]
    public async Task Only_who_may_read_recommendations()
    {
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite, configure: s => s.AddSingleton<WordCatalog>());
        var nobody = new Actor(Guid.CreateVersion7(), "auditor", Role.Auditor, _ => false);
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<EmailBlock>(e => e.RunAsync(new(new("bestsellers", null, null, null, null), "en", new EmailLinks(null, [])), default), nobody));
    }

    private static async Task<TestShop> OpenAsync(Engine engine, StorageOptions? storage = null)
    {
        var shop = await GiftShop.OpenAsync(engine, storage: storage, configure: s => s.AddSingleton<WordCatalog>());
        await shop.TrainAsync();
        return shop;
    }

    private static async Task<EmailBlock.Block> RenderAsync(TestShop shop, EmailLinks links, string placement = "for-you", string language = "en")
    {
        var customer = (await shop.CustomerAsync(Ann)).ToString();
        return await shop.UseAsync<EmailBlock, EmailBlock.Block>(e => e.RunAsync(new(new ServePlacement.Request(placement, customer, null, null, "4"), language, links), default));
    }

    private static ProductLabel Label(string sku) => new(Guid.CreateVersion7(), sku, "name", ProductType.Durable, null, 100, "GBP", Active: true);

    private static List<string> Links(string html) => [.. Href().Matches(html).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value))];

    /// <summary>WCAG 2.2.</summary>
    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double[] parts = [.. new[] { 1, 3, 5 }.Select(at => int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0).Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4))];
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }

    [GeneratedRegex("href=\"([^\"]*)\"", RegexOptions.None, 1000)]
    private static partial Regex Href();
}
