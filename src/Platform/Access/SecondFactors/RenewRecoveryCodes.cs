using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.SecondFactors;

/// <summary>Ten new recovery codes; the old ones stop working. The route asks for a recent proof of identity.</summary>
public sealed class RenewRecoveryCodes(Database database, OwnAccount own, AuditLog audit)
{
    /// <exception cref="ProblemException"><c>second_factor_off</c> (409).</exception>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken ct)
    {
        var member = await own.GetAsync(ct);
        if (!member.HasSecondFactor)
        {
            throw new ProblemException("second_factor_off", "Set up a passkey or the authenticator app first.", 409);
        }
        return await database.WriteAsync(async tx =>
        {
            await audit.RecordAsync(tx, "recovery_codes.renewed", $"staff:{member.Id}", null, ct);
            return await RecoveryCodes.RenewAsync(tx, member.Id, ct);
        }, ct);
    }
}
