using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Consents;

/// <summary>
/// Writes what people said. It is kept with every subject that the customer has at that time, so that taking a merge back later takes no withdrawal
/// back; a withdrawal is kept for the addresses, too, which outlives the person's erasure.
/// </summary>
[Uses(Purpose.Service, "keeps a withdrawal for the addresses of the person")]
public sealed class ConsentLedger(KeyStore store, ICustomers customers, AddressTokens tokens, CurrentActor actor, TimeProvider time)
{
    internal const string ProofColumn = "privacy_consents.proof";

    internal static readonly JsonSerializerOptions ProofFormat = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static readonly BulkInsert<ConsentRow> InsertConsents = new("privacy_consents",
        new("subject_id", typeof(Guid), c => c.SubjectId),
        new("consent_id", typeof(Guid), c => c.Said.ConsentId),
        new("purpose", typeof(Purpose), c => c.Said.Purpose),
        new("channel", typeof(Channel), c => c.Said.Channel),
        new("decision", typeof(ConsentDecision), c => c.Said.Decision),
        new("address_token", typeof(byte[]), c => c.Token is null ? null : Convert.FromHexString(c.Token)),
        new("occurred_at", typeof(DateTimeOffset), c => c.Said.OccurredAt),
        new("recorded_at", typeof(DateTimeOffset), c => c.RecordedAt),
        new("recorded_by", typeof(string), c => c.RecordedBy),
        new("source", typeof(ConsentSource), c => c.Said.Source),
        new("method", typeof(string), c => c.Said.Method),
        new("wording_id", typeof(byte[]), c => c.Said.Wording is { } wording ? IdOf(wording) : null),
        new("wording_version", typeof(string), c => c.Said.WordingVersion),
        new("language", typeof(string), c => c.Said.Language),
        new("proof", typeof(byte[]), c => c.Proof?.Envelope),
        new("import_id", typeof(Guid), c => c.ImportId))
    { OnConflict = "on conflict do nothing" };

    private static readonly BulkInsert<(string Text, DateTimeOffset At)> InsertWordings = new("privacy_wordings",
        new("wording_id", typeof(byte[]), w => IdOf(w.Text)),
        new("text", typeof(string), w => w.Text),
        new("first_used_at", typeof(DateTimeOffset), w => w.At))
    { OnConflict = "on conflict do nothing" };

    private static readonly BulkInsert<Suppression> InsertSuppressions = new("privacy_suppressions",
        new("token", typeof(byte[]), s => Convert.FromHexString(s.Token)),
        new("purpose", typeof(Purpose), s => s.Purpose),
        new("channel", typeof(Channel), s => s.Channel),
        new("withdrawn_at", typeof(DateTimeOffset), s => s.At))
    {
        OnConflict = """
            on conflict (token, purpose, channel) do update set withdrawn_at = excluded.withdrawn_at where excluded.withdrawn_at > privacy_suppressions.withdrawn_at
            """,
    };

    /// <summary>Refuses what cannot be records of consent, whoever it is about.</summary>
    /// <exception cref="ProblemException">Those of <see cref="NewConsent.Demand(DateTimeOffset)"/>; <c>consent_address_missing</c> for an address in which nothing is left.</exception>
    public void Demand(IReadOnlyCollection<NewConsent> said)
    {
        var now = time.GetUtcNow();
        foreach (var one in said)
        {
            one.Demand(now);
            if (one.Decision != ConsentDecision.Withdrawn && one.Proof.Address is { } address && Normal(one.Channel, address) is null)
            {
                throw NewConsent.AddressMissing();
            }
        }
    }

    /// <summary>Finds everybody whom it is about, and seals, before the transaction.</summary>
    /// <exception cref="ProblemException"><c>customer_unknown</c>, and those of <see cref="Demand"/>.</exception>
    public Task<PreparedConsents> PrepareAsync(IReadOnlyCollection<NewConsent> said, CancellationToken ct)
    {
        Demand(said);
        return PrepareOwnAsync(said, [], ct);
    }

    /// <summary>For what is demanded already.</summary>
    /// <param name="newcomers">Contacts of those who get their rows in the same transaction only.</param>
    internal async Task<PreparedConsents> PrepareOwnAsync(IReadOnlyCollection<NewConsent> said, IReadOnlyCollection<CustomerContacts> newcomers, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var contacts = newcomers.ToDictionary(n => n.CustomerId).Concat(await customers.ContactsAsync([.. said.Select(s => s.SubjectId)], ct)).DistinctBy(c => c.Key).ToDictionary();
        if (said.Any(s => !contacts.ContainsKey(s.SubjectId)))
        {
            throw CustomerUnknown();
        }
        var keys = await store.KeysAsync(said.Where(s => s.Proof != ConsentProof.None).SelectMany(s => contacts[s.SubjectId].Subjects), create: true, ct);
        var hashes = await tokens.OfAsync(said.SelectMany(s => AddressesOf(s, contacts[s.SubjectId]).Append((s.Channel, s.Proof.Address))), ct);
        var rows = said.SelectMany(s => contacts[s.SubjectId].Subjects.Select(subject => new ConsentRow(
            subject, s, s.Proof.Address is { } address ? hashes.GetValueOrDefault((s.Channel, address)) : null, now, actor.Value.Name,
            s.Proof == ConsentProof.None ? null : keys.Seal(subject, ProofColumn, JsonSerializer.Serialize(s.Proof, ProofFormat)), null))).ToList();
        var suppressions = said.Where(s => s.Decision == ConsentDecision.Withdrawn)
            .SelectMany(s => AddressesOf(s, contacts[s.SubjectId]).Where(a => hashes.ContainsKey(a!)).Select(a => new Suppression(hashes[a!], s.Purpose, a.Channel, s.OccurredAt)));
        return new PreparedConsents(rows, [.. suppressions.GroupBy(s => (s.Token, s.Purpose, s.Channel)).Select(g => g.MaxBy(s => s.At)!).OrderBy(s => s.Token, StringComparer.Ordinal)]);
    }

