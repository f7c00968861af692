using System.Security.Cryptography;
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
    public async Task Turning_the_epoch_keeps_every_value_readable_and_the_old_wrapping_worthless(Engine engine)
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
}
