using System.Security.Cryptography;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Confirmations;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Consents;

/// <summary>What other modules may ask of Privacy.</summary>
internal sealed class ConsentDirectory(ConfirmationTokens tokens, CurrentActor actor, TimeProvider time) : IConsents
{
    public Task KeepImportedAsync(Transaction tx, IReadOnlyCollection<ImportedConsent> said, Guid importId, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return ConsentLedger.WriteAsync(tx, new PreparedConsents([.. said.Select(s => RowOf(s, importId, now))], []), ct);
    }

    public async Task<string> ConfirmationLinkAsync(Guid confirmationId, CancellationToken ct) => ConfirmationRoutes.Of((await tokens.OpenAsync(ct)).Of(confirmationId));

    private ConsentRow RowOf(ImportedConsent said, Guid importId, DateTimeOffset now)
    {
        var record = new NewConsent(said.SubjectId, Purpose.Marketing, Channel.Email, said.Accepts ? ConsentDecision.Claimed : ConsentDecision.Withdrawn, said.SaidAt, ConsentSource.Import)
        {
            ConsentId = IdOf(said, importId),
            Method = "column",
        };
        return new ConsentRow(said.SubjectId, record, null, now, actor.Value.Name, null, importId);
    }

    /// <summary>From what is said, so that a batch which runs again, or lines that say the same, are one record.</summary>
    private static Guid IdOf(ImportedConsent said, Guid importId)
    {
        Span<byte> text = stackalloc byte[41];
        importId.TryWriteBytes(text);
        said.SubjectId.TryWriteBytes(text[16..]);
        text[32] = said.Accepts ? (byte)1 : (byte)0;
        BitConverter.TryWriteBytes(text[33..], Clock.ToMicroseconds(said.SaidAt));
        return new Guid(SHA256.HashData(text)[..16]);
    }
}
