using System.Net;
using System.Text;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Events;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Ui;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Customers.Collection;

/// <summary>Events as the address of an image, and the file with which pages send all others.</summary>
public sealed class PixelTest
{
    [Fact]
    public async Task An_image_is_an_event_and_any_other_address_is_an_image_too()
    {
        await using var shop = await WebShop.OpenAsync();
        var (write, secret) = ((await shop.MakeWriteKeyAsync()).Text, (await shop.MakeKeyAsync("events.write")).Text);
        using var http = new HttpClient { BaseAddress = shop.Address };
        string Call(string more, string? key = null) => $$"""{"writeKey": "{{key ?? write}}", "anonymousId": "v1"{{more}}}""";

        foreach (var data in new[]
        {
            Encode(Call(""", "type": "track", "event": "Email Opened", "messageId": "é>?ÿ" """)), Encode(Call(""", "event": "Email Opened" """)).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
            Encode(Call(""", "type": "track" """)), Encode(Call(""", "type": "batch", "batch": [] """)), Encode(Call(""", "event": "E" """, secret)), Encode(Call(""", "event": "E" """, "wm_write_no")),
            Encode("[]"), "%%%", "",
        })
        {
            using var answer = await http.GetAsync("/v1/pixel.gif?data=" + Uri.EscapeDataString(data));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, data);
            (answer.Content.Headers.ContentType!.MediaType, answer.Headers.CacheControl!.NoStore, answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single()).ShouldBe(("image/gif", true, "cross-origin"));
            (await answer.Content.ReadAsByteArrayAsync())[..10].ShouldBe([.. "GIF89a"u8, 1, 0, 1, 0]);
        }

        shop.Get<EventWatch>().Latest().Reverse().Select(c => (c.Type, c.Outcome.Reason)).ShouldBe([("track", null), ("track", null), ("track", "event_missing"), ("batch", "type_unknown")]);
    }

    [Fact]
    public async Task A_browser_that_refuses_is_heard()
    {
        await using var shop = await WebShop.OpenAsync();
        var write = (await shop.MakeWriteKeyAsync()).Text;
        using var http = new HttpClient { BaseAddress = shop.Address };
        http.DefaultRequestHeaders.Add("Sec-GPC", "1");

        (await http.GetAsync("/v1/pixel.gif?data=" + Uri.EscapeDataString(Encode($$"""{"writeKey": "{{write}}", "anonymousId": "v1", "event": "Email Opened"}""")))).EnsureSuccessStatusCode();

        var heard = new List<PrivacySignalled>();
        await shop.Get<Wellmet.Platform.Log.LogReader>().ForEachAsync<PrivacySignalled>(heard.Add, default);
        heard.ShouldHaveSingleItem().Refused.ShouldContain(Purpose.Measurement);
    }

    [Fact]
    public async Task The_snippet_is_small_and_may_be_loaded_from_anywhere()
    {
        var size = WebAssets.Read("wellmet.js.gz").Length;
        TestContext.Current.TestOutputHelper!.WriteLine($"wellmet.js: {size} bytes as gzip");
        size.ShouldBeInRange(1000, 3 * 1024);

        await using var shop = await WebShop.OpenAsync();
        using var http = new HttpClient { BaseAddress = shop.Address };
        using var answer = await http.GetAsync("/wellmet.js");
        (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType, answer.Headers.CacheControl!.MaxAge).ShouldBe((HttpStatusCode.OK, "text/javascript", TimeSpan.FromHours(1)));
        (answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single(), answer.Headers.GetValues("Access-Control-Allow-Origin").Single()).ShouldBe(("cross-origin", "*"));
    }

    private static string Encode(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json));
}
