using System.Buffers.Binary;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform;

public sealed class StorageTest
{
    /// <summary>SQLITE_DBSTATUS_STMT_USED: bytes of all prepared statements of a connection.</summary>
    private const int StatementsUsed = 3;

    private enum Mood
    {
        VeryGood,
    }

    private sealed record Kept(Guid Id, DateTimeOffset At, DateOnly Day, bool Flag, long Big, string? Text, byte[] Bytes, Mood Mood);

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Every_kind_of_value_comes_back_as_it_went_in_one_by_one_and_in_bulk(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        await CreateTableAsync(shop);
        var insert = new BulkInsert<Kept>("kept",
            new("id", typeof(Guid), k => k.Id), new("at", typeof(DateTimeOffset), k => k.At), new("day", typeof(DateOnly), k => k.Day),
            new("flag", typeof(bool), k => k.Flag), new("big", typeof(long), k => k.Big), new("text", typeof(string), k => k.Text),
            new("bytes", typeof(byte[]), k => k.Bytes), new("mood", typeof(Mood), k => k.Mood));
        var rows = Enumerable.Range(0, 3).Select(i => new Kept(Id.New(), new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.Zero).AddMicroseconds(i), new DateOnly(2024, 2, 29),
            i == 1, long.MaxValue - i, i == 2 ? null : "O'Brien 欧阳 🐞", [0, 255, 7], Mood.VeryGood)).ToList();

        await shop.Database.WriteAsync(async tx =>
        {
            await insert.RunAsync(tx, rows, CancellationToken.None);
            var ignoring = new BulkInsert<Kept>("kept", new Column<Kept>("id", typeof(Guid), k => k.Id)) { OnConflict = "on conflict do nothing" };
            (await ignoring.RunAsync(tx, rows, CancellationToken.None)).ShouldBe(0);
        }, CancellationToken.None);

        var back = await shop.Database.ReadAsync(s => s.QueryAsync(
            "select id, at, day, flag, big, text, bytes, mood from kept where id in @ids and at >= @from order by at",
            new { ids = rows.Select(r => r.Id), from = rows[0].At },
            r => new Kept(r.Guid(0), r.Time(1), r.Day(2), r.Bool(3), r.Long(4), r.TextOrNull(5), r.Bytes(6), r.Enum<Mood>(7)), CancellationToken.None), CancellationToken.None);
        back.Select(k => k with { Bytes = [] }).ShouldBe(rows.Select(k => k with { Bytes = [] }));
        back.ShouldAllBe(k => k.Bytes.SequenceEqual(new byte[] { 0, 255, 7 }));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_empty_list_matches_nothing(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        await CreateTableAsync(shop);
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from kept where id in @ids", new { ids = Array.Empty<Guid>() }), CancellationToken.None)).ShouldBe(0);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_list_of_any_length_finds_what_is_in_it_and_leaves_out_what_is_not(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("create table numbers (n bigint not null)"), CancellationToken.None);
        await shop.Database.WriteAsync(tx => new BulkInsert<long>("numbers", new Column<long>("n", typeof(long), n => n)).RunAsync(tx, [.. Enumerable.Range(0, 40).Select(n => (long)n)], CancellationToken.None), CancellationToken.None);
        foreach (var length in Enumerable.Range(0, 20).Concat(Enumerable.Range(0, 20)))
        {
            var listed = Enumerable.Range(0, length).Select(n => (long)n).ToArray();
            var (within, without) = await shop.Database.ReadAsync(async s => (
                await s.CountAsync("select count(*) from numbers where n in @listed", new { listed }),
                await s.CountAsync("select count(*) from numbers where n not in @listed", new { listed })), CancellationToken.None);
            (within, without).ShouldBe((length, 40 - length));
        }
    }

