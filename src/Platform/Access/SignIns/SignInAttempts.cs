using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.SignIns;

/// <summary>
/// Slows guessing down: so many tries for an account and for a network in a quarter of an hour, counted in the database, so for all nodes
/// together. A try is counted before it is looked at, so parallel tries do not slip through. Nobody is locked out for good.
/// </summary>
public sealed class SignInAttempts(Database database, KeyStore keys, IOptions<IdentityOptions> options, TimeProvider time)
{
    /// <summary>An office shares one network.</summary>
    public const int MaxForNetwork = 50;

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
        await DemandAsync(tx, account, MaxForAccount, now, ct);
        await DemandAsync(tx, of, MaxForNetwork, now, ct);
        foreach (var bucket in new[] { account, of })
        {
            await tx.ExecuteAsync("insert into access_attempts (bucket, at, id) values (@bucket, @now, @id)", new { bucket, now, id = Id.New() }, ct);
        }
    }, ct);

    /// <summary>The person proved who they are: earlier slips do not count any more.</summary>
    internal static Task ForgetAsync(Transaction tx, byte[] account, CancellationToken ct) =>
        tx.ExecuteAsync("delete from access_attempts where bucket = @account", new { account }, ct);

    private async Task DemandAsync(Transaction tx, byte[] bucket, int most, DateTimeOffset now, CancellationToken ct)
    {
        if (tx.Engine == Engine.Postgres)
        {
            await tx.ExecuteAsync("select pg_advisory_xact_lock(@number)", new { number = BinaryPrimitives.ReadInt64BigEndian(bucket) }, ct);
        }
        var since = now - Window;
        var count = await tx.CountAsync("select count(*) from access_attempts where bucket = @bucket and at > @since", new { bucket, since }, ct);
        if (count >= most)
        {
            throw new ProblemException("sign_in_paused", "Too many tries. Wait {0} minutes and try again.", 429, (int)Window.TotalMinutes);
        }
    }

    private static byte[] Bucket(string kind, string value) => SHA256.HashData(Encoding.UTF8.GetBytes(kind + "\0" + value))[..16];
}
