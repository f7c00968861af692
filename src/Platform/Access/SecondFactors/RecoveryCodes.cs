using System.Security.Cryptography;
using System.Text;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.SecondFactors;

/// <summary>Ten codes for the day the phone is lost: 80 random bits each, shown once, kept as hashes, good for one sign-in each.</summary>
internal static class RecoveryCodes
{
    private const int Count = 10, Bytes = 10, GroupLength = 4;

    /// <summary>Replaces all codes; answers the new ones as <c>ABCD-EFGH-JKLM-NPQR</c>.</summary>
    public static async Task<IReadOnlyList<string>> RenewAsync(Transaction tx, Guid staffId, CancellationToken ct)
    {
        await tx.ExecuteAsync("delete from access_recovery_codes where staff_id = @staffId", new { staffId }, ct);
        var codes = new List<string>(Count);
        for (var i = 0; i < Count; i++)
        {
            var code = Totp.Base32(RandomNumberGenerator.GetBytes(Bytes));
            await tx.ExecuteAsync("insert into access_recovery_codes (staff_id, code_hash) values (@staffId, @hash)", new { staffId, hash = Hash(staffId, code) }, ct);
            codes.Add(string.Join('-', code.Chunk(GroupLength).Select(group => new string(group))));
        }
        return codes;
    }

    /// <summary>Uses a code up; false where it is none of theirs or was used before.</summary>
    public static async Task<bool> UseAsync(Transaction tx, Guid staffId, string? typed, DateTimeOffset now, CancellationToken ct)
    {
        var code = new string([.. (typed ?? "").Where(char.IsLetterOrDigit).Take(64)]).ToUpperInvariant();
        return await tx.ExecuteAsync(
            "update access_recovery_codes set used_at = @now where staff_id = @staffId and code_hash = @hash and used_at is null",
            new { now, staffId, hash = Hash(staffId, code) }, ct) == 1;
    }

    /// <summary>Without a second factor there is nothing that they could stand for.</summary>
    public static Task ForgetUnusableAsync(Transaction tx, Guid staffId, CancellationToken ct) => tx.ExecuteAsync("""
        delete from access_recovery_codes where staff_id = @staffId
          and not exists (select 1 from access_staff s where s.id = @staffId and s.totp_confirmed_at is not null)
          and not exists (select 1 from access_passkeys p where p.staff_id = @staffId)
        """, new { staffId }, ct);

    public static async Task<int> LeftAsync(Session session, Guid staffId, CancellationToken ct) =>
        (int)await session.CountAsync("select count(*) from access_recovery_codes where staff_id = @staffId and used_at is null", new { staffId }, ct);

    private static byte[] Hash(Guid staffId, string code) => SHA256.HashData(Encoding.UTF8.GetBytes($"{staffId:N}|{code}"));
}
