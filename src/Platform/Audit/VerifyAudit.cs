using System.Globalization;
using System.Security.Cryptography;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Audit;

/// <summary>One thing that is not as it was written: an English sentence, translated on display, and its arguments.</summary>
public sealed record AuditFinding(string Template, params object[] Arguments)
{
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, Template, Arguments);
}

/// <summary>What <see cref="VerifyAudit"/> found.</summary>
/// <param name="Entries">Entries read.</param>
/// <param name="Sealed">Entries in the chain; the rest waits for its seal.</param>
/// <param name="Findings">Empty where everything is as it was written; at most <see cref="VerifyAudit.MaxFindings"/>.</param>
public sealed record AuditVerification(long Entries, long Sealed, IReadOnlyList<AuditFinding> Findings)
{
    public bool IsWhole => Findings.Count == 0;
}

/// <summary>
/// Reads the whole audit log and recomputes every code: finds entries and seals that were changed, removed, exchanged, inserted or cut off
/// behind the last checkpoint.
/// </summary>
public sealed class VerifyAudit(Database database, AuditKey key, AuditCheckpoint checkpoint, CurrentActor actor)
{
    public const int MaxFindings = 100;

    public async Task<AuditVerification> RunAsync(CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ReadAudit);
        // Read first: entries sealed while the chain is read are then beyond it, never before it.
        var readable = checkpoint.TryRead(out var anchor);
        var findings = new List<AuditFinding>();
        var walk = new Walk(key.Bytes, anchor, findings);
        await database.ReadAsync(async s =>
        {
            await s.ForEachAsync($"""
                select {AuditEntry.Selected}, e.mac, c.seq, c.hash
                from audit_seals c left join audit_entries e on e.id = c.entry_id order by c.seq
                """, null, walk.Sealed, ct);
            await s.ForEachAsync($"""
                select {AuditEntry.Selected}, e.mac, u.entry_id
                from audit_entries e left join audit_unsealed u on u.entry_id = e.id
                where not exists (select 1 from audit_seals c where c.entry_id = e.id) order by e.at, e.id
                """, null, walk.Unsealed, ct);
        }, ct);
        walk.Finish();
        if (anchor is null && (!readable || walk.Last.Seq > 0))
        {
            findings.Add(new(readable ? "The checkpoint file is missing." : "The checkpoint file was changed."));
        }
        return new AuditVerification(walk.Entries, walk.Last.Seq, findings);
    }

    /// <summary>One pass along the chain.</summary>
    private sealed class Walk(byte[] key, Seal? anchor, List<AuditFinding> findings)
    {
        public Seal Last { get; private set; } = new(0, AuditChain.Beginning);
        public long Entries { get; private set; }

        public void Sealed(Row row)
        {
            const int mac = AuditEntry.Columns, seq = mac + 1, hash = mac + 2;
            var number = row.Long(seq);
            if (number != Last.Seq + 1)
            {
                Find("The seals {0} to {1} are missing.", Last.Seq + 1, number - 1);
            }
            if (row.IsNull(mac))
            {
                Find("The entry of seal {0} is missing.", number);
            }
            else
            {
                Entries++;
                DemandMac(row, mac);
                if (!CryptographicOperations.FixedTimeEquals(row.Bytes(hash), AuditChain.Hash(key, Last.Hash, number, row.Bytes(mac))))
                {
                    Find("Seal {0} does not follow from the one before.", number);
                }
            }
            Last = new Seal(number, row.Bytes(hash));
            if (anchor?.Seq == number && !anchor.Hash.AsSpan().SequenceEqual(Last.Hash))
            {
                Find("Seal {0} is not the one that the checkpoint recorded.", number);
            }
        }

        public void Unsealed(Row row)
        {
            Entries++;
            DemandMac(row, AuditEntry.Columns);
            if (row.IsNull(AuditEntry.Columns + 1))
            {
                Find("The entry {0} has lost its seal.", row.Guid(0));
            }
        }

        public void Finish()
        {
            if (anchor?.Seq > Last.Seq)
            {
                Find("The log ends at seal {0}, but the checkpoint recorded seal {1}: its end was cut off.", Last.Seq, anchor.Seq);
            }
        }

        private void DemandMac(Row row, int column)
        {
            if (!CryptographicOperations.FixedTimeEquals(row.Bytes(column), AuditEntry.Read(row).Mac(key)))
            {
                Find("The entry {0} is not as it was written.", row.Guid(0));
            }
        }

        private void Find(string template, params object[] arguments)
        {
            if (findings.Count < MaxFindings)
            {
                findings.Add(new AuditFinding(template, arguments));
            }
        }
    }
}
