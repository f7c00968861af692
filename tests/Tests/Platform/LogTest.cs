using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform;

public sealed class LogTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task No_event_of_64_concurrent_writers_is_skipped_and_each_subject_keeps_its_order(Engine engine)
    {
        var heard = new Heard();
        await using var shop = await OpenAsync(engine, heard);
        var subjects = Enumerable.Range(0, 64).Select(_ => Id.New()).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 64).Select(async writer =>
        {
            for (var i = 0; i < 20; i++)
            {
                // Each writer tells of two subjects, so that transactions meet in the same partitions.
                var number = i;
                await shop.Database.WriteAsync(tx =>
                {
                    tx.Append(new Counted(subjects[writer], DateTimeOffset.UnixEpoch, number));
                    tx.Append(new Counted(subjects[(writer + 1) % 64], DateTimeOffset.UnixEpoch, 1000 + number));
                    return Task.CompletedTask;
                }, CancellationToken.None);
            }
        }));
        await shop.DrainAsync();

        await Eventually(() => Task.FromResult(subjects.All(s => heard.Of(s).Length == 40) ? "all" : null));
        foreach (var subject in subjects)
        {
            heard.Of(subject).Where(n => n < 1000).ShouldBe(Enumerable.Range(0, 20));
            heard.Of(subject).Where(n => n >= 1000).ShouldBe(Enumerable.Range(1000, 20));
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_refused_event_parks_only_the_later_ones_of_its_subject_and_can_be_replayed(Engine engine)
    {
        var heard = new Heard();
        await using var shop = await OpenAsync(engine, heard);
        Guid poisoned = Id.New(), healthy = Id.New();
        var before = new ConcurrentQueue<int[]>();
        heard.Refuse = e =>
        {
            if (e is not { Number: 2 } || e.SubjectId != poisoned)
            {
                return false;
            }
            before.Enqueue(heard.Of(poisoned));
            return true;
        };

        for (var i = 1; i <= 4; i++)
        {
            var number = i;
            await shop.Database.WriteAsync(tx =>
            {
                tx.Append(new Counted(poisoned, DateTimeOffset.UnixEpoch, number));
                tx.Append(new Counted(healthy, DateTimeOffset.UnixEpoch, number));
                return Task.CompletedTask;
            }, CancellationToken.None);
        }
        await Eventually(() => Task.FromResult(heard.Of(healthy) is [1, 2, 3, 4] ? "all" : null));

        var dead = await Eventually(async () => (await shop.Get<Parking>().DeadLettersAsync(10, CancellationToken.None)).SingleOrDefault());
        dead.Reason.ShouldContain("refused for the test");
        dead.EventType.ShouldBe("test.counted");
        await Eventually(() => Task.FromResult(heard.Of(poisoned) is [1, 3, 4] ? "all" : null));
        // However often it was tried, those behind it had to wait.
        before.Count.ShouldBeGreaterThanOrEqualTo(3);
        before.ShouldAllBe(told => told.Length <= 1);

        heard.Refuse = _ => false;
        await shop.UseAsync<ReplayDeadLetter>(r => r.RunAsync(new(poisoned, dead.Receiver, dead.Seq), CancellationToken.None));
        await Eventually(() => Task.FromResult(heard.Of(poisoned) is [1, 3, 4, 2] ? "all" : null));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_transaction_that_fails_tells_nothing(Engine engine)
    {
        var heard = new Heard();
        await using var shop = await OpenAsync(engine, heard);
        var subject = Id.New();

        await Should.ThrowAsync<InvalidOperationException>(() => shop.Database.WriteAsync(tx =>
        {
            tx.Append(new Counted(subject, DateTimeOffset.UnixEpoch, 1));
            throw new InvalidOperationException("changed my mind");
        }, CancellationToken.None));
        await shop.Database.WriteAsync(tx => { tx.Append(new Counted(subject, DateTimeOffset.UnixEpoch, 2)); return Task.CompletedTask; }, CancellationToken.None);
        await shop.DrainAsync();

        await Eventually(() => Task.FromResult(heard.Of(subject) is [2] ? "told" : null));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_event_that_cannot_be_read_is_parked_and_stops_nobody(Engine engine)
    {
        var heard = new Heard();
        await using var shop = await OpenAsync(engine, heard);
        Guid damaged = Id.New(), healthy = Id.New();
        await shop.Database.WriteAsync(async tx =>
        {
            var seq = await tx.CountAsync("update log_partitions set head = head + 1 where partition = @p returning head", new { p = Partitions.Of(damaged) });
            await tx.ExecuteAsync("""
                insert into log_events (subject_id, seq, partition, type, occurred_at, recorded_at, live, payload)
                values (@damaged, @seq, @p, 'test.counted', @at, @at, @live, @payload)
                """, new { damaged, seq, p = Partitions.Of(damaged), at = DateTimeOffset.UnixEpoch, live = true, payload = new Json("""{"number":"many"}""") });
            tx.Append(new Counted(healthy, DateTimeOffset.UnixEpoch, 7));
        }, CancellationToken.None);
        await shop.DrainAsync();

        await Eventually(() => Task.FromResult(heard.Of(healthy) is [7] ? "told" : null));
        var dead = await Eventually(async () => (await shop.Get<Parking>().DeadLettersAsync(10, CancellationToken.None)).SingleOrDefault());
        dead.SubjectId.ShouldBe(damaged);
        dead.Reason.ShouldContain("cannot read");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_parked_event_is_taken_once_also_where_several_try_it_at_the_same_moment(Engine engine)
    {
        var heard = new Heard { Refuse = _ => true };
        await using var shop = await TestShop.OpenAsync(engine, workers: false, configure: s => s.AddSingleton(heard), modules: [new CountingModule()]);
        await shop.Get<Leases>().RenewAsync(CancellationToken.None);
        var subjects = Enumerable.Range(0, 40).Select(_ => Id.New()).ToArray();
        await shop.Database.WriteAsync(tx =>
        {
            Array.ForEach(subjects, s => tx.Append(new Counted(s, DateTimeOffset.UnixEpoch, 1)));
            return Task.CompletedTask;
        }, CancellationToken.None);
        await Worker().RunOnceAsync(CancellationToken.None);
        await Eventually(async () => (await shop.Get<Parking>().DueAsync("test.counting", [.. shop.Get<Leases>().Held.Keys], CancellationToken.None)).Count == subjects.Length ? "all" : null);

        heard.Refuse = _ => false;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Worker().RunOnceAsync(CancellationToken.None))));

        subjects.ShouldAllBe(s => heard.Of(s).Length <= 1);
        while (subjects.Any(s => heard.Of(s).Length == 0))
        {
            await Worker().RunOnceAsync(CancellationToken.None);
        }
        subjects.ShouldAllBe(s => heard.Of(s).Length == 1);

        ReceiverWorker Worker() => new(shop.Get<ModuleCatalog>().Receivers.Single(r => r.Name == "test.counting"), shop.Get<LogReader>(), shop.Get<Parking>(), shop.Get<Leases>(), shop.Get<LogRun>());
    }

    private static Task<TestShop> OpenAsync(Engine engine, Heard heard) =>
        TestShop.OpenAsync(engine, configure: s => s.AddSingleton(heard), modules: [new CountingModule()]);

    private static async Task<T> Eventually<T>(Func<Task<T?>> look) where T : class
    {
        for (var i = 0; i < 600; i++)
        {
            if (await look() is { } found)
            {
                return found;
            }
            await Task.Delay(50);
        }
        throw new TimeoutException("It did not happen within 30 seconds.");
    }

    internal sealed record Counted(Guid SubjectId, DateTimeOffset OccurredAt, int Number) : ILogEvent;

    /// <summary>Hears after the commit, when others may have seen the cursor move already: a drained log is not yet a heard one.</summary>
    internal sealed class Heard
    {
        private readonly ConcurrentDictionary<Guid, ConcurrentQueue<int>> numbers = new();
        public Func<Counted, bool> Refuse { get; set; } = _ => false;
        public int[] Of(Guid subject) => numbers.TryGetValue(subject, out var heard) ? [.. heard] : [];
        public void Hear(Counted e) => numbers.GetOrAdd(e.SubjectId, _ => new()).Enqueue(e.Number);
    }

    private sealed class CountingModule : IModule
    {
        public string Name => "test";

        public void Configure(ModuleSetup setup)
        {
            setup.Event<Counted>("test.counted");
            setup.Receiver<CountingReceiver>("test.counting");
        }
    }

    private sealed class CountingReceiver(Heard heard) : IReceiver
    {
        public IReadOnlyList<Type> Accepts => [typeof(Counted)];

        public Task ReceiveAsync(IReadOnlyList<Delivery> deliveries, Transaction tx, CancellationToken ct)
        {
            var counted = deliveries.Select(d => (Counted)d.Event).ToList();
            if (counted.Exists(e => heard.Refuse(e)))
            {
                throw new InvalidOperationException("refused for the test");
            }
            tx.AfterCommit(() => counted.ForEach(heard.Hear));
            return Task.CompletedTask;
        }
    }
}
