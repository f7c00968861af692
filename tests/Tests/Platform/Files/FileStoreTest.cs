using System.Security.Cryptography;
using System.Text;
using Wellmet.Platform;
using Wellmet.Platform.Files;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform.Files;

public sealed class FileStoreTest : IDisposable
{
    private readonly StorageOptions storage = TestShop.NewStorage(Engine.Sqlite);
    private readonly ManualClock clock = new(DateTimeOffset.UnixEpoch.AddYears(60));

    private IFileStore Store => new FolderFileStore(storage, clock);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(131_072)]
    [InlineData(1_000_003)]
    public async Task What_was_saved_comes_back_byte_by_byte_also_to_the_next_start(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        var saved = await Store.SaveAsync(new MemoryStream(content), length, CancellationToken.None);

        saved.Length.ShouldBe(length);
        saved.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(content)));
        await using var read = await Store.OpenAsync(saved.Id, CancellationToken.None);
        using var copy = new MemoryStream();
        await read.CopyToAsync(copy);
        copy.ToArray().ShouldBe(content);
    }

    [Fact]
    public async Task A_file_that_is_too_large_or_breaks_off_leaves_nothing_behind()
    {
        (await Should.ThrowAsync<ProblemException>(() => Store.SaveAsync(new MemoryStream(new byte[1001]), 1000, CancellationToken.None))).Code.ShouldBe("file_large");
        await Should.ThrowAsync<IOException>(() => Store.SaveAsync(new BrokenStream(), 1_000_000, CancellationToken.None));
        Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deleted_file_is_gone_and_deleting_again_does_nothing()
    {
        var saved = await Store.SaveAsync(new MemoryStream(Encoding.UTF8.GetBytes("x")), 10, CancellationToken.None);
        await Store.DeleteAsync(saved.Id, CancellationToken.None);
        await Store.DeleteAsync(saved.Id, CancellationToken.None);
        await Store.DeleteAsync(Id.New(), CancellationToken.None);
        (await Should.ThrowAsync<ProblemException>(() => Store.OpenAsync(saved.Id, CancellationToken.None))).Status.ShouldBe(404);
        Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_content_twice_is_two_files()
    {
        var first = await Store.SaveAsync(new MemoryStream([1, 2, 3]), 10, CancellationToken.None);
        var second = await Store.SaveAsync(new MemoryStream([1, 2, 3]), 10, CancellationToken.None);
        await Store.DeleteAsync(first.Id, CancellationToken.None);
        await using var read = await Store.OpenAsync(second.Id, CancellationToken.None);
        read.Length.ShouldBe(3);
    }

    [Fact]
    public async Task Nobody_else_on_the_machine_can_read_a_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        await Store.SaveAsync(new MemoryStream([1]), 10, CancellationToken.None);
        File.GetUnixFileMode(Files().ShouldHaveSingleItem()).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task What_a_crash_cut_off_is_swept_away_after_a_day_and_not_before()
    {
        var incoming = Directory.CreateDirectory(Path.Combine(storage.DataFolder, "files", "incoming")).FullName;
        foreach (var (name, age) in new[] { ("old", 25), ("young", 1) })
        {
            var file = Path.Combine(incoming, name);
            await File.WriteAllTextAsync(file, "x");
            File.SetLastWriteTimeUtc(file, clock.GetUtcNow().AddHours(-age).UtcDateTime);
        }
        await Store.SaveAsync(new MemoryStream([1]), 10, CancellationToken.None);
        Directory.EnumerateFiles(incoming).Select(Path.GetFileName).ShouldBe(["young"]);
    }

    public void Dispose() => Directory.Delete(storage.DataFolder, recursive: true);

    private string[] Files() => Directory.GetFiles(storage.DataFolder, "*", SearchOption.AllDirectories);

    /// <summary>Gives some bytes, then fails as a lost connection does.</summary>
    private sealed class BrokenStream : MemoryStream
    {
        private int reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            reads++ < 3 ? ValueTask.FromResult(1000) : throw new IOException("the connection was lost");
    }
}
