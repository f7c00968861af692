using System.Text.Encodings.Web;
using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Erasure;

/// <summary>Everything that all modules hold about one customer, opened, for a data-subject request (GDPR articles 15 and 20).</summary>
public sealed class ExportCustomer(Database database, IEnumerable<IPersonalData> holders, IPurposeGate gate, CurrentActor actor, AuditLog audit)
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <exception cref="ProblemException"><c>export_refused</c>, <c>customer_unknown</c>.</exception>
    public async Task<IReadOnlyList<PersonalRecord>> RunAsync(Guid customerId, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Export);
        actor.Demand(CustomersPermissions.ReadPersonal);
        var subjects = await database.ReadAsync(s => CustomerLinks.SubjectsOfAsync(s, [customerId], ct), ct);
        if (subjects.Count == 0)
        {
            throw new ProblemException("customer_unknown", "This customer does not exist, or was erased.", 404);
        }
        var decisions = await gate.AskAsync(new DataUse(Purpose.Access), subjects, ct);
        if (!subjects.TrueForAll(s => decisions[s].Allowed))
        {
            throw new ProblemException("export_refused", "This customer's data may not be handed out.", 403);
        }
        var records = new List<PersonalRecord>();
        foreach (var holder in holders)
        {
            records.AddRange(await holder.ExportAsync(subjects, ct));
        }
        await database.WriteAsync(tx => audit.RecordAsync(tx, "customer.exported", $"customer:{customerId}", null, ct), ct);
        return records;
    }

    public static byte[] ToJson(IReadOnlyList<PersonalRecord> records) => JsonSerializer.SerializeToUtf8Bytes(records, Readable);

    /// <summary>One line for each field of each record.</summary>
    public static byte[] ToCsv(IReadOnlyList<PersonalRecord> records)
    {
        var csv = new CsvText();
        csv.Line("record", "subject_id", "kind", "field", "value");
        for (var i = 0; i < records.Count; i++)
        {
            foreach (var (field, value) in records[i].Fields)
            {
                csv.Line(i + 1, records[i].SubjectId, records[i].Kind, field, value);
            }
        }
        return csv.ToBytes();
    }
}
