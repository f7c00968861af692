using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;
using Wellmet.Platform.Ui.Parts;

namespace Wellmet.Tests.Platform.Ui;

/// <summary>The kit's own routes, and the document around every page.</summary>
public sealed partial class UiRoutesTest : IAsyncLifetime
{
    private UiHost ui = null!;

    public async ValueTask InitializeAsync() => ui = await UiHost.StartAsync(routes: app =>
    {
        app.MapGet("/console/customers", () => Html.Page<EmptyState>(new { Title = "No customers yet" }));
        app.MapPost("/undo", (HttpContext http) => new Toast("“Zoë” removed", "Undo", "/restore").Send(http));
    });

    public ValueTask DisposeAsync() => ui.DisposeAsync();

    [Fact]
    public async Task A_page_holds_nothing_inline_that_the_content_policy_forbids()
    {
        var html = await ui.Client.GetStringAsync("/console/customers");

        html.ShouldStartWith("<!DOCTYPE html>");
        InlineStyle().IsMatch(html).ShouldBeFalse();
        InlineScript().IsMatch(html).ShouldBeFalse();
        Handler().IsMatch(html).ShouldBeFalse();
        html.ShouldContain("No customers yet");
    }

    [Fact]
    public async Task The_navigation_shows_what_the_role_may_see()
    {
        var html = await ui.Client.GetStringAsync("/console/customers");

        html.ShouldContain("href=\"/console/customers\" aria-current=\"page\"");
        html.ShouldNotContain("/console/secrets");
    }

    [Fact]
    public async Task The_name_of_who_is_signed_in_is_encoded() =>
        (await ui.Client.GetStringAsync("/console/customers")).ShouldContain("Ann &lt;b&gt;Lee&lt;/b&gt;");

    [Fact]
    public async Task The_command_bar_finds_pages_by_either_language_but_only_permitted_ones()
    {
        (await ui.Client.GetStringAsync("/console/commands?q=cust")).ShouldContain("/console/customers");
        (await ui.Client.GetStringAsync("/console/commands?q=search")).ShouldNotContain("/console/secrets");
        (await AskAsync("/console/commands?q=客户", "wm_lang=zh-CN")).ShouldContain("/console/customers");
        (await AskAsync("/console/commands?q=cust", "wm_lang=zh-CN")).ShouldContain("客户");
        (await ui.Client.GetStringAsync("/console/commands?q=" + new string('x', 5000))).ShouldContain("Nothing found");
    }

    [Fact]
    public async Task Chinese_is_written_as_it_is_and_chosen_by_cookie_or_browser()
    {
        (await AskAsync("/console/customers", "wm_lang=zh-CN")).ShouldContain("跳到正文");
        (await AskAsync("/console/customers", "", "zh-TW,en;q=0.5")).ShouldContain("lang=\"zh-CN\"");
        (await AskAsync("/console/customers", "wm_lang=en", "zh-CN")).ShouldContain("lang=\"en\"");
    }

    [Theory]
    [InlineData("/console/customers?q=1", "/console/customers?q=1")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("", "/")]
    public async Task Choosing_a_language_goes_back_within_this_site_only(string returnUrl, string location)
    {
        var answer = await PostAsync("/language", new() { ["language"] = "zh-CN", ["returnUrl"] = returnUrl });

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.OriginalString.ShouldBe(location);
        answer.Headers.GetValues("Set-Cookie").ShouldContain(c => c.StartsWith("wm_lang=zh-CN;") && c.Contains("httponly"));
    }

    [Fact]
    public async Task A_post_without_the_antiforgery_token_is_refused()
    {
        using var body = new FormUrlEncodedContent([new("theme", "dark")]);

        (await ui.Client.PostAsync("/theme", body)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync("/theme", new() { ["theme"] = "dark" })).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_toast_goes_with_a_part_as_a_header_and_with_a_page_as_a_cookie_for_once()
    {
        using var part = new HttpRequestMessage(HttpMethod.Post, "/undo") { Headers = { { "HX-Request", "true" } } };
        (await ui.Client.SendAsync(part)).Headers.GetValues("HX-Trigger").Single().ShouldBe("{\"toast\":{\"text\":\"\\u201CZo\\u00EB\\u201D removed\",\"undo\":{\"label\":\"Undo\",\"path\":\"/restore\"}}}");

        var cookie = (await ui.Client.PostAsync("/undo", null)).Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("wm_toast="));
        using var page = new HttpRequestMessage(HttpMethod.Get, "/console/customers") { Headers = { { "Cookie", cookie.Split(';')[0] } } };
        var answer = await ui.Client.SendAsync(page);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("“Zoë” removed");
        answer.Headers.GetValues("Set-Cookie").ShouldContain(c => c.StartsWith("wm_toast=;"));
    }

    [Theory]
    [InlineData("%7B%22Text%22:%22x%22,%22UndoPath%22:%22https://evil.example%22%7D", "action=\"https://evil")]
    [InlineData("%7B%22Text%22:%22%3Cscript%3E%22%7D", "<script>")]
    [InlineData("not-json", "toast\"><")]
    public async Task A_forged_toast_does_no_harm(string cookie, string harm) =>
        (await AskAsync("/console/customers", "wm_toast=" + cookie)).ShouldNotContain(harm);

    [Fact]
    public async Task Assets_are_kept_for_ever_under_their_hash_and_compressed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, WebAssets.Url("console.js")) { Headers = { { "Accept-Encoding", "gzip, br" } } };
        var answer = await ui.Client.SendAsync(request);

        answer.Headers.CacheControl!.ToString().ShouldContain("immutable");
        answer.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        (await ui.Client.GetAsync("/assets/console.js?v=old")).Headers.CacheControl!.NoCache.ShouldBeTrue();
        (await ui.Client.GetAsync("/assets/console.js.br")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ui.Client.GetAsync("/assets/../appsettings.json")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Scripts_hold_no_way_to_run_text_as_code()
    {
        var script = await ui.Client.GetStringAsync(WebAssets.Url("console.js"));

        script.ShouldContain(".allowEval=!1");
        script.ShouldContain(".includeIndicatorStyles=!1");
        script.ShouldContain(".selfRequestsOnly=!0");
    }

    private async Task<string> AskAsync(string path, string cookies, string languages = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept-Language", languages } } };
        request.Headers.TryAddWithoutValidation("Cookie", cookies);
        return await (await ui.Client.SendAsync(request)).Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> form)
    {
        var page = await ui.Client.GetAsync("/console/customers");
        form["__RequestVerificationToken"] = Token().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value;
        using var body = new FormUrlEncodedContent(form);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body, Headers = { { "Cookie", page.Headers.GetValues("Set-Cookie").First().Split(';')[0] } } };
        return await ui.Client.SendAsync(request);
    }

    [GeneratedRegex("\\sstyle=|<style")]
    private static partial Regex InlineStyle();

    [GeneratedRegex("<script(?![^>]*\\ssrc=)")]
    private static partial Regex InlineScript();

    [GeneratedRegex("<[^>]*\\s(on\\w+|hx-on[\\w:-]*)=")]
    private static partial Regex Handler();

    [GeneratedRegex("name=\"request-token\" content=\"([^\"]+)\"")]
    private static partial Regex Token();
}