    /// <summary>SQLite keeps statements with their connection.</summary>
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_statement_is_asked_again_with_other_values_after_a_failure_a_new_column_and_within_itself(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("create table numbers (n bigint not null unique)"), CancellationToken.None);
        Task AddAsync(long n, bool thenFail = false) => shop.Database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("insert into numbers (n) values (@n)", new { n });
            Xunit.Assert.False(thenFail);
        }, CancellationToken.None);
        Task<List<string>> AllAsync() => shop.Database.ReadAsync(s => s.QueryAsync("select * from numbers order by 1", null, r => r.Long(0).ToString(), CancellationToken.None), CancellationToken.None);

        await AddAsync(1);
        await Should.ThrowAsync<Exception>(() => AddAsync(1));
        await Should.ThrowAsync<Exception>(() => AddAsync(2, thenFail: true));
        await AddAsync(3);
        (await AllAsync()).ShouldBe(["1", "3"]);

        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("alter table numbers add column note text"), CancellationToken.None);
        await AddAsync(4);
        (await AllAsync()).ShouldBe(["1", "3", "4"]);

        if (engine == Engine.Sqlite)
        {
            await shop.Database.ReadAsync(s => s.ForEachAsync("select n from numbers where n >= @from order by n", new { from = 1 }, outer =>
            {
                var inner = new List<long>();
                s.ForEachAsync("select n from numbers where n >= @from order by n", new { from = outer.Long(0) }, r => inner.Add(r.Long(0)), CancellationToken.None).GetAwaiter().GetResult();
                inner.ShouldBe(((long[])[1, 3, 4]).Where(n => n >= outer.Long(0)));
            }, CancellationToken.None), CancellationToken.None);
        }
    }

    [Fact]
    public async Task SQLite_keeps_what_is_asked_often_prepared_and_no_more_than_two_hundred_texts()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        await shop.Database.ReadAsync(async session =>
        {
            var (often, used) = (new List<DbCommand>(), new List<int>());
            for (var i = 0; i < 600; i++)
            {
                (await session.CountAsync($"select {i} + @added", new { added = 1 })).ShouldBe(i + 1);
                await using var asked = PreparedCommand.Of(session.Connection, null, Parameters.Bind(Engine.Sqlite, "select 42 + @added", new { added = i }));
                (await asked.Command.ExecuteScalarAsync(CancellationToken.None)).ShouldBe(42L + i);
                often.Add(asked.Command);
                raw.sqlite3_db_status(((SqliteConnection)session.Connection).Handle!, StatementsUsed, out var bytes, out _, resetFlg: 0);
                used.Add(bytes);
            }
            often.Distinct().Count().ShouldBe(1);
            used[^1].ShouldBeInRange(used[150] + 1, (int)(1.1 * used[250]));
        }, CancellationToken.None);
    }

    /// <summary>Earlier ones lose what was committed when a copy and a new beginning of the log meet (https://www.sqlite.org/wal.html#walresetbug).</summary>
    [Fact]
    public void SQLite_is_one_whose_log_may_be_copied_beside_the_writer() => new Version(raw.sqlite3_libversion().utf8_to_string()).ShouldBeGreaterThanOrEqualTo(new Version(3, 51, 3));

    /// <summary>The write-ahead log has the number of its beginnings in its head (bytes 12 to 15, https://www.sqlite.org/fileformat.html#the_write_ahead_log).</summary>
    [Fact]
    public async Task SQLites_log_is_copied_beside_the_writer_and_begun_anew()
    {
        const int pages = 100;
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false, storage: TestShop.NewStorage(Engine.Sqlite) with { LogPages = pages });
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("create table filled (bytes blob not null)"), CancellationToken.None);
        Task FillAsync(int bytes) => shop.Database.WriteAsync(tx => tx.ExecuteAsync("insert into filled (bytes) values (@bytes)", new { bytes = new byte[bytes] }), CancellationToken.None);
        var file = Path.Combine(shop.Folder, "wellmet.db-wal");
        await shop.Database.ReadAsync(s => s.ExecuteAsync("pragma wal_checkpoint(truncate)"), CancellationToken.None);
        await FillAsync(1);
        var before = Beginnings();

        await FillAsync(pages * 4096);
        for (var i = 0; i < 40 && Beginnings() == before; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            await FillAsync(1);
        }

        Beginnings().ShouldBeGreaterThan(before);
        new FileInfo(file).Length.ShouldBeLessThan(4 * pages * 4096, "SQLite itself would copy it then");

        uint Beginnings()
        {
            using var log = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var head = new byte[16];
            log.ReadExactly(head);
            return BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(12));
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Two_hundred_writers_of_one_counter_lose_no_step(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("create table counter (n bigint not null)"), CancellationToken.None);
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("insert into counter values (0)"), CancellationToken.None);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() =>
            shop.Database.WriteAsync(tx => tx.ExecuteAsync("update counter set n = n + 1"), CancellationToken.None))));

        (await shop.Database.ReadAsync(s => s.CountAsync("select n from counter"), CancellationToken.None)).ShouldBe(200);
    }

    [Fact]
    public async Task Weaker_durability_is_seen()
    {
        Assert.SkipWhen(PostgresCluster.Instance is null, "PostgreSQL 15 is not installed (apt-get install postgresql-15).");
        var storage = new StorageOptions(TestShop.NewStorage(Engine.Sqlite).DataFolder, PostgresCluster.Instance!.CreateDatabase() + ";Options=-c synchronous_commit=off");
        var refusal = await Should.ThrowAsync<ProblemException>(() => TestShop.OpenAsync(Engine.Postgres, workers: false, storage: storage));
        refusal.Code.ShouldBe("durability_weak");
        refusal.Message.ShouldContain("synchronous_commit = off");
    }

    [Fact]
    public async Task A_question_that_takes_too_long_is_given_up_and_said_to_be_slow()
    {
        var storage = TestShop.NewStorage(Engine.Postgres);
        await using var shop = await TestShop.OpenAsync(Engine.Postgres, workers: false, storage: storage with { Postgres = storage.Postgres + ";Command Timeout=1" });

        var waited = await Should.ThrowAsync<ProblemException>(() => shop.Database.ReadAsync(s => s.ExecuteAsync("select pg_sleep(60)"), CancellationToken.None));
        var stopped = await Should.ThrowAsync<ProblemException>(() => shop.Database.ReadAsync(s => s.ExecuteAsync("set statement_timeout = 1; select pg_sleep(60)"), CancellationToken.None));

        waited.Code.ShouldBe("database_slow");
        stopped.Code.ShouldBe("database_slow");
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_said_to_be_out_of_reach_and_not_slow()
    {
        Assert.SkipWhen(PostgresCluster.Instance is null, "PostgreSQL 15 is not installed (apt-get install postgresql-15).");
        var storage = TestShop.NewStorage(Engine.Postgres);
        await using var shop = await TestShop.OpenAsync(Engine.Postgres, workers: false, storage: storage with { Postgres = storage.Postgres + ";Maximum Pool Size=1;Timeout=1" });

        var full = await shop.Database.ReadAsync(_ => Should.ThrowAsync<ProblemException>(() => shop.Database.ReadAsync(s => s.CountAsync("select 1"), CancellationToken.None)), CancellationToken.None);

        full.Code.ShouldBe("database_unreachable");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_table_that_has_grown_is_analysed_once(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        await CreateTableAsync(shop);
        await shop.Database.WriteAsync(tx => new BulkInsert<int>("kept", new Column<int>("id", typeof(Guid), _ => Id.New())).RunAsync(tx, Enumerable.Range(0, 5000).ToArray(), CancellationToken.None), CancellationToken.None);
        if (engine == Engine.Postgres)
        {
            await shop.Database.ReadAsync(s => s.ExecuteAsync("select pg_stat_force_next_flush()"), CancellationToken.None);
        }

        var analysed = await shop.Get<TableStatistics>().RunOnceAsync(CancellationToken.None);

        analysed.ShouldBe(engine == Engine.Postgres ? ["public.kept"] : []);
        (await shop.Get<TableStatistics>().RunOnceAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    private static Task CreateTableAsync(TestShop shop) => shop.Database.WriteAsync(async tx =>
    {
        var migration = new MigrationText("test", 1, "kept", """
            -- @table kept local
            create table kept (id {uuid} primary key, at {time}, day {day}, flag {bool}, big {long}, text {text}, bytes {bytes}, mood {text});

            """);
        foreach (var statement in migration.Statements(tx.Engine))
        {
            await tx.ExecuteAsync(statement);
        }
    }, CancellationToken.None);
}
