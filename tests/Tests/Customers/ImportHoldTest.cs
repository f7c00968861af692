using Microsoft.Extensions.DependencyInjection;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Imports;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Customers;

/// <summary>Who holds an import, for how long, and what becomes of it when they die.</summary>
public sealed class ImportHoldTest
{
    private static readonly ImportState[] Running = [ImportState.Running];

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Whoever_works_long_on_a_batch_keeps_the_import(Engine engine)
    {
        var (clock, slow) = (new ManualClock(CustomersInShop.Day), new SlowTarget());
        await using var shop = await OpenAsync(engine, clock, slow);
        var (import, running) = await StartAsync(shop);
        await slow.Working.Task;

        for (var second = 0; second < 12; second++)
        {
            var until = await UntilAsync(shop, import);
            clock.Advance(TimeSpan.FromSeconds(1.5));
            await RenewedAsync(shop, import, until);
        }

        (await shop.Get<ImportLedger>().ClaimAsync(import, Running, ImportState.Running, default)).ShouldBeNull();
        slow.GoOn.SetResult();
        (await running).State.ShouldBe(ImportState.Completed);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Whoever_lost_the_import_stops_in_the_middle_of_a_batch(Engine engine)
    {
        var (clock, slow) = (new ManualClock(CustomersInShop.Day), new SlowTarget());
        await using var shop = await OpenAsync(engine, clock, slow);
        var (import, running) = await StartAsync(shop);
        await slow.Working.Task;
        await SetAsync(shop, import, "runner_until = null");
        (await shop.Get<ImportLedger>().ClaimAsync(import, Running, ImportState.Running, default)).ShouldNotBeNull();

        clock.Advance(TimeSpan.FromSeconds(1.5));

        (await Should.ThrowAsync<Exception>(() => running.WaitAsync(TimeSpan.FromSeconds(30)))).Message.ShouldBe("Another process has taken over this import.");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_import_whose_runner_died_stops_at_once(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var import = await DeadAsync(shop, ImportState.Running);

        await shop.UseAsync<CancelImport>(cancel => cancel.RunAsync(import, default));

        (await shop.Get<ImportLedger>().GetAsync(import, default)).State.ShouldBe(ImportState.Cancelled);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_import_whose_runner_died_while_it_stopped_goes_on_or_is_undone(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var import = await DeadAsync(shop, ImportState.Cancelling);
        (await shop.UseAsync<RunImport, Import>(run => run.RunAsync(new(import, Source(shop)), default))).State.ShouldBe(ImportState.Completed);
        await DeadAsync(shop, import, ImportState.Cancelling);

        await shop.UseAsync<UndoImport>(undo => undo.RunAsync(import, default));

        (await shop.Get<ImportLedger>().GetAsync(import, default)).State.ShouldBe(ImportState.Undoing);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_import_that_only_looks_as_if_it_stopped_is_shown_as_stopped(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var import = await DeadAsync(shop, ImportState.Cancelling);

        await shop.Get<ImportWorker>().StartAsync(default);

        for (var i = 0; i < 100 && (await shop.Get<ImportLedger>().GetAsync(import, default)).State != ImportState.Cancelled; i++)
        {
            await Task.Delay(50);
        }
        (await shop.Get<ImportLedger>().GetAsync(import, default)).State.ShouldBe(ImportState.Cancelled);
        await shop.Get<ImportWorker>().StopAsync(default);
    }

    [Fact]
    public async Task Without_workers_no_import_and_no_undo_runs()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);

        var running = shop.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().Select(s => s.GetType().Name).ToList();
        running.ShouldNotContain(nameof(ImportWorker), "commands such as check and backup run nobody's imports");
        running.ShouldNotContain("SubjectVaultService");
    }

    private static Task<TestShop> OpenAsync(Engine engine, ManualClock clock, SlowTarget slow) => TestShop.OpenAsync(engine, workers: false,
        services => services.AddSingleton<TimeProvider>(clock).AddSingleton<IImportTarget>(slow));

    private static async Task<(Guid Import, Task<Import> Running)> StartAsync(TestShop shop)
    {
        var import = await shop.UseAsync<StartImport, Import>(start => start.RunAsync(new(Source(shop), "slow.csv", "slow"), default));
        return (import.ImportId, shop.UseAsync<RunImport, Import>(run => run.RunAsync(new(import.ImportId, Source(shop)), default)));
    }

    private static ImportSource Source(TestShop shop)
    {
        var file = Path.Combine(shop.Folder, "slow.csv");
        File.WriteAllText(file, ImportsInShop.Header + "1,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850,UK\n");
        return ImportSource.Local(file);
    }

    /// <summary>An import as kill -9 leaves it, some time later.</summary>
    private static async Task<Guid> DeadAsync(TestShop shop, ImportState state)
    {
        var import = await shop.UseAsync<StartImport, Import>(start => start.RunAsync(new(Source(shop), "sales.csv", "online-retail"), default));
        await DeadAsync(shop, import.ImportId, state);
        return import.ImportId;
    }

    private static Task DeadAsync(TestShop shop, Guid import, ImportState state) => shop.Database.WriteAsync(tx => tx.ExecuteAsync(
        "update customers_imports set state = @state, runner = @import, runner_until = @until where import_id = @import",
        new { state, import, until = TimeProvider.System.GetUtcNow().AddSeconds(-1) }), default);

    private static Task SetAsync(TestShop shop, Guid import, string what) =>
        shop.Database.WriteAsync(tx => tx.ExecuteAsync($"update customers_imports set {what} where import_id = @import", new { import }), default);

    private static Task<DateTimeOffset> UntilAsync(TestShop shop, Guid import) => shop.Database.ReadAsync(s => s.FirstAsync(
        "select runner_until from customers_imports where import_id = @import", new { import }, r => r.Time(0), default), default);

    private static async Task RenewedAsync(TestShop shop, Guid import, DateTimeOffset before)
    {
        for (var i = 0; i < 100 && await UntilAsync(shop, import) == before; i++)
        {
            await Task.Delay(10);
        }
    }

    /// <summary>A layout whose lines take as long as the test wants.</summary>
    private sealed class SlowTarget : IImportTarget, IImportReader, IImportBatch
    {
        public TaskCompletionSource Working { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Layout => "slow";
        public string Title => "Slow";
        public IReadOnlyList<ImportField> Fields { get; } = [new("InvoiceNo", "Invoice number", true, ImportFieldKind.Text, ["invoiceno"])];
        public bool NeedsMapping => false;
        public bool? DayFirst => null;
        public IReadOnlyList<ImportRemark> Remarks => [];
        public IReadOnlyDictionary<string, long> Counts { get; } = new Dictionary<string, long>();

        public string? GroupOf(ImportLine line) => null;

        public Task<IImportReader> StartAsync(ImportRun run, CancellationToken ct) => Task.FromResult<IImportReader>(this);

        public Task DemandUndoableAsync(Guid importId, CancellationToken ct) => Task.CompletedTask;

        public Task<bool> UndoSomeAsync(Transaction tx, Guid importId, CancellationToken ct) => Task.FromResult(true);

        public void Skip(IReadOnlyList<ImportLine> lines)
        {
        }

        public async Task<IImportBatch> PrepareAsync(IReadOnlyList<ImportLine> lines, CancellationToken ct)
        {
            Working.SetResult();
            await GoOn.Task.WaitAsync(ct);
            return this;
        }

        public Task CompleteAsync(CancellationToken ct) => Task.CompletedTask;

        public Task WriteAsync(Transaction tx, CancellationToken ct) => Task.CompletedTask;
    }
}
