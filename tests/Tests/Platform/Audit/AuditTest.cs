using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform.Audit;

public sealed class AuditTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_was_recorded_is_sealed_listed_and_verified(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        await RecordAsync(shop, 30, seal: true);
        await RecordAsync(shop, 5, seal: false);

        var verified = await VerifyAsync(shop);
        verified.IsWhole.ShouldBeTrue();
        (verified.Entries, verified.Sealed).ShouldBe((35, 30));

        var newest = await shop.UseAsync<ListAudit, List<AuditEntry>>(u => u.RunAsync(new(), CancellationToken.None));
        newest.Select(e => e.Target).Take(3).ShouldBe(["thing:4", "thing:3", "thing:2"]);
        newest[0].ShouldSatisfyAllConditions(e => e.Actor.ShouldBe("system"), e => e.Network.ShouldBe("local"), e => e.Reason.ShouldBe("because 4"));
        (await shop.UseAsync<ListAudit, List<AuditEntry>>(u => u.RunAsync(new(Action: "test.odd"), CancellationToken.None))).Count.ShouldBe(17);
        (await shop.UseAsync<ListAudit, List<AuditEntry>>(u => u.RunAsync(new(Action: "test."), CancellationToken.None))).Count.ShouldBe(35);
        (await shop.UseAsync<ListAudit, List<AuditEntry>>(u => u.RunAsync(new(Actor: "nobody"), CancellationToken.None))).ShouldBeEmpty();
        (await shop.UseAsync<ListAudit, List<AuditEntry>>(u => u.RunAsync(new(Before: newest[9].Id), CancellationToken.None)))[0].Id.ShouldBe(newest[10].Id);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_act_that_fails_leaves_no_entry_and_a_reason_has_a_limit(Engine engine)
    {
        await using var shop = await OpenAsync(engine);

        await Should.ThrowAsync<InvalidOperationException>(() => shop.UseAsync<AuditLog>(audit => shop.Database.WriteAsync(async tx =>
        {
            await audit.RecordAsync(tx, "test.failed", "thing:1", null, CancellationToken.None);
            throw new InvalidOperationException();
        }, CancellationToken.None)));
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<AuditLog>(audit => shop.Database.WriteAsync(
            tx => audit.RecordAsync(tx, "test.long", "thing:1", new string('x', 501), CancellationToken.None), CancellationToken.None)))).Code.ShouldBe("reason_long");

        (await VerifyAsync(shop)).Entries.ShouldBe(0);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_database_itself_refuses_changes(Engine engine)
    {
        await using var shop = await OpenAsync(engine);
        await RecordAsync(shop, 3, seal: true);

        foreach (var sql in new[]
        {
            "update audit_entries set actor = 'x'", "delete from audit_entries", "update audit_seals set seq = seq + 1", "delete from audit_seals",
            shop.Database.Engine == Engine.Postgres ? "truncate audit_entries" : "delete from audit_entries where 1 = 1",
        })
        {
            (await Should.ThrowAsync<System.Data.Common.DbException>(() => shop.Database.WriteAsync(tx => tx.ExecuteAsync(sql), CancellationToken.None)))
                .Message.ShouldContain("the audit log only grows");
        }
        (await VerifyAsync(shop)).IsWhole.ShouldBeTrue();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Writers_and_sealers_at_the_same_moment_make_one_whole_chain(Engine engine)
    {
        await using var shop = await OpenAsync(engine);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 10; i++)
            {
                await RecordAsync(shop, 1, seal: true);
            }
        }));
        await shop.Get<AuditChain>().SealAsync(CancellationToken.None);

        var verified = await VerifyAsync(shop);
        verified.Findings.ShouldBeEmpty();
        (verified.Entries, verified.Sealed).ShouldBe((80, 80));
    }

    [Fact]
    public async Task Only_owner_and_auditor_may_read_and_verify()
    {
        await using var shop = await OpenAsync(Engine.Sqlite);
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<VerifyAudit, AuditVerification>(u => u.RunAsync(CancellationToken.None), Actor.Anonymous));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ListAudit, List<AuditEntry>>(u => u.RunAsync(new(), CancellationToken.None), Actor.Anonymous));
    }

    internal static Task<TestShop> OpenAsync(Engine engine, Action<IServiceCollection>? configure = null) => TestShop.OpenAsync(engine, workers: false, configure, modules: []);

    internal static Task<AuditVerification> VerifyAsync(TestShop shop) => shop.UseAsync<VerifyAudit, AuditVerification>(u => u.RunAsync(CancellationToken.None));

    internal static async Task RecordAsync(TestShop shop, int count, bool seal)
    {
        await shop.UseAsync<AuditLog>(async audit =>
        {
            for (var i = 0; i < count; i++)
            {
                var number = i;
                await shop.Database.WriteAsync(tx => audit.RecordAsync(tx, number % 2 == 1 ? "test.odd" : "test.even", $"thing:{number}", $"because {number}", CancellationToken.None), CancellationToken.None);
            }
        });
        if (seal)
        {
            await shop.Get<AuditChain>().SealAsync(CancellationToken.None);
        }
    }
}
