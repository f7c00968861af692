using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Platform;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.SafeHttp;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Webhooks;
using Wellmet.Privacy.Purposes;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Platform.Webhooks;

/// <summary>Outgoing webhooks against a real server that checks the signatures itself.</summary>
public sealed class WebhooksTest
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_happens_is_told_signed_and_once_to_those_who_listen_and_history_is_not(Engine engine)
    {
        await using var program = await ListeningProgram.StartAsync();
        await using var shop = await TestShop.OpenAsync(engine, configure: s => s.AddSingleton(Allowing(program)));
        var made = await CreateAsync(shop, program, "order.placed", "customer.erased");
        await CreateAsync(shop, program, "customer.merged");
        var subject = (await shop.SeeAsync([CollectionInShop.External("u1")]))[0].SubjectId;

        await shop.TellAsync([Order(subject, 1)], import: Id.New());
        await shop.TellAsync([Order(subject, 2)]);
        await shop.DrainAsync();
        var heard = (await program.WaitAsync(1)).ShouldHaveSingleItem();

        heard.IsSignedWith(made.Secret).ShouldBeTrue();
        heard.IsSignedWith(WebhookSecret.New()).ShouldBeFalse();
        heard.Type.ShouldBe("order.placed");
        heard.Id.ShouldStartWith("msg_");
        var data = heard.Json.GetProperty("data");
        (data.GetProperty("number").GetString(), data.GetProperty("customer_id").GetGuid(), data.GetProperty("revenue").GetProperty("amount_minor").GetInt64()).ShouldBe(("2", subject, 200));
        heard.Json.GetProperty("timestamp").GetDateTimeOffset().ShouldBe(Start);
        // What came of it is noted after the answer.
        while (await StatesAsync(shop) is ["order.placed pending 0"])
        {
            await Task.Delay(25);
        }
        (await StatesAsync(shop)).ShouldBe(["order.placed sent 1 204"]);

        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(subject, EraseCustomer.Word), default));
        var forget = (await program.WaitAsync(2))[1];
        (forget.Type, forget.Json.GetProperty("data").GetProperty("customer_id").GetGuid(), forget.IsSignedWith(made.Secret)).ShouldBe(("customer.erased", subject, true));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_message_that_is_not_taken_is_tried_ten_times_ever_later_and_again_when_staff_say_so(Engine engine)
    {
        await using var program = await ListeningProgram.StartAsync();
        var clock = new ManualClock(Start);
        await using var shop = await OpenAsync(engine, program, clock);
        var made = await CreateAsync(shop, program, "order.placed");
        program.Answer = http => { http.Response.StatusCode = 500; return Task.CompletedTask; };
        await shop.UseAsync<TestWebhook>(t => t.RunAsync(made.EndpointId, default));
        var waits = new List<TimeSpan>();
        for (var tried = 1; tried <= 10; tried++)
        {
            await SendAsync(shop);
            program.Heard.Count.ShouldBe(tried);
            await SendAsync(shop);
            program.Heard.Count.ShouldBe(tried, "not before its time");
            var next = await shop.Database.ReadAsync(s => s.FirstAsync("select next_at from webhooks_deliveries", null, r => (DateTimeOffset?)r.Time(0), default), default);
            waits.Add(next!.Value - clock.GetUtcNow());
            clock.Advance(waits[^1]);
        }

        waits[..9].Zip(SendWebhook.Waits.Skip(1)).ShouldAllBe(w => w.First >= w.Second && w.First <= w.Second * 1.1);
        (await StatesAsync(shop)).ShouldBe(["webhook.test failed 10 500 refused"]);
        program.Heard.Select(h => h.Id).Distinct().ShouldHaveSingleItem();
        program.Answer = http => { http.Response.StatusCode = 200; return Task.CompletedTask; };
        (await shop.UseAsync<ReplayWebhooks, int>(r => r.RunAsync(new(made.EndpointId, null), default))).ShouldBe(1);
        await SendAsync(shop);
        (await StatesAsync(shop)).ShouldBe(["webhook.test sent 1 200"]);
    }

    [Fact]
    public async Task It_waits_as_long_as_it_is_asked_to_follows_nobody_elsewhere_and_stops_where_the_endpoint_is_gone()
    {
        await using var program = await ListeningProgram.StartAsync();
        var clock = new ManualClock(Start);
        await using var shop = await OpenAsync(Engine.Sqlite, program, clock);
        var made = await CreateAsync(shop, program, "order.placed");
        program.Answer = http => { http.Response.StatusCode = 503; http.Response.Headers.RetryAfter = "600"; return Task.CompletedTask; };
        await shop.UseAsync<TestWebhook>(t => t.RunAsync(made.EndpointId, default));
        await SendAsync(shop);
        clock.Advance(TimeSpan.FromSeconds(599));
        await SendAsync(shop);
        program.Heard.Count.ShouldBe(1);

        program.Answer = http => { http.Response.Redirect(program.Address + "/elsewhere"); return Task.CompletedTask; };
        clock.Advance(TimeSpan.FromSeconds(1));
        await SendAsync(shop);
        program.Heard.ShouldAllBe(h => h.Path == "/hook");
        (await StatesAsync(shop)).ShouldBe(["webhook.test pending 2 302 redirect"]);

        program.Answer = http => { http.Response.StatusCode = 410; return Task.CompletedTask; };
        clock.Advance(TimeSpan.FromMinutes(6));
        await SendAsync(shop);
        await shop.UseAsync<TestWebhook>(t => t.RunAsync(made.EndpointId, default));
        await SendAsync(shop);
        program.Heard.Count.ShouldBe(3);
        (await shop.UseAsync<ReadWebhooks, IReadOnlyList<WebhookStatus>>(r => r.AllAsync(default)))[0].Endpoint.DisabledReason.ShouldBe("gone");
        program.Answer = http => Task.CompletedTask;
        await shop.UseAsync<SwitchWebhook>(s => s.RunAsync(made.EndpointId, true, default));
        await SendAsync(shop);
        program.Heard.Count.ShouldBe(4);
    }

    [Fact]
    public async Task After_a_rotation_both_secrets_sign_for_a_day()
    {
        await using var program = await ListeningProgram.StartAsync();
        var clock = new ManualClock(Start);
        await using var shop = await OpenAsync(Engine.Sqlite, program, clock);
        var made = await CreateAsync(shop, program, "order.placed");
        var rotated = await shop.UseAsync<RotateWebhook, MadeWebhook>(r => r.RunAsync(made.EndpointId, default));
        foreach (var day in new[] { 0, 1 })
        {
            clock.Advance(TimeSpan.FromDays(day));
            await shop.UseAsync<TestWebhook>(t => t.RunAsync(made.EndpointId, default));
            await SendAsync(shop);
        }

        program.Heard.Select(h => (h.Signatures.Length, h.IsSignedWith(rotated.Secret), h.IsSignedWith(made.Secret))).ShouldBe([(2, true, true), (1, true, false)]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_slow_endpoint_keeps_nobody_else_waiting_and_two_nodes_send_each_message_once(Engine engine)
    {
        await using var slow = await ListeningProgram.StartAsync();
        await using var quick = await ListeningProgram.StartAsync();
        var release = new TaskCompletionSource();
        slow.Answer = http => release.Task;
        await using var shop = await TestShop.OpenAsync(engine, workers: false, configure: s => s.AddSingleton(Allowing(slow, quick)));
        var (first, second) = (await CreateAsync(shop, slow, "order.placed"), await CreateAsync(shop, quick, "order.placed"));
        for (var i = 0; i < 12; i++)
        {
            await shop.UseAsync<TestWebhook>(t => t.RunAsync(first.EndpointId, default));
            await shop.UseAsync<TestWebhook>(t => t.RunAsync(second.EndpointId, default));
        }
        var other = ActivatorUtilities.CreateInstance<WebhookWorker>(shop.Services);

        var begun = (await Task.WhenAll(shop.Get<WebhookWorker>().BeginAsync(default), other.BeginAsync(default))).SelectMany(b => b).ToList();
        (await quick.WaitAsync(12)).Count.ShouldBe(12);
        release.TrySetResult();
        await Task.WhenAll(begun);
        await SendAsync(shop);

        quick.Heard.Select(h => h.Id).Distinct().Count().ShouldBe(12);
        (slow.Heard.Count, slow.Heard.Select(h => h.Id).Distinct().Count(), quick.Heard.Count).ShouldBe((12, 12, 12));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task About_somebody_who_objects_nothing_goes_out_but_what_carries_out_their_wish(Engine engine)
    {
        await using var program = await ListeningProgram.StartAsync();
        await using var shop = await TestShop.OpenAsync(engine, workers: false, configure: s => s.AddSingleton(Allowing(program)));
        var made = await CreateAsync(shop, program, "order.placed", "consent.recorded");
        var seen = await shop.SeeAsync([CollectionInShop.External("u1"), CollectionInShop.External("u2")]);
        await shop.UseAsync<ObjectToPurpose>(o => o.RunAsync(new(seen[0].SubjectId, Purpose.Export), default));
        var outbox = shop.Get<WebhookOutbox>();
        await shop.Database.WriteAsync(async tx =>
        {
            foreach (var person in seen)
            {
                await outbox.AddAsync(tx, Id.New(), new WebhookMessage("order.placed", Start, person.SubjectId, new { order_id = 1 }), [made.EndpointId], default);
            }
            await outbox.AddAsync(tx, Id.New(), new WebhookMessage("consent.recorded", Start, seen[0].SubjectId, new { }) { Purpose = Purpose.Service }, [made.EndpointId], default);
        }, default);

        await SendAsync(shop);

        (await StatesAsync(shop)).ShouldBe(["consent.recorded sent 1 204", "order.placed sent 1 204", "order.placed withheld 1 not_allowed"], ignoreOrder: true);
        program.Heard.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("https://127.0.0.1/hook")]
    [InlineData("https://10.0.0.7/hook")]
    [InlineData("https://[::1]/hook")]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("http://example.com/hook")]
    [InlineData("https://user:secret@example.com/hook")]
    [InlineData("ftp://example.com/hook")]
    [InlineData("hook")]
    public async Task An_address_inside_is_not_taken(string address)
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<CreateWebhook, MadeWebhook>(c => c.RunAsync(new(address, "Program", ["order.placed"]), default)))).Code.ShouldBe("address_invalid");
    }

    [Fact]
    public async Task A_name_that_leads_inside_is_not_called()
    {
        await using var program = await ListeningProgram.StartAsync();
        var options = Allowing(program) with { AllowedRanges = [], Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Loopback }) };
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false, configure: s => s.AddSingleton(options));
        var made = await shop.UseAsync<CreateWebhook, MadeWebhook>(c => c.RunAsync(new($"http://program.example:{program.Port}/hook", "Program", ["order.placed"]), default));
        await shop.UseAsync<TestWebhook>(t => t.RunAsync(made.EndpointId, default));

        await SendAsync(shop);

        (await StatesAsync(shop)).ShouldBe(["webhook.test pending 1 address_unreachable"]);
        program.Heard.ShouldBeEmpty();
    }

    private static Task<TestShop> OpenAsync(Engine engine, ListeningProgram program, TimeProvider clock) =>
        TestShop.OpenAsync(engine, workers: false, configure: s => s.AddSingleton(Allowing(program)).AddSingleton(clock));

    private static SafeHttpOptions Allowing(params ListeningProgram[] programs) =>
        new() { AllowPlainHttp = true, AllowedRanges = [IPNetwork.Parse("127.0.0.1/32")], Ports = [.. programs.Select(p => p.Port)], LeastFailureTime = TimeSpan.Zero };

    private static Task<MadeWebhook> CreateAsync(TestShop shop, ListeningProgram program, params string[] types) =>
        shop.UseAsync<CreateWebhook, MadeWebhook>(c => c.RunAsync(new(program.Address + "/hook", "Program", types), default));

    /// <summary>Sends all that is due.</summary>
    private static async Task SendAsync(TestShop shop) => await Task.WhenAll(await shop.Get<WebhookWorker>().BeginAsync(default));

    private static Task<List<string>> StatesAsync(TestShop shop) => shop.Database.ReadAsync(s => s.QueryAsync("""
        select m.type, d.state, d.attempts, d.status, d.reason from webhooks_deliveries d join webhooks_messages m on m.message_id = d.message_id order by d.created_at, d.message_id
        """, null, r => $"{r.Text(0)} {r.Text(1)} {r.Long(2)} {r.LongOrNull(3)} {r.TextOrNull(4)}".Replace("  ", " ", StringComparison.Ordinal).Trim(), default), default);

    private static OrderPlaced Order(Guid subject, int number) => new(subject, Start, Id.New(), $"{number}", Id.New(), "EUR", 100 * number, 1, "DE", false, []);
}
