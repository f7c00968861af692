using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Sessions;

/// <summary>Ends the session of this request; nothing happens where there is none.</summary>
public sealed class SignOut(Database database, CurrentSession session, AuditLog audit)
{
    public async Task RunAsync(CancellationToken ct)
    {
        if (session.Id is not { } id)
        {
            return;
        }
        await database.WriteAsync(async tx =>
        {
            await SessionStore.EndAsync(tx, id, ct);
            await audit.RecordAsync(tx, "signed_out", $"session:{id}", null, ct);
        }, ct);
    }
}
