using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Idempotency;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform.Idempotency;

/// <summary>A route that pays out money: what must not happen twice.</summary>
public sealed class IdempotencyTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_same_request_twice_has_one_effect_and_the_same_answer(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        using var browser = await shop.SignInAsync();

        var first = await PayAsync(browser, "key-1", 5);
        var second = await PayAsync(browser, "key-1", 5);
        (first.Status, second.Status).ShouldBe((200, 200));
        second.Body.ShouldBe(first.Body);
        (first.Replayed, second.Replayed).ShouldBe((false, true));
        (await PaidAsync(shop)).ShouldBe(1);

        (await PayAsync(browser, "key-2", 5)).Replayed.ShouldBeFalse();
        (await PaidAsync(shop)).ShouldBe(2);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_key_with_another_request_is_refused_and_belongs_to_one_caller(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        using var browser = await shop.SignInAsync();
        using var other = await shop.SignInAsync();

        await PayAsync(browser, "key", 5);
        var changed = await PayAsync(browser, "key", 6);
        changed.Status.ShouldBe(422);
        changed.Body.ShouldContain("idempotency_key_reused");
        (await PayAsync(other, "key", 6)).Status.ShouldBe(200);
        (await PaidAsync(shop)).ShouldBe(2);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Thirty_at_once_have_one_effect_the_others_wait_or_repeat(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        using var browser = await shop.SignInAsync();
        await browser.TokenAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => PayAsync(browser, "key", 5)));

        (await PaidAsync(shop)).ShouldBe(1);
        answers.ShouldAllBe(a => a.Status == 200 || a.Status == 409);
        answers.Count(a => a.Status == 200 && !a.Replayed).ShouldBe(1);
        answers.Where(a => a.Status == 200).Select(a => a.Body).Distinct().ShouldHaveSingleItem();
        answers.Where(a => a.Status == 409).ShouldAllBe(a => a.Body.Contains("idempotency_in_progress"));
        (await PayAsync(browser, "key", 5)).Replayed.ShouldBeTrue();
    }

    [Fact]
    public async Task Two_nodes_with_one_database_have_one_effect()
    {
        var storage = TestShop.NewStorage(Engine.Postgres);
        await using var first = await OpenAsync(Engine.Postgres, storage);
        await using var second = await OpenAsync(Engine.Postgres, storage, keepFolder: true);
        using var browser = await first.SignInAsync();
        using var twin = second.Anonymous();
        foreach (var (name, value) in browser.Cookies)
        {
            twin.SetCookie(name, value);
        }
        await Task.WhenAll(browser.TokenAsync(), twin.TokenAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PayAsync(i % 2 == 0 ? browser : twin, "key", 5)));

        (await PaidAsync(first)).ShouldBe(1);
        answers.Count(a => a.Status == 200 && !a.Replayed).ShouldBe(1);
        answers.ShouldAllBe(a => a.Status == 200 || a.Status == 409);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_failed_was_not_done_and_may_be_sent_again(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        using var browser = await shop.SignInAsync();

        (await PayAsync(browser, "key", -1)).Status.ShouldBe(400);
        (await PayAsync(browser, "key", 0)).Status.ShouldBe(500);
        (await PaidAsync(shop)).ShouldBe(0);
        (await PayAsync(browser, "key", 5)).Status.ShouldBe(200);
        (await PaidAsync(shop)).ShouldBe(1);
    }

    [Fact]
    public async Task A_key_is_asked_for_and_has_limits_and_a_route_that_forgets_it_is_found()
    {
        await using var shop = await OpenAsync(Engine.Sqlite);
        using var browser = await shop.SignInAsync();

        foreach (var key in new[] { null, new string('x', 256), "with blank" })
        {
            var refused = await PayAsync(browser, key, 5);
            refused.Status.ShouldBe(400, key);
        }
        (await PayAsync(browser, new string('x', 255), 5)).Status.ShouldBe(200);
        (await PayAsync(browser, "key", 5, "/forgets")).Status.ShouldBe(500);
    }

    private static Task<WebShop> OpenAsync(Engine engine, StorageOptions? storage = null, bool keepFolder = false) => WebShop.OpenAsync(engine, storage: storage, keepFolder: keepFolder, routes: app =>
    {
        app.Services.GetRequiredService<Database>().WriteAsync(tx => tx.ExecuteAsync("create table if not exists test_payments (id text primary key, amount integer)"), CancellationToken.None).GetAwaiter().GetResult();
        app.MapPost("/pay", async (Payment payment, IdempotentRequest once, CancellationToken ct) => await once.OnceAsync(async tx =>
        {
            if (payment.Amount < 0)
            {
                throw new ProblemException("amount_negative", "Choose a role.");
            }
            var id = Id.New();
            await tx.ExecuteAsync("insert into test_payments (id, amount) values (@id, @Amount)", new { id = id.ToString(), payment.Amount }, ct);
            await Task.Delay(20, ct);
            return payment.Amount == 0 ? throw new InvalidOperationException("after the effect") : new Receipt(id, payment.Amount);
        }, ct)).RequireSignIn().RequireIdempotencyKey();
        app.MapPost("/forgets", (Payment payment) => payment.Amount).RequireSignIn().RequireIdempotencyKey();
    });

    private static async Task<Answer> PayAsync(WebBrowser browser, string? key, int amount, string path = "/pay")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { amount }) };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }
        using var response = await browser.SendAsync(request, "application/json");
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Contains("Idempotent-Replayed"));
    }

    private static Task<long> PaidAsync(WebShop shop) => shop.Database.ReadAsync(s => s.CountAsync("select count(*) from test_payments"), CancellationToken.None);

    private sealed record Answer(int Status, string Body, bool Replayed);

    internal sealed record Payment(int Amount);

    internal sealed record Receipt(Guid Id, int Amount);
}