    /// <summary>Seals what a file says of how its claims were come by, before the transaction.</summary>
    internal async Task<List<ConsentRow>> ProveAsync(IReadOnlyList<(ConsentRow Row, ConsentEvidence? Evidence)> said, CancellationToken ct)
    {
        var proved = said.Where(s => s.Evidence is not null).ToList();
        var keys = await store.KeysAsync(proved.Select(s => s.Row.SubjectId).Distinct(), create: false, ct);
        var hashes = await tokens.OfAsync(proved.Select(s => (Channel.Email, (string?)s.Evidence!.Address)), ct);
        return [.. said.Select(s => s.Evidence is { } evidence ? Proved(s.Row, evidence, keys, hashes.GetValueOrDefault((Channel.Email, evidence.Address))) : s.Row)];
    }

    /// <summary>Somebody without a key was erased: of them nothing personal is kept. A refusal is for all addresses, but for mail that came back: another address may work.</summary>
    private static ConsentRow Proved(ConsentRow row, ConsentEvidence evidence, SubjectKeys keys, string? token)
    {
        var said = new[] { ("opt-in", evidence.OptInAt), ("confirmed", evidence.ConfirmedAt) }.Where(e => e.Item2 is not null).Select(e => $"{e.Item1} {e.Item2:u}");
        var proof = new ConsentProof(Address: evidence.Address, Network: ConsentDirectory.NetworkOf(evidence.ConfirmedIp) ?? ConsentDirectory.NetworkOf(evidence.OptInIp), Evidence: string.Join(", ", said) is { Length: > 0 } text ? text : null);
        return row with
        {
            Said = row.Said with { Method = row.Said.Method == "column" && evidence.ConfirmedAt is not null ? "confirmed" : row.Said.Method },
            Token = row.Said is { Decision: ConsentDecision.Withdrawn, Method: not "undeliverable" } ? null : token,
            Proof = keys.Has(row.SubjectId) ? keys.Seal(row.SubjectId, ProofColumn, JsonSerializer.Serialize(proof, ProofFormat)) : null,
        };
    }

    internal static ProblemException CustomerUnknown() => new("customer_unknown", "This customer does not exist, or was erased.", 404);

    /// <summary>Writes what was prepared.</summary>
    public static async Task WriteAsync(Transaction tx, PreparedConsents prepared, CancellationToken ct)
    {
        var wordings = prepared.Rows.Where(r => r.Said.Wording is not null).Select(r => (r.Said.Wording!, r.RecordedAt)).DistinctBy(w => w.Item1).OrderBy(w => w.Item1, StringComparer.Ordinal).ToList();
        await InsertWordings.RunAsync(tx, wordings, ct);
        await InsertConsents.RunAsync(tx, [.. prepared.Rows], ct);
        await InsertSuppressions.RunAsync(tx, [.. prepared.Suppressions], ct);
    }

    /// <summary>Which addresses a withdrawal is about: the one that it names, or all of the customer on its channel.</summary>
    private IEnumerable<(Channel Channel, string? Address)> AddressesOf(NewConsent said, CustomerContacts contacts) =>
        said.Proof.Address is { } address && Normal(said.Channel, address) is not null
            ? [(said.Channel, address)]
            : AddressTokens.Addressed.Where(c => said.Channel == Channel.Any || said.Channel == c)
                .SelectMany(c => (AddressTokens.KindOf(c) == IdentityKind.Email ? contacts.Emails : contacts.Phones).Select(a => (c, (string?)a)));

    private string? Normal(Channel channel, string address) => AddressTokens.KindOf(channel) is { } kind ? customers.Normalise(kind, address) : null;

    private static byte[] IdOf(string wording) => SHA256.HashData(Encoding.UTF8.GetBytes(wording));
}

/// <summary>Records that are ready to be written.</summary>
public sealed record PreparedConsents(IReadOnlyList<ConsentRow> Rows, IReadOnlyList<Suppression> Suppressions);

/// <summary>A row of privacy_consents.</summary>
/// <param name="Token">Of the address that it is for, as hex; null where it is for none, or for all.</param>
public sealed record ConsentRow(
    Guid SubjectId, NewConsent Said, string? Token, DateTimeOffset RecordedAt, string RecordedBy, Sealed<string>? Proof, Guid? ImportId);

/// <summary>An address whose holder withdrew.</summary>
public sealed record Suppression(string Token, Purpose Purpose, Channel Channel, DateTimeOffset At);
