using System.Net;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform;

/// <summary>The page of events that were refused for good.</summary>
public sealed class DeadLetterPageTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_owner_sees_why_and_lets_it_try_again(Engine engine)
    {
        await using var shop = await WebShop.OpenAsync(engine);
        var subject = Id.New();
        await shop.Database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("""
                insert into log_events (subject_id, seq, partition, type, occurred_at, recorded_at, live, payload) values (@subject, 7, 0, 'customers.appeared', @at, @at, @live, @payload)
                """, new { subject, at = DateTimeOffset.UnixEpoch, live = true, payload = new Json("{}") }, default);
            await tx.ExecuteAsync("""
                insert into log_parked (subject_id, receiver, seq, partition, state, attempts, due_at, reason, parked_at) values (@subject, 'test.receiver', 7, 0, 'dead', 3, @at, '<b>why</b>', @at)
                """, new { subject, at = DateTimeOffset.UnixEpoch }, default);
        }, default);
        using var owner = await shop.SignInAsync(Role.Owner);

        var page = await owner.PageAsync("/console/settings/dead-letters");
        page.ShouldContain("&lt;b&gt;why&lt;/b&gt;");
        (await owner.PostAsync($"/console/settings/dead-letters/{subject}/7/replay", ("receiver", "test.receiver"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        (await shop.Database.ReadAsync(s => s.FirstAsync("select state from log_parked", null, r => r.Text(0), default), default)).ShouldBe("waiting");
        (await owner.PostAsync($"/console/settings/dead-letters/{subject}/7/replay", ("receiver", "test.receiver"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
