using System.Security.Cryptography;
using Wellmet.Platform;
using Wellmet.Platform.Backups;
using Wellmet.Platform.Doctor;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Tests.Platform.Backups;

public sealed class BackupTest : IDisposable
{
    private const UnixFileMode Others = (UnixFileMode)0b000_111_111;
    private readonly string folder = TestFolder.New("backup");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_key_that_does_not_open_the_backup_is_refused_before_anything_is_changed(Engine engine)
    {
        var (places, _) = await TakeAsync(engine);
        var target = TestShop.NewStorage(engine);
        var wrong = WriteKey("wrong.key");

        (await Should.ThrowAsync<ProblemException>(() => RestoreShop.RunAsync(target, places.Data, places.Keys, wrong, CancellationToken.None))).Code.ShouldBe("root_key_wrong");

        await UntouchedAsync(target);
        File.Exists(RootKey.FileIn(target.KeysFolder)).ShouldBeFalse();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_root_key_that_lies_there_is_never_overwritten_by_another(Engine engine)
    {
        var (places, key) = await TakeAsync(engine);
        var target = TestShop.NewStorage(engine);
        Directory.CreateDirectory(target.KeysFolder);
        var there = File.ReadAllText(WriteKey(RootKey.FileIn(target.KeysFolder)));

        (await Should.ThrowAsync<ProblemException>(() => RestoreShop.RunAsync(target, places.Data, places.Keys, key, CancellationToken.None))).Code.ShouldBe("root_key_other");
        (await Should.ThrowAsync<ProblemException>(() => RestoreShop.RunAsync(target, places.Data, places.Keys, null, CancellationToken.None))).Code.ShouldBe("root_key_wrong");

        await UntouchedAsync(target);
        File.ReadAllText(RootKey.FileIn(target.KeysFolder)).ShouldBe(there);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_is_backed_up_and_restored_can_be_read_by_its_owner_alone(Engine engine)
    {
        var (places, key) = await TakeAsync(engine);
        OpenToOthers(places.Data).ShouldBeEmpty();
        OpenToOthers(places.Keys).ShouldBeEmpty();

        var target = TestShop.NewStorage(engine);
        Directory.Delete(target.DataFolder);
        await RestoreShop.RunAsync(target, places.Data, places.Keys, key, CancellationToken.None);
        OpenToOthers(target.DataFolder).ShouldBeEmpty();

        await using var shop = await TestShop.OpenAsync(engine, workers: false, storage: target);
        File.SetUnixFileMode(target.DataFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (await FoldersAsync(shop)).Verdict.ShouldBe(Verdict.Good);
        File.SetUnixFileMode(target.DataFolder, (UnixFileMode)0b111_101_101);
        (await FoldersAsync(shop)).Verdict.ShouldBe(Verdict.Attention);
        File.SetUnixFileMode(target.KeysFolder, (UnixFileMode)0b111_101_101);
        (await FoldersAsync(shop)).Verdict.ShouldBe(Verdict.Bad);
    }

    [Theory]
    [InlineData("SSL Mode=Require")]
    [InlineData("SSL Mode=VerifyFull")]
    public async Task The_client_programs_of_PostgreSQL_are_as_strict_about_TLS_as_the_connection(string strict)
    {
        var storage = TestShop.NewStorage(Engine.Postgres);
        await PostgresTools.RunAsync("pg_dump", storage.Postgres!, ["--file=" + Path.Combine(folder, "plain.sql")], CancellationToken.None);

        var refused = await Should.ThrowAsync<ProblemException>(() => PostgresTools.RunAsync("pg_dump", $"{storage.Postgres};{strict}", ["--file=" + Path.Combine(folder, "tls.sql")], CancellationToken.None));
        refused.Code.ShouldBe("postgres_tool_failed");
        refused.Message.ShouldContain("server does not support SSL");
    }

    /// <summary>A backup of a shop that knows somebody and has a file; answers where its root key was saved, too.</summary>
    private async Task<(BackupPlaces Places, string Key)> TakeAsync(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await TestShop.OpenAsync(engine, workers: false, storage: storage);
        await shop.Get<KeyStore>().KeysAsync([Id.New()], create: true, CancellationToken.None);
        Directory.CreateDirectory(Path.Combine(storage.DataFolder, "files", "aa"));
        await File.WriteAllTextAsync(Path.Combine(storage.DataFolder, "files", "aa", "picture"), "picture");
        var key = Path.Combine(folder, "root.key");
        File.Copy(RootKey.FileIn(storage.KeysFolder), key);
        return (await shop.Get<BackupShop>().RunAsync(Path.Combine(folder, "backups"), CancellationToken.None), key);
    }

    private string WriteKey(string name)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        return file;
    }

    private static async Task UntouchedAsync(StorageOptions target)
    {
        File.Exists(target.SqliteFile).ShouldBeFalse();
        File.Exists(target.KeysSqliteFile).ShouldBeFalse();
        if (target.Postgres is not null)
        {
            await using var connection = new Npgsql.NpgsqlConnection(target.Postgres);
            await connection.OpenAsync();
            await using var command = new Npgsql.NpgsqlCommand("select count(*) from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')", connection);
            (await command.ExecuteScalarAsync()).ShouldBe(0L);
        }
    }

    private static List<string> OpenToOthers(string root) =>
        [.. Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Prepend(root).Where(e => (File.GetUnixFileMode(e) & Others) != 0)];

    private static async Task<Finding> FoldersAsync(TestShop shop) =>
        (await shop.Get<Doctor>().ExamineAsync(CancellationToken.None)).Single(f => f.Name == "folders");
}
