using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;

namespace Wellmet.Tests.Platform.Access.Keys;

/// <summary>What programs with a key get over HTTP, from the real server with routes of each kind.</summary>
public sealed class KeyRequestsTest
{
    private static readonly Permission ReadOrders = new("orders.read");

    [Fact]
    public async Task A_key_opens_what_takes_keys_and_has_its_scope()
    {
        await using var shop = await OpenAsync();
        var (orders, events, write) = (await shop.MakeKeyAsync("orders.read"), await shop.MakeKeyAsync("events.write"), await shop.MakeWriteKeyAsync());

        (await AskAsync(shop, HttpMethod.Get, "/both", Bearer(orders))).ShouldBe((200, $"key:{orders.KeyId}"));
        (await AskAsync(shop, HttpMethod.Post, "/both", Bearer(orders))).ShouldBe((200, $"key:{orders.KeyId}"), "without a forgery token");
        (await AskAsync(shop, HttpMethod.Get, "/both", Basic(orders))).Status.ShouldBe(200);
        (await AskAsync(shop, HttpMethod.Get, "/both", Bearer(events))).ShouldBe((403, "key_scope_missing"));
        (await AskAsync(shop, HttpMethod.Get, "/both", Bearer(write))).ShouldBe((403, "key_scope_missing"));
        (await AskAsync(shop, HttpMethod.Post, "/events", Bearer(events))).ShouldBe((200, "Secret"));
        (await AskAsync(shop, HttpMethod.Post, "/events", Basic(write))).ShouldBe((200, "Write"));
        (await AskAsync(shop, HttpMethod.Post, "/events", Bearer(orders))).ShouldBe((403, "key_scope_missing"));
        (await AskAsync(shop, HttpMethod.Get, "/people", Bearer(orders))).ShouldBe((401, "not_signed_in"), "a page takes no key");
        (await AskAsync(shop, HttpMethod.Get, "/demands", Bearer(orders))).ShouldBe((403, "key_scope_missing"), "the use case demands more than the route says");
    }

