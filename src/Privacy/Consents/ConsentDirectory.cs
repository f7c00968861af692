using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Privacy.Confirmations;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Consents;

/// <summary>What other modules may ask of Privacy.</summary>
[Uses(Purpose.Service, "keeps what people said about advertising, with what proves it")]
internal sealed class ConsentDirectory(ConfirmationTokens tokens, ConsentLedger ledger, AddressTokens addresses, ICustomers customers, KeyStore store, CurrentActor actor, TimeProvider time) : IConsents
{
    public Task KeepImportedAsync(Transaction tx, IReadOnlyCollection<ImportedConsent> said, Guid importId, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return ConsentLedger.WriteAsync(tx, new PreparedConsents([.. said.Select(s => RowOf(s, importId, now))], []), ct);
    }

    public async Task<Func<Transaction, CancellationToken, Task>> PrepareImportedAsync(IReadOnlyCollection<ImportedConsent> said, Guid importId, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var proved = said.Where(s => s.Evidence is not null).ToList();
        var keys = await store.KeysAsync(proved.Select(s => s.SubjectId).Distinct(), create: false, ct);
        var hashes = await addresses.OfAsync(proved.Select(s => (Channel.Email, (string?)s.Evidence!.Address)), ct);
        var rows = said.Select(s => s.Evidence is { } evidence ? Proved(RowOf(s, importId, now), evidence, keys, hashes.GetValueOrDefault((Channel.Email, evidence.Address))) : RowOf(s, importId, now)).ToList();
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

    /// <summary>Somebody without a key was erased: of them nothing personal is kept. A refusal is for all addresses, but for mail that came back: another address may work.</summary>
    private static ConsentRow Proved(ConsentRow row, ConsentEvidence evidence, SubjectKeys keys, string? token)
    {
        var said = new[] { ("opt-in", evidence.OptInAt), ("confirmed", evidence.ConfirmedAt) }.Where(e => e.Item2 is not null).Select(e => $"{e.Item1} {e.Item2:u}");
        var proof = new ConsentProof(Address: evidence.Address, Network: NetworkOf(evidence.ConfirmedIp) ?? NetworkOf(evidence.OptInIp), Evidence: string.Join(", ", said) is { Length: > 0 } text ? text : null);
        return row with
        {
            Said = row.Said with { Method = row.Said.Method == "column" && evidence.ConfirmedAt is not null ? "confirmed" : row.Said.Method },
            Token = row.Said is { Decision: ConsentDecision.Withdrawn, Method: not "undeliverable" } ? null : token,
            Proof = keys.Has(row.SubjectId) ? keys.Seal(row.SubjectId, ConsentLedger.ProofColumn, JsonSerializer.Serialize(proof, ConsentLedger.ProofFormat)) : null,
        };
    }

    private static string? NetworkOf(string? ip) => IPAddress.TryParse(ip, out var address) ? ClientNetwork.Of(address) : null;

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
