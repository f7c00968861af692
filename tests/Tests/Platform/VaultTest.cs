using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Tests.Platform;

public sealed class VaultTest
{
    private const string Column = "test.name";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_sealed_value_opens_for_its_subject_and_column_alone_and_never_after_the_key_is_destroyed(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var store = shop.Get<KeyStore>();
        Guid ada = Id.New(), bob = Id.New();
        var keys = await store.KeysAsync([ada, bob], create: true, CancellationToken.None);
        var name = keys.Seal(ada, Column, "Ada Lovelace");

        keys.Open(ada, Column, name).ShouldBe("Ada Lovelace");
        Should.Throw<CryptographicException>(() => keys.Open(bob, Column, name));
        Should.Throw<CryptographicException>(() => keys.Open(ada, "test.other", name));

        await store.DestroyAsync([ada], CancellationToken.None);
        var afterwards = await store.KeysAsync([ada, bob], create: false, CancellationToken.None);
        afterwards.Open(ada, Column, name).ShouldBeNull();
        afterwards.Has(bob).ShouldBeTrue();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Turning_the_epoch_keeps_every_value_readable_and_destroys_the_old_key_of_the_epoch(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var store = shop.Get<KeyStore>();
        var ada = Id.New();
        var name = (await store.KeysAsync([ada], create: true, CancellationToken.None)).Seal(ada, Column, "Ada");
        var address = new Identifier("email", "ada@example.com");
        await shop.Get<IdentifierClaims>().ClaimAsync([new Claim(address, ada, null)], CancellationToken.None);

        (await store.RotateAsync(CancellationToken.None)).ShouldBe(2);

        (await store.KeysAsync([ada], create: false, CancellationToken.None)).Open(ada, Column, name).ShouldBe("Ada");
        (await shop.Get<IdentifierClaims>().OwnersAsync([address], CancellationToken.None))[address].ShouldBe(ada);
        (await store.Database.ReadAsync(s => s.CountAsync("select count(*) from vault_epochs"), CancellationToken.None)).ShouldBe(1);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_process_that_runs_on_while_another_turns_the_epoch_loses_nothing(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var running = shop.Get<KeyStore>();
        await using var command = Second(shop);
        Guid ada = Id.New(), bob = Id.New();
        var name = (await running.KeysAsync([ada], create: true, CancellationToken.None)).Seal(ada, Column, "Ada");

        await command.RotateAsync(CancellationToken.None);

        (await running.KeysAsync([ada], create: false, CancellationToken.None)).Open(ada, Column, name).ShouldBe("Ada");
        await command.RotateAsync(CancellationToken.None);
        var other = (await running.KeysAsync([bob], create: true, CancellationToken.None)).Seal(bob, Column, "Bob");
        await using var later = Second(shop);
        var keys = await later.KeysAsync([ada, bob], create: false, CancellationToken.None);
        (keys.Open(ada, Column, name), keys.Open(bob, Column, other)).ShouldBe(("Ada", "Bob"));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Keys_made_read_and_destroyed_while_two_others_turn_the_epoch_are_what_they_should_be(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var running = shop.Get<KeyStore>();
        await using var first = Second(shop);
        await using var second = Second(shop);
        using var turned = new CancellationTokenSource();
        var known = new ConcurrentDictionary<Guid, Sealed<string>>();
        var forgotten = new ConcurrentBag<Guid>();

        var users = Enumerable.Range(0, 3).Select(async _ =>
        {
            while (!turned.IsCancellationRequested)
            {
                Guid[] people = [.. Enumerable.Range(0, 20).Select(_ => Id.New())];
                var keys = await running.KeysAsync(people, create: true, CancellationToken.None);
                Array.ForEach(people, p => known[p] = keys.Seal(p, Column, p.ToString()));
                await running.DestroyAsync([people[0]], CancellationToken.None);
                forgotten.Add(people[0]);
                await ReadAllAsync(running, people[1..], known);
                // SQLite's lock between processes is not fair: the others get their turn.
                await Task.Delay(20);
            }
        }).ToList();
        var turns = Task.WhenAll(TurnAsync(first), TurnAsync(second));
        await turns.ContinueWith(_ => turned.Cancel(), TaskScheduler.Default);
        await Task.WhenAll([turns, .. users]);

        known.Count.ShouldBeGreaterThan(40);
        await using var fresh = Second(shop);
        await ReadAllAsync(fresh, known.Keys.Except(forgotten), known);
        var gone = await fresh.KeysAsync(forgotten, create: false, CancellationToken.None);
        forgotten.ShouldAllBe(f => !gone.Has(f), "a key that was destroyed is not written again by the turn");
        (await fresh.Database.ReadAsync(s => s.CountAsync("select count(*) from vault_epochs"), CancellationToken.None)).ShouldBe(1);

        static async Task TurnAsync(KeyStore store)
        {
            for (var i = 0; i < 4; i++)
            {
                await store.RotateAsync(CancellationToken.None);
            }
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_turn_that_was_interrupted_leaves_everything_readable_and_the_next_one_ends_it(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var store = shop.Get<KeyStore>();
        var people = Enumerable.Range(0, 8000).Select(_ => Id.New()).ToList();
        var keys = await store.KeysAsync(people, create: true, CancellationToken.None);
        var known = people.ToDictionary(p => p, p => keys.Seal(p, Column, p.ToString()));
        using var interrupt = new CancellationTokenSource();
        await using var command = Second(shop);
        var turn = command.RotateAsync(interrupt.Token);
        while (!turn.IsCompleted && await NewestAsync() < 2)
        {
            await Task.Yield();
        }
        await interrupt.CancelAsync();
        await turn.ContinueWith(_ => { }, TaskScheduler.Default);

        await ReadAllAsync(store, people, known);
        await store.RotateAsync(CancellationToken.None);
        await ReadAllAsync(store, people, known);
        (await EpochsAsync()).ShouldBe(1);

        Task<long> EpochsAsync() => store.Database.ReadAsync(s => s.CountAsync("select count(*) from vault_epochs"), CancellationToken.None);
        Task<long> NewestAsync() => store.Database.ReadAsync(s => s.CountAsync("select max(epoch) from vault_epochs"), CancellationToken.None);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task People_are_found_by_whole_values_and_by_the_beginnings_of_words(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var search = shop.Get<SearchTokens>();
        Guid ada = Id.New(), wang = Id.New();
        await search.AddAsync([(ada, "name", "Ada  LOVELACE-Gödel"), (wang, "name", "欧阳 明")], CancellationToken.None);

        (await Find("love")).ShouldBe([ada]);
        (await Find("ADA lovelace")).ShouldBe([ada]);
        (await Find("lovelace-go")).ShouldBe([ada]);
        (await Find("lo")).ShouldBeEmpty("two letters would find half of the customers");
        (await Find("欧")).ShouldBe([wang]);
        (await Find("ada 欧")).ShouldBeEmpty();

        Task<IReadOnlyList<Guid>> Find(string query) => search.FindAsync(query, 10, CancellationToken.None);
    }

    [Fact]
    public async Task Tokens_that_wait_in_the_index_are_found_and_are_entered_beside_the_requests()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Postgres, workers: false);
        var (search, store) = (shop.Get<SearchTokens>(), shop.Get<KeyStore>());
        await store.Database.WriteAsync(tx => tx.ExecuteAsync("create extension pageinspect", null, default), default);
        await search.AddAsync(People(100), default);
        (await WaitingAsync()).ShouldBeGreaterThan(0);
        (await search.FindAsync("lovelace 4200", 10, default)).Count.ShouldBe(1);

        await shop.Get<PendingTokens>().StartAsync(default);
        await search.AddAsync(People(1000), default);
        for (var i = 0; i < 200 && await WaitingAsync() > 0; i++)
        {
            await Task.Delay(50);
        }

        (await WaitingAsync()).ShouldBe(0);
        (await search.FindAsync("lovelace 42000", 10, default)).Count.ShouldBe(1);
        await shop.Get<PendingTokens>().StopAsync(default);

        Task<long> WaitingAsync() => store.Database.ReadAsync(s => s.CountAsync("select n_pending_pages from gin_metapage_info(get_raw_page('vault_tokens_tokens', 0))"), default);

        static (Guid, string, string)[] People(int count) => [.. Enumerable.Range(0, count).Select(i => (Id.New(), "name", $"Augusta Ada{i}bcdefgh Lovelace {i}00"))];
    }

    [Fact]
    public async Task A_lost_or_wrong_root_key_is_named_and_never_replaced_silently()
    {
        var storage = TestShop.NewStorage(Engine.Sqlite);
        var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false, storage: storage);
        var key = RootKey.FileIn(storage.KeysFolder);
        File.Delete(key);
        Should.Throw<ProblemException>(() => RootKey.ReadOrCreate(storage.KeysFolder)).Code.ShouldBe("root_key_missing");

        File.WriteAllText(key, "short");
        Should.Throw<ProblemException>(() => RootKey.ReadOrCreate(storage.KeysFolder)).Code.ShouldBe("root_key_damaged");

        File.WriteAllText(key, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        await using var other = new KeyStore(shop.Get<KeyStore>().Database, RootKey.Read(key), TimeProvider.System);
        (await Should.ThrowAsync<ProblemException>(() => other.SearchKeyAsync(CancellationToken.None))).Code.ShouldBe("root_key_wrong");
        await shop.DisposeAsync();
    }

    /// <summary>The key store of another process on the same database.</summary>
    private static KeyStore Second(TestShop shop)
    {
        var storage = shop.Get<StorageOptions>();
        return new(Database.OpenKeys(storage, shop.Get<StorageHealth>(), shop.Get<ILogger<Database>>()),
            RootKey.Read(RootKey.FileIn(storage.KeysFolder)), TimeProvider.System);
    }

    private static async Task ReadAllAsync(KeyStore store, IEnumerable<Guid> people, IReadOnlyDictionary<Guid, Sealed<string>> known)
    {
        var wanted = people.ToList();
        var keys = await store.KeysAsync(wanted, create: false, CancellationToken.None);
        wanted.ShouldAllBe(p => keys.Open(p, Column, known[p]) == p.ToString());
    }
}
