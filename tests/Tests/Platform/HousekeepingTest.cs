using Microsoft.Extensions.Logging.Abstractions;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Platform.Access;

namespace Wellmet.Tests.Platform;

public sealed class HousekeepingTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_has_expired_goes_and_what_counts_stays(Engine engine)
    {
        await using var shop = await StaffShop.OpenAsync(engine);
        var (_, session) = await shop.JoinAsync(Role.Agent, "ada@shop.test");
        await shop.Shop.Get<SignInAttempts>().CountAsync(new byte[16], "198.51.100.0/24", CancellationToken.None);
        await shop.Shop.Database.WriteAsync(tx => tx.ExecuteAsync("insert into idempotency_keys (key_hash, request_hash, answer, created_at) values (@hash, @hash, @answer, @now)",
            new { hash = new byte[32], answer = new Json("{}"), now = shop.Clock.GetUtcNow() }), CancellationToken.None);
        var housekeeping = new Housekeeping(shop.Shop.Database, [], shop.Clock, NullLogger<Housekeeping>.Instance);

        (await housekeeping.RunOnceAsync(CancellationToken.None)).ShouldBe(0);
        (await shop.FindAsync(session)).ShouldNotBeNull();
        shop.Clock.Advance(TimeSpan.FromDays(3));
        (await housekeeping.RunOnceAsync(CancellationToken.None)).ShouldBe(3, "two counted tries and a remembered request");
        shop.Clock.Advance(TimeSpan.FromDays(40));
        (await housekeeping.RunOnceAsync(CancellationToken.None)).ShouldBe(2, "a session and a used link");
    }
}
