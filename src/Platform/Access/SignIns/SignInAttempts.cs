using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.SignIns;

/// <summary>
/// Slows guessing down, counted in the database, so for all nodes together. After five tries an account pauses for a minute, and for twice as long
/// after each one more, up to a quarter of an hour; a day without tries, a right password or an owner ends it. A network has so many tries in a
/// quarter of an hour. A try is counted before it is looked at, so parallel tries do not slip through. Nobody is locked out for good.
/// </summary>
public sealed class SignInAttempts(Database database, KeyStore keys, IOptions<IdentityOptions> options, TimeProvider time)
{
    /// <summary>An office shares one network.</summary>
    public const int MaxForNetwork = 50;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1), Remembered = TimeSpan.FromDays(1);

    private int MaxForAccount => options.Value.Lockout.MaxFailedAccessAttempts;
    private TimeSpan Window => options.Value.Lockout.DefaultLockoutTimeSpan;

    /// <summary>The bucket of an e-mail address, whether somebody has it or not: nobody learns which it is.</summary>
    public async Task<byte[]> AccountOfAsync(string email, CancellationToken ct) =>
        SearchTokens.Hash(await keys.SearchKeyAsync(ct), "sign-in", SearchTokens.Normalise(email));

    public static byte[] SecondFactorOf(Guid staffId) => Bucket("second factor", staffId.ToString("N"));

    /// <exception cref="ProblemException"><c>sign_in_paused</c> (429): too many tries.</exception>
    public Task CountAsync(byte[] account, string network, CancellationToken ct) => database.WriteAsync(async tx =>
    {
        var now = time.GetUtcNow();
        var of = Bucket("network", network);
        await DemandAccountAsync(tx, account, now, ct);
        await DemandNetworkAsync(tx, of, now, ct);
        foreach (var bucket in new[] { account, of })
        {
            await tx.ExecuteAsync("insert into access_attempts (bucket, at, id) values (@bucket, @now, @id)", new { bucket, now, id = Id.New() }, ct);
        }
    }, ct);

    /// <summary>The person proved who they are: earlier slips do not count any more.</summary>
    internal static Task ForgetAsync(Transaction tx, byte[] account, CancellationToken ct) =>
        tx.ExecuteAsync("delete from access_attempts where bucket = @account", new { account }, ct);

    /// <summary>Until when sign-in is paused, of those for whom it is.</summary>
    /// <param name="buckets">Of accounts: by address and by second factor.</param>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> PausesAsync(IReadOnlyCollection<byte[]> buckets, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var tries = await database.ReadAsync(s => s.QueryAsync(
            "select bucket, count(*), max(at) from access_attempts where bucket in @buckets and at > @since group by bucket", new { buckets, since = now - Remembered },
            r => (Bucket: r.Bytes(0), Until: r.Time(2) + PauseAfter(r.Long(1))), ct), ct);
        return tries.Where(t => t.Until > now).ToDictionary(t => Convert.ToHexString(t.Bucket), t => t.Until);
    }

    private async Task DemandAccountAsync(Transaction tx, byte[] bucket, DateTimeOffset now, CancellationToken ct)
    {
        await LockAsync(tx, bucket, ct);
        var (count, last) = await tx.FirstAsync("select count(*), max(at) from access_attempts where bucket = @bucket and at > @since",
            new { bucket, since = now - Remembered }, r => (r.Long(0), r.TimeOrNull(1)), ct);
        DemandOver(last + PauseAfter(count), now);
    }

    private async Task DemandNetworkAsync(Transaction tx, byte[] bucket, DateTimeOffset now, CancellationToken ct)
    {
        await LockAsync(tx, bucket, ct);
        var count = await tx.CountAsync("select count(*) from access_attempts where bucket = @bucket and at > @since", new { bucket, since = now - Window }, ct);
        DemandOver(count >= MaxForNetwork ? now + Window : null, now);
    }

    private TimeSpan PauseAfter(long tries) => tries < MaxForAccount ? TimeSpan.Zero
        : TimeSpan.FromTicks(Math.Min(Window.Ticks, FirstPause.Ticks << (int)Math.Min(tries - MaxForAccount, 10)));

    private static void DemandOver(DateTimeOffset? pausedUntil, DateTimeOffset now)
    {
        if (pausedUntil > now)
        {
            throw new ProblemException("sign_in_paused", "Too many tries. Try again in {0} min.", 429, (int)Math.Ceiling((pausedUntil.Value - now).TotalMinutes));
        }
    }

    private static async Task LockAsync(Transaction tx, byte[] bucket, CancellationToken ct)
    {
        if (tx.Engine == Engine.Postgres)
        {
            await tx.ExecuteAsync("select pg_advisory_xact_lock(@number)", new { number = BinaryPrimitives.ReadInt64BigEndian(bucket) }, ct);
        }
    }

    private static byte[] Bucket(string kind, string value) => SHA256.HashData(Encoding.UTF8.GetBytes(kind + "\0" + value))[..16];
}
