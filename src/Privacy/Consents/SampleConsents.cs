using Wellmet.Customers.Contract;
using Wellmet.Demo.Contract;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Consents;

/// <summary>What the people of the demo shop said about letters with advertising; their addresses lead to nobody.</summary>
internal sealed class SampleConsents(ConsentLedger ledger) : IDemoPart
{
    public Task BeginAsync(Transaction tx, Guid demoId, IReadOnlyList<DemoProduct> products, DateTimeOffset startsAt, CancellationToken ct) => Task.CompletedTask;

    public async Task<Func<Transaction, CancellationToken, Task>> PrepareAsync(DemoBatch batch, CancellationToken ct)
    {
        var said = batch.People.Select(p => Said(p.SubjectId, p.Shopper)).OfType<NewConsent>().ToList();
        var prepared = await ledger.PrepareOwnAsync(said, [.. batch.People.Select(p => new CustomerContacts(p.SubjectId, [p.SubjectId], [p.Shopper.Email], []))], ct);
        return async (tx, c) =>
        {
            await ConsentLedger.WriteAsync(tx, prepared with { Rows = [.. prepared.Rows.Select(r => r with { ImportId = batch.DemoId })] }, c);
            foreach (var one in said)
            {
                tx.AppendHistory(new ConsentRecorded(one.SubjectId, one.OccurredAt, one.ConsentId, one.Purpose, one.Channel, one.Decision, one.Source), batch.DemoId);
            }
        };
    }

    public Task CompleteAsync(Guid demoId, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Without a wording: wordings belong to nobody, and would stay when the demo shop goes.</summary>
    private static NewConsent? Said(Guid subject, DemoShopper shopper) => shopper.Letters is not { } letters ? null
        : new NewConsent(subject, Purpose.Marketing, Channel.Email, letters.AtPurchase ? ConsentDecision.NotRefused : ConsentDecision.Given, letters.At, letters.AtPurchase ? ConsentSource.Checkout : ConsentSource.Form)
        {
            Method = "checkbox", Language = shopper.Locale, Proof = new ConsentProof(Address: shopper.Email, Evidence: "demo"),
        };
}
