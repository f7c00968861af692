using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Platform.Audit;

/// <summary>
/// Somebody with every right on the database, but without the keys, changes the log 200 times in ways chosen by a seeded generator; the triggers are
/// taken away first, as such a person would. Each change must be found, and after it is undone the log must be whole again.
/// </summary>
public sealed class AuditTamperTest
{
    private const int Mutations = 200, Entries = 60;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Every_change_is_found(Engine engine)
    {
        await using var shop = await AuditTest.OpenAsync(engine);
        await AuditTest.RecordAsync(shop, Entries, seal: true);
        await DropTriggersAsync(shop);
        (await AuditTest.VerifyAsync(shop)).IsWhole.ShouldBeTrue();
        var chance = new SeededRandom(20261122);
        var counts = new Dictionary<string, int>();

        for (var i = 0; i < Mutations; i++)
        {
            var kind = Kinds[chance.Next(Kinds.Length)];
            await shop.Database.WriteAsync(async tx =>
            {
                await tx.ExecuteAsync("create table kept_entries as select * from audit_entries");
                await tx.ExecuteAsync("create table kept_seals as select * from audit_seals");
                await MutateAsync(tx, kind, chance);
            }, CancellationToken.None);

            (await AuditTest.VerifyAsync(shop)).Findings.ShouldNotBeEmpty($"change {i}: {kind}");

            await shop.Database.WriteAsync(RestoreAsync, CancellationToken.None);
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
        }
        (await AuditTest.VerifyAsync(shop)).IsWhole.ShouldBeTrue();
        counts.Count.ShouldBe(Kinds.Length);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}")) + ": all found");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_log_whose_end_was_cut_off_or_exchanged_is_not_sealed_further_so_that_it_cannot_heal(Engine engine)
    {
        await using var shop = await AuditTest.OpenAsync(engine);
        await AuditTest.RecordAsync(shop, 5, seal: true);
        await DropTriggersAsync(shop);
        await shop.Database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("delete from audit_entries where id in (select entry_id from audit_seals where seq > 3)");
            await tx.ExecuteAsync("delete from audit_seals where seq > 3");
        }, CancellationToken.None);

        for (var i = 0; i < 3; i++)
        {
            // A third entry would reach the number of the checkpoint.
            await AuditTest.RecordAsync(shop, 1, seal: false);
            (await Should.ThrowAsync<ProblemException>(() => shop.Get<AuditChain>().SealAsync(CancellationToken.None))).Code.ShouldBe("audit_cut_off");
        }
        (await AuditTest.VerifyAsync(shop)).Findings.Select(f => f.ToString()).ShouldContain(f => f.Contains("its end was cut off"));

        await File.AppendAllTextAsync(shop.Get<AuditCheckpoint>().File, "x");
        (await Should.ThrowAsync<ProblemException>(() => shop.Get<AuditChain>().SealAsync(CancellationToken.None))).Code.ShouldBe("audit_checkpoint_changed");
    }

    [Fact]
    public async Task A_changed_or_missing_checkpoint_is_found()
    {
        await using var shop = await AuditTest.OpenAsync(Engine.Sqlite);
        await AuditTest.RecordAsync(shop, 3, seal: true);
        var file = shop.Get<AuditCheckpoint>().File;
        var text = await File.ReadAllTextAsync(file);

        await File.WriteAllTextAsync(file, "2" + text[1..]);
        (await AuditTest.VerifyAsync(shop)).Findings.ShouldHaveSingleItem().ToString().ShouldBe("The checkpoint file was changed.");
        File.Delete(file);
        (await AuditTest.VerifyAsync(shop)).Findings.ShouldHaveSingleItem().ToString().ShouldBe("The checkpoint file is missing.");
        await AuditTest.RecordAsync(shop, 1, seal: true);
        (await AuditTest.VerifyAsync(shop)).IsWhole.ShouldBeTrue("the next batch writes it anew");
    }

    [Fact]
    public async Task A_restored_installation_begins_a_new_checkpoint_and_says_so()
    {
        await using var shop = await AuditTest.OpenAsync(Engine.Sqlite, s => s.AddHostedService<AuditSealing>());
        await AuditTest.RecordAsync(shop, 3, seal: true);
        File.Delete(shop.Get<AuditCheckpoint>().File);
        shop.Get<AuditSignal>().Set();

        for (var i = 0; i < 200 && !File.Exists(shop.Get<AuditCheckpoint>().File); i++)
        {
            await Task.Delay(50);
        }
        (await shop.UseAsync<ListAudit, List<AuditEntry>>(u => u.RunAsync(new(Action: "audit.checkpoint_begun"), CancellationToken.None))).ShouldHaveSingleItem();
        (await AuditTest.VerifyAsync(shop)).IsWhole.ShouldBeTrue();
    }

    private static readonly string[] Kinds = ["flip actor", "flip text", "flip time", "flip code", "flip seal", "delete entry", "delete seal", "delete both", "swap entries", "swap seals", "insert", "truncate"];

    private static async Task MutateAsync(Transaction tx, string kind, SeededRandom chance)
    {
        var ids = await tx.QueryAsync("select entry_id from audit_seals order by seq", null, r => r.Guid(0), CancellationToken.None);
        var first = chance.Next(ids.Count - 1);
        var second = first + 1 + chance.Next(ids.Count - first - 1);
        var (id, other, seq) = (ids[first], ids[second], first + 1);
        var changed = kind switch
        {
            "flip actor" => await tx.ExecuteAsync("update audit_entries set actor = actor || 'x' where id = @id", new { id }),
            "flip text" => await tx.ExecuteAsync("update audit_entries set reason = null where id = @id", new { id }),
            "flip time" => await tx.ExecuteAsync("update audit_entries set at = @at where id = @id", new { id, at = DateTimeOffset.UnixEpoch }),
            "flip code" => await tx.ExecuteAsync("update audit_entries set mac = @mac where id = @id", new { id, mac = RandomNumberGenerator.GetBytes(32) }),
            "flip seal" => await tx.ExecuteAsync("update audit_seals set hash = @hash where seq = @seq", new { seq, hash = RandomNumberGenerator.GetBytes(32) }),
            "delete entry" => await tx.ExecuteAsync("delete from audit_entries where id = @id", new { id }),
            "delete seal" => await tx.ExecuteAsync("delete from audit_seals where seq = @seq", new { seq }),
            "delete both" => await tx.ExecuteAsync("delete from audit_entries where id = @id", new { id }) + await tx.ExecuteAsync("delete from audit_seals where entry_id = @id", new { id }),
            "swap entries" => await SwapAsync(tx, "audit_entries", "id", "target", id, other),
            "swap seals" => await SwapAsync(tx, "audit_seals", "entry_id", "hash", id, other),
            "insert" => await InsertAsync(tx, chance.Next(2) == 0),
            _ => await tx.ExecuteAsync("delete from audit_entries where id in (select entry_id from audit_seals where seq > @seq)", new { seq })
                + await tx.ExecuteAsync("delete from audit_seals where seq > @seq", new { seq }),
        };
        changed.ShouldBeGreaterThan(0, kind);
    }

    /// <summary>Exchanges one column of two rows.</summary>
    private static Task<int> SwapAsync(Transaction tx, string table, string key, string column, Guid id, Guid other) => tx.ExecuteAsync(
        $"update {table} set {column} = (select k.{column} from kept_{table[6..]} k where k.{key} = case when {table}.{key} = @id then @other else @id end) where {key} in (@id, @other)",
        new { id, other });

    /// <summary>A forged entry, with a seal at the end or still waiting for one.</summary>
    private static async Task<int> InsertAsync(Transaction tx, bool isSealed)
    {
        var id = Id.New();
        await tx.ExecuteAsync("""
            insert into audit_entries (id, at, actor, session_id, network, action, target, detail, reason, mac)
            select @id, at, 'somebody', session_id, network, action, target, detail, reason, mac from audit_entries where id = (select entry_id from audit_seals where seq = 1)
            """, new { id });
        return await tx.ExecuteAsync(isSealed
            ? "insert into audit_seals (seq, entry_id, hash) select max(seq) + 1, @id, @hash from audit_seals"
            : "insert into audit_unsealed (entry_id) values (@id)", new { id, hash = RandomNumberGenerator.GetBytes(32) });
    }

    private static async Task RestoreAsync(Transaction tx)
    {
        foreach (var table in new[] { "seals", "entries" })
        {
            await tx.ExecuteAsync($"delete from audit_{table}");
            await tx.ExecuteAsync($"insert into audit_{table} select * from kept_{table}");
            await tx.ExecuteAsync($"drop table kept_{table}");
        }
        await tx.ExecuteAsync("delete from audit_unsealed");
    }

    private static Task DropTriggersAsync(TestShop shop) => shop.Database.WriteAsync(async tx =>
    {
        foreach (var table in new[] { "audit_entries", "audit_seals" })
        {
            foreach (var trigger in tx.Engine == Engine.Sqlite ? new[] { $"{table}_no_update", $"{table}_no_delete" } : [$"{table}_grow on {table}"])
            {
                await tx.ExecuteAsync($"drop trigger {trigger}");
            }
        }
    }, CancellationToken.None);
}
