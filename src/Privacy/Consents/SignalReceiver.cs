using System.Security.Cryptography;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Consents;

/// <summary>
/// Records what browsers refuse (Global Privacy Control, the choices of a banner) as objections, with all subjects of the customer; and takes back what an
/// import said when the import is taken back.
/// </summary>
internal sealed class SignalReceiver(ICustomers customers, TimeProvider time) : IReceiver
{
    public IReadOnlyList<Type> Accepts => [typeof(PrivacySignalled), typeof(ImportUndone)];

    public async Task ReceiveAsync(IReadOnlyList<Delivery> deliveries, Transaction tx, CancellationToken ct)
    {
        var undone = deliveries.Select(d => d.Event).OfType<ImportUndone>().Select(u => u.ImportId).ToList();
        await tx.ExecuteAsync("delete from privacy_consents where import_id in @undone", new { undone }, ct);
        var signals = deliveries.Select(d => d.Event).OfType<PrivacySignalled>().ToList();
        if (signals.Count == 0)
        {
            return;
        }
        var customerOf = await customers.CustomersOfAsync([.. signals.Select(s => s.SubjectId)], ct);
        var sets = await customers.SubjectsOfAsync([.. customerOf.Values], ct);
        var now = time.GetUtcNow();
        var rows = from signal in signals
                   from purpose in signal.Refused
                   let said = new NewConsent(signal.SubjectId, purpose, Channel.Any, ConsentDecision.Withdrawn, signal.OccurredAt, ConsentSource.Signal) { ConsentId = IdOf(signal, purpose), Method = "browser" }
                   from subject in sets[customerOf[signal.SubjectId]].Append(signal.SubjectId).Distinct()
                   select new ConsentRow(subject, said, null, now, "system", null, null);
        await ConsentLedger.WriteAsync(tx, new PreparedConsents([.. rows], []), ct);
    }

    /// <summary>From what is said, so that a signal which comes twice is one record.</summary>
    private static Guid IdOf(PrivacySignalled signal, Purpose purpose)
    {
        Span<byte> text = stackalloc byte[28];
        signal.SubjectId.TryWriteBytes(text);
        BitConverter.TryWriteBytes(text[16..], Clock.ToMicroseconds(signal.OccurredAt));
        BitConverter.TryWriteBytes(text[24..], (int)purpose);
        return new Guid(SHA256.HashData(text)[..16]);
    }
}
