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
        var customerOf = await customers.CustomersOfAsync(tx, [.. signals.Select(s => s.SubjectId)], ct);
        var sets = await customers.SubjectsOfAsync(tx, [.. customerOf.Values], ct);
        var now = time.GetUtcNow();
        var said = await SaidAsync(tx, [.. sets.SelectMany(s => s), .. customerOf.Keys], ct);
        var latest = signals.SelectMany(s => s.Refused, (signal, purpose) => (Signal: signal, Purpose: purpose)).GroupBy(s => (s.Signal.SubjectId, s.Purpose)).Select(g => g.MaxBy(s => s.Signal.OccurredAt));
        var rows = from one in latest
                   let signal = one.Signal
                   let purpose = one.Purpose
                   let record = new NewConsent(signal.SubjectId, purpose, Channel.Any, ConsentDecision.Withdrawn, signal.OccurredAt, ConsentSource.Signal) { ConsentId = IdOf(signal, purpose), Method = "browser" }
                   from subject in sets[customerOf[signal.SubjectId]].Append(signal.SubjectId).Distinct()
                   where Changes(said[(subject, purpose)], signal.OccurredAt)
                   select new ConsentRow(subject, record, null, now, "system", null, null);
        await ConsentLedger.WriteAsync(tx, new PreparedConsents([.. rows], []), ct);
    }

    /// <summary>
    /// Whether a refusal at this time closes anything that is open. Browsers repeat theirs with every call, and anybody can send them, for whatever time: each that is kept closes
    /// something that a person opened, so nobody can write rows without end.
    /// </summary>
    private static bool Changes(IEnumerable<Said> said, DateTimeOffset at)
    {
        var refused = said.Where(s => s.Refuses).Select(s => (DateTimeOffset?)s.At).Max();
        return refused is null || said.Any(s => !s.Refuses && s.At > refused && at >= s.At);
    }

    /// <summary>What subjects refused altogether, and what opened any of it, by purpose: the latest of each.</summary>
    private static async Task<ILookup<(Guid, Purpose), Said>> SaidAsync(Session session, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        var said = new List<((Guid, Purpose) Of, Said Said)>();
        foreach (var page in subjects.Distinct().Chunk(1000))
        {
            said.AddRange(await session.QueryAsync("""
                select subject_id, purpose, decision = 'withdrawn', max(occurred_at) from privacy_consents
                where subject_id in @page and (decision in ('given', 'lifted') or (decision = 'withdrawn' and channel = 'any'))
                group by subject_id, purpose, channel, decision = 'withdrawn'
                """, new { page }, r => ((r.Guid(0), r.Enum<Purpose>(1)), new Said(r.Bool(2), r.Time(3))), ct));
        }
        return said.ToLookup(s => s.Of, s => s.Said);
    }

    private readonly record struct Said(bool Refuses, DateTimeOffset At);

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
