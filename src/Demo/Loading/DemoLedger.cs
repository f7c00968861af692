using Wellmet.Demo.Contract;
using Wellmet.Demo.Generator;
using Wellmet.Platform.Storage;

namespace Wellmet.Demo.Loading;

/// <summary>The demo shop as its row says.</summary>
/// <param name="Held">Somebody works on it now.</param>
public sealed record DemoRow(Guid DemoId, DemoStage Stage, DemoPlan Plan, long Done, bool Held)
{
    public DemoShopState State => new(DemoId, Stage, Plan.Customers, Plan.Months, Done);
}

/// <summary>
/// The row of the demo shop. Who makes or removes it holds it by a number of its own and a time that moves on with each step; somebody whose time ran out, or
/// whose work is no longer wanted, finds that out at the next step, inside the transaction of that step.
/// </summary>
public sealed class DemoLedger(Database database, TimeProvider time) : IDemoShop
{
    /// <summary>How long a silent holder is waited for: longer than any step.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(20);

    private const string Columns = "demo_id, stage, customers, months, seed, ends_at, done, runner_until";

    public Database Database { get; } = database;
    public DateTimeOffset Now => time.GetUtcNow();

    public async Task<DemoShopState?> FindAsync(CancellationToken ct) => (await RowAsync(ct))?.State;

    public Task<DemoRow?> RowAsync(CancellationToken ct) => Database.ReadAsync(s => s.FirstAsync($"select {Columns} from demo_shop", null, Of, ct), ct);

    /// <summary>Enters a demo shop that is to be made; false where there is one.</summary>
    internal static async Task<bool> EnterAsync(Transaction tx, Guid demoId, DemoPlan plan, CancellationToken ct) => await tx.ExecuteAsync("""
        insert into demo_shop (place, demo_id, stage, customers, months, seed, ends_at, done) values (1, @demoId, 'making', @customers, @Months, @seed, @Now, 0) on conflict do nothing
        """, new { demoId, customers = (long)plan.Customers, plan.Months, seed = unchecked((long)plan.Seed), plan.Now }, ct) > 0;

    /// <summary>Whoever makes it notices at the next step.</summary>
    internal static async Task<bool> BeginRemovalAsync(Transaction tx, CancellationToken ct) =>
        await tx.ExecuteAsync("update demo_shop set stage = 'removing', done = 0 where stage <> 'removing'", null, ct) > 0;

    /// <summary>Takes the demo shop to work on it; null where somebody else does, or it is at another stage.</summary>
    internal Task<Guid?> ClaimAsync(DemoStage stage, CancellationToken ct)
    {
        var runner = Platform.Id.New();
        return Database.WriteAsync<Guid?>(async tx => await tx.ExecuteAsync(
            "update demo_shop set runner = @runner, runner_until = @until where stage = @stage and (runner is null or runner_until <= @now)",
            new { runner, until = Now + Hold, stage, now = Now }, ct) > 0 ? runner : null, ct);
    }

    /// <summary>Notes how far it got, in the transaction of the step.</summary>
    /// <exception cref="DemoLostException">Somebody else works on it by now, or it is not wanted any more.</exception>
    internal async Task StepAsync(Transaction tx, Guid runner, DemoStage stage, long done, CancellationToken ct)
    {
        if (await tx.ExecuteAsync("update demo_shop set done = @done, runner_until = @until where runner = @runner and stage = @stage", new { done, until = Now + Hold, runner, stage }, ct) == 0)
        {
            throw new DemoLostException();
        }
    }

    /// <summary>Gives it back, at this stage or at the next.</summary>
    internal Task ReleaseAsync(Guid runner, DemoStage stage, DemoStage next, CancellationToken ct) => Database.WriteAsync(tx => tx.ExecuteAsync(
        "update demo_shop set runner = null, runner_until = null, stage = case when stage = @stage then @next else stage end where runner = @runner", new { runner, stage, next }, ct), ct);

    /// <summary>There is no demo shop any more.</summary>
    internal Task ForgetAsync(Guid runner, CancellationToken ct) => Database.WriteAsync(tx => tx.ExecuteAsync("delete from demo_shop where runner = @runner", new { runner }, ct), ct);

    private DemoRow Of(Row r) => new(r.Guid(0), r.Enum<DemoStage>(1), new DemoPlan((int)r.Long(2), r.Int(3), unchecked((ulong)r.Long(4)), r.Time(5)), r.Long(6), !r.IsNull(7) && r.Time(7) > Now);
}

/// <summary>Another process has taken the demo shop over, or it is to be removed.</summary>
internal sealed class DemoLostException() : Exception("Another process has taken over the demo shop, or it is to be removed.");
