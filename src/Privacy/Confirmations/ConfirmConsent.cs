using Wellmet.Platform;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Consents;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Confirmations;

/// <summary>What is asked of whoever opens the link.</summary>
/// <param name="Wording">The words they agreed to; null where none are kept.</param>
public sealed record AskedConsent(Purpose Purpose, Channel Channel, string? Wording, bool Confirmed);

/// <summary>Behind the link of a double opt-in, for whoever holds it: shows what is asked, and makes it a consent, once.</summary>
[Uses(Purpose.Service, "the person confirms their own consent; the address goes from one record of it to the next")]
public sealed class ConfirmConsent(Database database, ConsentLedger ledger, ConsentHistory history, ConfirmationTokens tokens, TimeProvider time)
{
    /// <param name="Network">Cut short.</param>
    public sealed record Request(string Token, string? Place, string? Network, string? UserAgent);

    /// <summary>Changes nothing: programs look into links before people do.</summary>
    /// <exception cref="ProblemException"><c>confirmation_unknown</c> (404), <c>confirmation_expired</c> (410).</exception>
    public async Task<AskedConsent> ShowAsync(string token, CancellationToken ct)
    {
        var (confirmation, asked) = await FindAsync(token, ct);
        return new AskedConsent(asked.Purpose, asked.Channel, asked.Wording, confirmation.ConfirmedAt is not null);
    }

    /// <summary>A second time does nothing.</summary>
    /// <exception cref="ProblemException"><c>confirmation_unknown</c> (404), <c>confirmation_expired</c> (410), <c>customer_unknown</c> (404).</exception>
    public async Task RunAsync(Request request, CancellationToken ct)
    {
        var (confirmation, asked) = await FindAsync(request.Token, ct);
        var now = time.GetUtcNow();
        var given = new NewConsent(asked.SubjectId, asked.Purpose, asked.Channel, ConsentDecision.Given, now, ConsentSource.DoubleOptIn)
        {
            Method = "link",
            Wording = asked.Wording,
            WordingVersion = asked.WordingVersion,
            Language = asked.Language,
            Proof = asked.Proof with { Place = Cut(request.Place, NewConsent.LongestPlace), Network = request.Network, UserAgent = Cut(request.UserAgent, NewConsent.LongestText), Evidence = $"consent:{asked.ConsentId}" },
        };
        var prepared = await ledger.PrepareAsync([given], ct);
        await database.WriteAsync(async tx =>
        {
            var first = await tx.ExecuteAsync("update privacy_confirmations set confirmed_at = @now where confirmation_id = @ConfirmationId and confirmed_at is null",
                new { now, confirmation.ConfirmationId }, ct);
            if (first > 0)
            {
                await ConsentLedger.WriteAsync(tx, prepared, ct);
                tx.Append(new ConsentRecorded(given.SubjectId, now, given.ConsentId, given.Purpose, given.Channel, given.Decision, given.Source));
            }
        }, ct);
    }

    private async Task<(Confirmation Confirmation, ConsentRecord Asked)> FindAsync(string token, CancellationToken ct)
    {
        var id = (await tokens.OpenAsync(ct)).Read(token);
        var confirmation = await database.ReadAsync(s => Confirmation.FindAsync(s, id, time.GetUtcNow(), ct), ct);
        var asked = await history.FindAsync(confirmation.SubjectId, confirmation.ConsentId, ct) ?? throw Confirmation.Unknown();
        return (confirmation, asked);
    }

    private static string? Cut(string? text, int most) => text?.Length > most ? text[..most] : text;
}
