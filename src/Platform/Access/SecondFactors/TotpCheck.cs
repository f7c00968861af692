using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.SecondFactors;

/// <summary>Compares codes of the authenticator app; a code works once, also for two requests at the same moment.</summary>
public sealed class TotpCheck(KeyStore keys, TimeProvider time)
{
    /// <summary>The time step of a right code, or null.</summary>
    public async Task<long?> FindStepAsync(StaffMember member, string? code, CancellationToken ct)
    {
        var opened = await keys.KeysAsync([member.Id], create: false, ct);
        return opened.Open(member.Id, StaffMember.Columns.TotpSecret, member.TotpSecret) is { } secret ? Totp.FindStep(secret, code, time.GetUtcNow()) : null;
    }

    /// <summary>Uses the step up; false where this code, or a later one, was used before.</summary>
    internal static async Task<bool> UseAsync(Transaction tx, Guid staffId, long step, CancellationToken ct) => await tx.ExecuteAsync(
        "update access_staff set totp_last_step = @step where id = @staffId and (totp_last_step is null or totp_last_step < @step)", new { step, staffId }, ct) == 1;
}
