using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Wellmet.Customers.Collection;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Customers.Collection;

/// <summary>The collection API as shops' programs and pages call it.</summary>
public sealed class CollectionApiTest
{
    private static readonly string Write = AccessPermissions.WriteEvents.Code;
    private const string Viewed = """{"userId": "u1", "event": "Product Viewed", "messageId": "m1", "properties": {"sku": "S1"}}""";

    [Fact]
    public async Task Every_way_to_send_a_key_works_and_no_key_does_not()
    {
        await using var shop = await WebShop.OpenAsync();
        var (secret, write) = ((await shop.MakeKeyAsync(Write)).Text, (await shop.MakeWriteKeyAsync()).Text);
        using var http = new HttpClient { BaseAddress = shop.Address };
        async Task<HttpStatusCode> SendAsync(string path, string body, string? authorization = null, string type = "application/json") =>
            (await PostAsync(http, path, Encoding.UTF8.GetBytes(body), authorization, type)).Status;

        (await SendAsync("/v1/track", Viewed, "Bearer " + secret)).ShouldBe(HttpStatusCode.OK);
        (await SendAsync("/v1/track", Viewed, "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(write + ":")))).ShouldBe(HttpStatusCode.OK);
        (await SendAsync("/v1/t", Viewed, "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(write)))).ShouldBe(HttpStatusCode.OK);
        (await SendAsync("/v1/track", Viewed.Insert(1, $"\"writeKey\": \"{write}\","), type: "text/plain")).ShouldBe(HttpStatusCode.OK);
        (await SendAsync("/v1/track", Viewed)).ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync("/v1/track", Viewed, "Bearer wm_live_sk_wrong")).ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync("/v1/track", Viewed.Insert(1, $"\"writeKey\": \"{secret}\","))).ShouldBe(HttpStatusCode.Unauthorized, "a secret key has no place in a body");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task All_valid_json_is_taken_and_none_that_is_invalid(Engine engine)
    {
        var folder = Path.GetDirectoryName(RealData.Find("bad-input/json/y_array_empty.json"));
        Assert.SkipWhen(folder is null, "The data set bad-input/json is not at hand in a folder shared/data beside the repository.");
        await using var shop = await WebShop.OpenAsync(engine);
        var secret = (await shop.MakeKeyAsync(Write)).Text;
        using var http = new HttpClient { BaseAddress = shop.Address };
        var (valid, invalid, wrong) = (0, 0, new List<string>());
        foreach (var file in Directory.EnumerateFiles(folder!, "*.json"))
        {
            var name = Path.GetFileName(file);
            var value = await File.ReadAllBytesAsync(file);
            byte[] body = [.. """{"anonymousId": "a", "event": "Json", "properties": {"value": """u8, .. value, .. "}}"u8];
            var answer = await PostAsync(http, "/v1/track", body, "Bearer " + secret);
            var accepted = answer.Status == HttpStatusCode.OK && answer.Body.Contains("\"accepted\"", StringComparison.Ordinal);
            valid += name[0] == 'y' && accepted ? 1 : 0;
            invalid += name[0] == 'n' && answer.Status == HttpStatusCode.BadRequest ? 1 : 0;
            if ((name[0] == 'y' && !accepted) || (name[0] == 'n' && answer.Status != HttpStatusCode.BadRequest) || answer.Status >= HttpStatusCode.InternalServerError)
            {
                wrong.Add($"{name}: {(int)answer.Status} {answer.Body}");
            }
        }
        wrong.ShouldBeEmpty();
        (valid, invalid).ShouldBe((95, 188));
    }

    [Fact]
    public async Task Requests_beyond_the_limits_are_refused_with_the_limit()
    {
        await using var shop = await WebShop.OpenAsync();
        var secret = (await shop.MakeKeyAsync(Write)).Text;
        using var http = new HttpClient { BaseAddress = shop.Address };
        Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> SendAsync(string body, string path = "/v1/batch") => PostAsync(http, path, Encoding.UTF8.GetBytes(body), "Bearer " + secret);
        string Event(string more) => JsonSerializer.Serialize(new { type = "track", anonymousId = "a", @event = "E", properties = new { x = more } });

        (await SendAsync($$"""{"batch": [{{string.Join(',', Enumerable.Repeat("1", 2501))}}]}""")).Body.ShouldContain("batch_too_long");
        var tooLarge = await SendAsync($$"""{"batch": [{{string.Join(',', Enumerable.Repeat(Event(new string('x', 30_000)), 20))}}]}""");
        (tooLarge.Status, tooLarge.Body.Contains("request_too_large", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.BadRequest, true));
        var mixed = await SendAsync($$"""{"batch": [{{Event(new string('x', 33_000))}}, {{Event("y")}}]}""");
        mixed.Status.ShouldBe(HttpStatusCode.OK);
        mixed.Body.ShouldContain("event_too_large");
        mixed.Body.ShouldContain("accepted");
        (await SendAsync("[]")).Body.ShouldContain("json_invalid");
        (await SendAsync("{\"batch\": {}}")).Body.ShouldContain("batch_missing");
    }

    [Fact]
    public async Task A_body_packed_with_gzip_is_unpacked_and_a_bomb_is_not()
    {
        await using var shop = await WebShop.OpenAsync();
        var secret = (await shop.MakeKeyAsync(Write)).Text;
        using var http = new HttpClient { BaseAddress = shop.Address };

        (await PostAsync(http, "/v1/track", Packed(Encoding.UTF8.GetBytes(Viewed)), "Bearer " + secret, encoding: "gzip")).Body.ShouldContain("accepted");
        (await PostAsync(http, "/v1/track", Packed(new byte[200_000_000]), "Bearer " + secret, encoding: "gzip")).Body.ShouldContain("request_too_large");
        (await PostAsync(http, "/v1/track", [1, 2, 3], "Bearer " + secret, encoding: "gzip")).Body.ShouldContain("encoding_invalid");
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_at_once_and_what_was_taken_is_kept()
    {
        await using var shop = await WebShop.OpenAsync();
        var secret = (await shop.MakeKeyAsync(Write)).Text;
        using var http = new HttpClient { BaseAddress = shop.Address };
        using var release = new SemaphoreSlim(0);
        var held = shop.Database.WriteAsync(_ => release.WaitAsync(), default);
        string Batch(int n) => $$"""{"batch": [{{string.Join(',', Enumerable.Range(0, 2000).Select(i => $$"""{"type": "track", "anonymousId": "a{{i % 9}}", "event": "E", "messageId": "{{n}}-{{i}}"}"""))}}]}""";

        var requests = Enumerable.Range(0, 20).Select(n => PostAsync(http, "/v1/batch", Encoding.UTF8.GetBytes(Batch(n)), "Bearer " + secret)).ToList();
        var refused = await Task.WhenAny(requests);
        release.Release();
        await held;
        var answers = await Task.WhenAll(requests);

        (await refused).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await refused).Headers.RetryAfter.ShouldNotBeNull();
        var taken = answers.Count(a => a.Status == HttpStatusCode.OK);
        taken.ShouldBeInRange(1, 19);
        var kept = 0;
        await shop.Get<LogReader>().ForEachAsync<EventCollected>(_ => kept++, default);
        kept.ShouldBe(taken * 2000);
    }

    [Fact]
    public async Task A_request_keeps_its_room_while_it_is_read_and_gives_it_back()
    {
        await using var shop = await WebShop.OpenAsync();
        var secret = (await shop.MakeKeyAsync(Write)).Text;
        using var http = new HttpClient { BaseAddress = shop.Address };
        Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> SendAsync(string body) => PostAsync(http, "/v1/track", Encoding.UTF8.GetBytes(body), "Bearer " + secret);
        var reading = new List<CollectionQueue.Place>();
        while (shop.Get<CollectionQueue>().TryEnter(100 * 1024) is { } place)
        {
            reading.Add(place);
        }

        reading.Count.ShouldBe(200, "20,000 events of a kilobyte");
        var busy = await SendAsync(Viewed);
        (busy.Status, busy.Body.Contains("collection_busy", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.TooManyRequests, true));

        reading.ForEach(p => p.Dispose());
        reading.ForEach(p => p.Dispose());
        for (var i = 0; i < 300; i++)
        {
            (await SendAsync(new string((char)120, 90_000))).Status.ShouldBe(HttpStatusCode.BadRequest);
        }
        (await SendAsync(Viewed)).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static byte[] Packed(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }
        return memory.ToArray();
    }

    private static async Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> PostAsync(
        HttpClient http, string path, byte[] body, string? authorization, string type = "application/json", string? encoding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers);
    }
}
