using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Events;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Customers.Collection;

/// <summary>The pages for whoever connects a shop: what arrives, what is wrong with it, and lines to copy.</summary>
public sealed class EventPagesTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_arrives_is_shown_with_what_became_of_it_and_without_personal_values(Engine engine)
    {
        await using var shop = await WebShop.OpenAsync(engine);
        var key = (await shop.MakeKeyAsync(AccessPermissions.WriteEvents.Code)).Text;
        const string batch = """
            {"batch": [
              {"type": "track", "userId": "u1", "event": "Product Viewed", "messageId": "good", "properties": {"sku": "S1", "whisper": "ann@example.com"}},
              {"type": "track", "userId": "u1", "event": "Order Completed", "messageId": "doubtful", "properties": {"order_id": "1", "currency": "Euro", "products": [{"price": "cheap"}]}},
              {"type": "track", "userId": "u1", "messageId": "refused"},
              {"type": "track", "userId": "u1", "event": "Product Viewed", "messageId": "good"}
            ]}
            """;
        (await SendAsync(shop, key, batch)).ShouldBe(HttpStatusCode.OK);
        (await SendAsync(shop, key, batch)).ShouldBe(HttpStatusCode.OK);
        (await SendAsync(shop, key, "{")).ShouldBe(HttpStatusCode.BadRequest);
        using var owner = await shop.SignInAsync();

        var live = await owner.PageAsync(EventRoutes.Path);
        foreach (var shown in new[] { "Product Viewed", "Sealed: whisper", "Accepted, but doubtful", "currency_unknown", "products[].product_id", "products[].price", "Came twice", "event_missing", "json_invalid" })
        {
            live.ShouldContain(shown == "currency_unknown" ? "The currency should be" : shown);
        }
        live.ShouldNotContain("ann@example.com");
        (await owner.PageAsync(EventRoutes.Path + "?result=Refused")).ShouldNotContain("Product Viewed");

        await shop.Get<EventProblems>().FlushAsync(default);
        await shop.UseAsync<ListEventProblems>(async list => (await list.RunAsync(default)).Select(p => $"{p.Name}/{p.Problem}/{p.Property}/{p.Refused}/{p.Times}").Order(StringComparer.Ordinal).ShouldBe([
            "/event_missing//True/2", "/json_invalid//True/1", "Order Completed/currency_unknown/currency/False/1",
            "Order Completed/property_missing/products[].product_id/False/1", "Order Completed/property_no_number/products[].price/False/1"]));
        (await owner.PageAsync(EventRoutes.Problems)).ShouldContain("products[].price");
        using var auditor = await shop.SignInAsync(Role.Auditor);
        using var refused = await auditor.GetAsync(EventRoutes.Path);
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_one_node_takes_and_refuses_is_watched_on_another()
    {
        var storage = TestShop.NewStorage(Engine.Postgres);
        await using var other = await WebShop.OpenAsync(storage: storage, keepFolder: true);
        await using var shop = await WebShop.OpenAsync(storage: storage);
        var key = (await shop.MakeKeyAsync(AccessPermissions.WriteEvents.Code)).Text;
        using var owner = await other.SignInAsync();
        string page;
        var sent = 0;
        do
        {
            // Until the two have found each other.
            var words = new string('x', 5000);
            (await SendAsync(shop, key, $$$"""
                {"batch": [{"type": "track", "event": "Long {{{sent++}}}", "anonymousId": "a", "properties": {"title": "{{{words}}}"}},
                  {"type": "track", "event": "Short", "anonymousId": "a", "properties": {"color": "blåbär"}}, {"type": "track", "anonymousId": "a"}]}
                """)).ShouldBe(HttpStatusCode.OK);
            await Task.Delay(100);
            page = WebUtility.HtmlDecode(await owner.PageAsync(EventRoutes.Path));
        }
        while (!page.Contains("blåbär", StringComparison.Ordinal) && sent < 300);

        foreach (var shown in new[] { "blåbär", "event_missing", "Long " })
        {
            page.ShouldContain(shown);
        }
        other.Get<EventWatch>().Latest().Count(c => c.Name == "Short").ShouldBeLessThanOrEqualTo(sent, "a call is there once");
        var own = shop.Get<EventWatch>().Latest();
        own.Count.ShouldBe(Math.Min(200, 3 * sent), "nobody hears itself");
    }

    [Fact]
    public async Task A_key_that_sends_nonsense_fills_neither_memory_nor_the_database()
    {
        await using var shop = await WebShop.OpenAsync();
        var key = (await shop.MakeKeyAsync(AccessPermissions.WriteEvents.Code)).Text;
        for (var request = 0; request < 4; request++)
        {
            var calls = Enumerable.Range(0, 1000).Select(i => $$$"""{"type": "track", "event": "nonsense {{{request}}} {{{i}}}"}""");
            (await SendAsync(shop, key, $$"""{"batch": [{{string.Join(',', calls)}}]}""")).ShouldBe(HttpStatusCode.OK);
            await shop.Get<EventProblems>().FlushAsync(default);
        }

        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from customers_event_problems"), default)).ShouldBe(300);
        shop.Get<EventWatch>().Latest().Count.ShouldBe(200);
    }

    [Fact]
    public async Task The_lines_to_copy_work_as_they_stand()
    {
        await using var shop = await WebShop.OpenAsync();
        using var owner = await shop.SignInAsync();
        using var made = await owner.PostAsync("/console/settings/keys", ("kind", "secret"), ("name", "Server"), ("scopes", AccessPermissions.WriteEvents.Code));
        var page = await made.Content.ReadAsStringAsync();

        using var shell = Process.Start(new ProcessStartInfo("bash", ["-euc", LinesOf(page, "curl-snippet")]) { RedirectStandardOutput = true })!;
        (await shell.StandardOutput.ReadToEndAsync()).ShouldContain("\"accepted\"");

        var write = await shop.MakeWriteKeyAsync();
        var secret = ValueOf(await owner.PageAsync($"/console/settings/keys/{write.KeyId}"), "proof-secret");
        var exp = TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds();
        var proof = SignedProof.Of(secret, new { sub = "1001", email = "ann@example.com", exp });
        (await SendAsync(shop, write.Text, $$"""{"batch": [{"type": "track", "event": "Proved", "userId": "1001", "identityProof": "{{proof}}"}]}""")).ShouldBe(HttpStatusCode.OK);
        await shop.UseAsync<ListEvents>(async list => (await list.RunAsync(new(Name: "Proved"), default)).Events.Single().Facts.Trusted.ShouldBeTrue());
    }

    private static async Task<HttpStatusCode> SendAsync(WebShop shop, string key, string json)
    {
        using var http = new HttpClient { BaseAddress = shop.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/v1/batch", UriKind.Relative), content);
        return answer.StatusCode;
    }

    private static string LinesOf(string page, string id) => WebUtility.HtmlDecode(Regex.Match(page, $"<textarea[^>]*id=\"{id}\"[^>]*>(.*?)</textarea>", RegexOptions.Singleline).Groups[1].Value);

    private static string ValueOf(string page, string id) => WebUtility.HtmlDecode(Regex.Match(page, $"<input[^>]*id=\"{id}\"[^>]*value=\"([^\"]*)\"").Groups[1].Value);
}