    [Fact]
    public async Task What_is_no_key_is_refused_and_told_how_to_send_one()
    {
        await using var shop = await OpenAsync();
        var revoked = await shop.MakeKeyAsync("events.write");
        await shop.UseAsync<RevokeAccessKey>(u => u.RunAsync(revoked.KeyId, CancellationToken.None));
        foreach (var header in new[] { Bearer(revoked), "Bearer x", "Basic !", "Basic " + Convert.ToBase64String("wm_write_x:"u8), "Negotiate abc", "Bearer " + new string('a', 5000) })
        {
            (await AskAsync(shop, HttpMethod.Post, "/events", header)).ShouldBe((401, "key_refused"), header);
            (await AskAsync(shop, HttpMethod.Get, "/both", header)).ShouldBe((401, "key_refused"), header);
        }
        using var response = await SendAsync(shop, HttpMethod.Post, "/keyed", null);
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer realm=\"wellmet\"");
        (await response.Content.ReadAsStringAsync()).ShouldContain("key_missing");
        using var refused = await SendAsync(shop, HttpMethod.Post, "/keyed", Bearer(revoked));
        refused.Headers.WwwAuthenticate.ToString().ShouldContain("error=\"invalid_token\"");
    }

    [Fact]
    public async Task A_session_is_never_used_in_the_place_of_a_key_nor_a_key_next_to_a_session()
    {
        await using var shop = await OpenAsync();
        var key = await shop.MakeKeyAsync("orders.read");
        using var owner = await shop.SignInAsync();
        async Task<(int, string)> AsOwnerAsync(HttpMethod method, string path, string? authorization, bool withToken)
        {
            var request = new HttpRequestMessage(method, path);
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }
            using var response = await owner.SendAsync(request, "application/json", withToken);
            return ((int)response.StatusCode, CodeOf(await response.Content.ReadAsStringAsync()));
        }

        (await AsOwnerAsync(HttpMethod.Post, "/keyed", null, withToken: true)).ShouldBe((401, "key_missing"), "the cookie opens no route for keys");
        (await AsOwnerAsync(HttpMethod.Post, "/events", null, withToken: true)).ShouldBe((401, "key_missing"));
        (await AsOwnerAsync(HttpMethod.Get, "/both", null, withToken: false)).ShouldBe((200, owner.StaffId.ToString()));
        (await AsOwnerAsync(HttpMethod.Get, "/both", Bearer(key), withToken: false)).ShouldBe((200, $"key:{key.KeyId}"), "the key goes before the session");
        (await AsOwnerAsync(HttpMethod.Get, "/both", "Bearer x", withToken: false)).ShouldBe((401, "key_refused"), "and a wrong one does not fall back to it");
        (await AsOwnerAsync(HttpMethod.Post, "/both", null, withToken: false)).ShouldBe((400, "request_forged"), "sessions need the token");
        (await AsOwnerAsync(HttpMethod.Post, "/both", null, withToken: true)).ShouldBe((200, owner.StaffId.ToString()));
        (await AsOwnerAsync(HttpMethod.Post, "/people", Bearer(key), withToken: false)).ShouldBe((400, "request_forged"), "a key does not stand for the token of a page");

        owner.SetCookie("Authorization", Bearer(key));
        owner.SetCookie("key", key.Text);
        (await AsOwnerAsync(HttpMethod.Post, "/keyed", null, withToken: true)).ShouldBe((401, "key_missing"), "no key by cookie");
        (await AskAsync(shop, HttpMethod.Post, $"/keyed?key={key.Text}&access_token={key.Text}&writeKey={key.Text}", null)).ShouldBe((401, "key_missing"), "nor in an address, which logs keep");
    }

    [Fact]
    public async Task A_write_key_may_come_in_the_body_a_secret_one_may_not()
    {
        await using var shop = await OpenAsync();
        var (secret, write) = (await shop.MakeKeyAsync("events.write"), await shop.MakeWriteKeyAsync());

        (await AskAsync(shop, HttpMethod.Post, "/events", null, write.Text)).ShouldBe((200, "Write"));
        (await AskAsync(shop, HttpMethod.Post, "/events", null, secret.Text)).ShouldBe((401, "key_refused"));
        (await AskAsync(shop, HttpMethod.Post, "/events", null, "wm_write_x")).ShouldBe((401, "key_refused"));
        (await AskAsync(shop, HttpMethod.Post, "/events", null)).ShouldBe((401, "key_missing"));
        (await AskAsync(shop, HttpMethod.Post, "/events", Bearer(secret), write.Text)).ShouldBe((200, "Secret"), "the header goes first");
        (await AskAsync(shop, HttpMethod.Post, "/keyed", null, write.Text)).ShouldBe((401, "key_missing"), "only where the route says so");
    }

    [Fact]
    public async Task Pages_of_other_sites_reach_the_collection_and_nothing_else()
    {
        await using var shop = await OpenAsync();
        var (secret, write) = (await shop.MakeKeyAsync("events.write", "orders.read"), await shop.MakeWriteKeyAsync());
        foreach (var (path, open) in new[] { ("/events", true), ("/both", false), ("/keyed", false), ("/people", false), ("/sign-in", false), ("/console", false) })
        {
            using var preflight = await SendAsync(shop, HttpMethod.Options, path, null, r =>
            {
                r.Headers.Add("Origin", "https://shop.example");
                r.Headers.Add("Access-Control-Request-Method", "POST");
                r.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
            });
            preflight.Headers.Contains("Access-Control-Allow-Origin").ShouldBe(open, path);
            preflight.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse(path);
        }
        void FromShop(HttpRequestMessage r)
        {
            r.Headers.Add("Origin", "https://shop.example");
            r.Headers.Add("Sec-Fetch-Site", "cross-site");
        }
        using var sent = await SendAsync(shop, HttpMethod.Post, "/events", Basic(write), FromShop);
        sent.StatusCode.ShouldBe(HttpStatusCode.OK);
        sent.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        using var leaked = await SendAsync(shop, HttpMethod.Post, "/events", Bearer(secret), FromShop);
        leaked.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        CodeOf(await leaked.Content.ReadAsStringAsync()).ShouldBe("key_in_page");
        using var other = await SendAsync(shop, HttpMethod.Get, "/both", Bearer(secret), r => r.Headers.Add("Origin", "https://shop.example"));
        other.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task The_audit_log_names_the_key_that_acted()
    {
        await using var shop = await OpenAsync();
        var key = await shop.MakeKeyAsync("orders.read");
        (await AskAsync(shop, HttpMethod.Post, "/audited", Bearer(key))).Status.ShouldBe(200);

        var (actor, network) = await shop.Database.ReadAsync(s => s.FirstAsync("select actor, network from audit_entries where action = 'test.done'", null, r => (r.Text(0), r.Text(1)), CancellationToken.None), CancellationToken.None);
        (actor, network).ShouldBe(($"key:{key.KeyId}", "local"));
    }

    private static Task<WebShop> OpenAsync() => WebShop.OpenAsync(routes: app =>
    {
        string Who(CurrentActor actor) => actor.Value.Name;
        app.MapGet("/both", Who).RequirePermission(ReadOrders).AcceptKeys();
        app.MapPost("/both", Who).RequirePermission(ReadOrders).AcceptKeys();
        app.MapGet("/people", Who).RequirePermission(ReadOrders);
        app.MapPost("/people", Who).RequirePermission(ReadOrders);
        app.MapPost("/keyed", Who).RequireKey(ReadOrders);
        app.MapGet("/demands", (CurrentActor actor) => actor.Demand(new("orders.edit"))).RequirePermission(ReadOrders).AcceptKeys();
        app.MapPost("/audited", async (Wellmet.Platform.Storage.Database database, Wellmet.Platform.Audit.AuditLog audit) =>
            await database.WriteAsync(tx => audit.RecordAsync(tx, "test.done", "test:1", null, CancellationToken.None), CancellationToken.None)).RequireKey(ReadOrders);
        app.MapPost("/events", async (HttpRequest request, CurrentKey key, CurrentActor actor) =>
        {
            using var reader = new StreamReader(request.Body);
            var body = await reader.ReadToEndAsync();
            await key.EnterAsync(body.Length == 0 ? null : body, CancellationToken.None);
            actor.Demand(AccessPermissions.WriteEvents);
            return key.Kind.ToString();
        }).RequireKey(AccessPermissions.WriteEvents).AcceptWriteKeyInBody();
    });

    private static string Bearer(IssuedKey key) => "Bearer " + key.Text;

    private static string Basic(IssuedKey key) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(key.Text + ":"));

    private static async Task<(int Status, string Answer)> AskAsync(WebShop shop, HttpMethod method, string path, string? authorization, string? body = null)
    {
        using var response = await SendAsync(shop, method, path, authorization, r => r.Content = body is null ? null : new StringContent(body));
        return ((int)response.StatusCode, CodeOf(await response.Content.ReadAsStringAsync()));
    }

    private static async Task<HttpResponseMessage> SendAsync(WebShop shop, HttpMethod method, string path, string? authorization, Action<HttpRequestMessage>? change = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = shop.Address };
        var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }
        change?.Invoke(request);
        return await client.SendAsync(request);
    }

    /// <summary>The code of a problem, else the text as it came.</summary>
    private static string CodeOf(string body)
    {
        if (!body.StartsWith('{'))
        {
            return body.Trim('"');
        }
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("code").GetString()!;
    }
}
