using System.Net;
using System.Security.Cryptography;
using System.Text;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Confirmations;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Consents;

/// <summary>What other modules may ask of Privacy.</summary>
internal sealed class ConsentDirectory(ConfirmationTokens tokens, ConsentLedger ledger, ICustomers customers, CurrentActor actor, TimeProvider time) : IConsents
{
    public Task KeepImportedAsync(Transaction tx, IReadOnlyCollection<ImportedConsent> said, Guid importId, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return ConsentLedger.WriteAsync(tx, new PreparedConsents([.. said.Select(s => RowOf(s, importId, now))], []), ct);
    }

    public async Task<Func<Transaction, CancellationToken, Task>> PrepareImportedAsync(IReadOnlyCollection<ImportedConsent> said, Guid importId, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var rows = await ledger.ProveAsync([.. said.Select(s => (RowOf(s, importId, now), s.Evidence))], ct);
        return (tx, inner) => ConsentLedger.WriteAsync(tx, new PreparedConsents(rows, []), inner);
    }

    public async Task<Func<Transaction, CancellationToken, Task>> PrepareGivenAsync(ProvedConsent said, bool newcomer, CancellationToken ct)
    {
        var given = new NewConsent(said.SubjectId, Purpose.Marketing, Channel.Email, ConsentDecision.Given, said.GivenAt, ConsentSource.Api)
        {
            ConsentId = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"given|{said.SubjectId:N}|{said.GivenAt.UtcTicks}|{customers.Normalise(IdentityKind.Email, said.Address)}")).AsSpan(0, 16)),
            Method = "webhook", Wording = said.Wording, Proof = new ConsentProof(Address: said.Address, Network: NetworkOf(said.Ip), Evidence: said.Evidence),
        };
        ledger.Demand([given]);
        var contacts = newcomer ? new[] { new CustomerContacts(said.SubjectId, [said.SubjectId], [customers.Normalise(IdentityKind.Email, said.Address)!], []) } : [];
        var prepared = await ledger.PrepareOwnAsync([given], contacts, ct);
        return async (tx, inner) =>
        {
            var known = await tx.CountAsync("select count(*) from privacy_consents where subject_id = @SubjectId and consent_id = @ConsentId", new { given.SubjectId, given.ConsentId }, inner) > 0;
            await ConsentLedger.WriteAsync(tx, prepared, inner);
            if (!known)
            {
                tx.Append(new ConsentRecorded(given.SubjectId, given.OccurredAt, given.ConsentId, given.Purpose, given.Channel, given.Decision, given.Source));
            }
        };
    }

    public async Task<string> ConfirmationLinkAsync(Guid confirmationId, CancellationToken ct) => ConfirmationRoutes.Of((await tokens.OpenAsync(ct)).Of(confirmationId));

    private ConsentRow RowOf(ImportedConsent said, Guid importId, DateTimeOffset now)
    {
        var record = new NewConsent(said.SubjectId, Purpose.Marketing, Channel.Email, said.Accepts && !said.Undeliverable ? ConsentDecision.Claimed : ConsentDecision.Withdrawn, said.SaidAt, ConsentSource.Import)
        {
            ConsentId = IdOf(said, importId),
            Method = said.Undeliverable ? "undeliverable" : "column",
        };
        return new ConsentRow(said.SubjectId, record, null, now, actor.Value.Name, null, importId);
    }

    internal static string? NetworkOf(string? ip) => IPAddress.TryParse(ip, out var address) ? ClientNetwork.Of(address) : null;

    /// <summary>From what is said, so that a batch which runs again, or lines that say the same, are one record.</summary>
    private static Guid IdOf(ImportedConsent said, Guid importId)
    {
        Span<byte> text = stackalloc byte[41];
        importId.TryWriteBytes(text);
        said.SubjectId.TryWriteBytes(text[16..]);
        text[32] = said.Undeliverable ? (byte)2 : said.Accepts ? (byte)1 : (byte)0;
        BitConverter.TryWriteBytes(text[33..], Clock.ToMicroseconds(said.SaidAt));
        return new Guid(SHA256.HashData(text)[..16]);
    }
}
