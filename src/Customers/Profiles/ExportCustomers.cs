using System.Text;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Profiles;

/// <summary>The list as it is shown, as CSV, without those whose data may not be handed out; how many these are, and where it was cut, stands at the end. Masked like the list.</summary>
public sealed class ExportCustomers(Database database, ListCustomers list, IPurposeGate gate, CurrentActor actor, AuditLog audit)
{
    /// <param name="Columns">Keys of the chosen columns; the usual ones where empty.</param>
    public sealed record Request(ListCustomers.Request List, IReadOnlyCollection<string> Columns)
    {
        /// <summary>Rows of the list after which the file is cut.</summary>
        public int MostRows { get; init; } = 100_000;
    }

    /// <summary>Writes the whole list to the stream, a page at a time.</summary>
    public async Task RunAsync(Request request, Stream output, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Export);
        await database.WriteAsync(tx => audit.RecordAsync(tx, "customers.exported", "customers", null, ct), ct);
        var columns = CustomerColumns.Chosen(request.Columns);
        await using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync(CsvText.RawLine(columns.Select(c => c.Title)));
        var leftOut = new LeftOut();
        var rows = 0;
        string? after = null;
        do
        {
            var page = await list.RunAsync(request.List with { After = after, Before = null, Limit = Math.Min(ListCustomers.MostRows, request.MostRows - rows) }, ct);
            var answer = await gate.AskAsync(new DataUse(Purpose.Export), [.. page.Rows.Select(r => r.CustomerId)], ct);
            foreach (var row in page.Rows.Where(r => answer[r.CustomerId].Allowed))
            {
                await writer.WriteLineAsync(CsvText.SafeLine(columns.Select(c => c.Value(row))));
            }
            leftOut.Add(answer);
            rows += page.Rows.Count;
            after = page.Next;
        }
        while (after is not null && rows < request.MostRows);
        if (after is not null)
        {
            leftOut.CutAt(rows);
        }
        foreach (var line in leftOut.Lines)
        {
            await writer.WriteLineAsync(CsvText.SafeLine([line]));
        }
    }
}
