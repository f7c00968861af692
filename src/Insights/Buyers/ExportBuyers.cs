using System.Globalization;
using System.Text;
using Wellmet.Customers.Contract;
using Wellmet.Insights.Contract;
using Wellmet.Insights.Home;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Buyers;

/// <summary>
/// The list as CSV, without those whose data may not be handed out; how many these are, and where it was cut, stands at the end. Without names: whoever
/// may take them along does that from the list of customers; but whose each line is can be found out.
/// </summary>
public sealed class ExportBuyers(Database database, ListBuyers list, IPurposeGate gate, CurrentActor actor, AuditLog audit)
{
    private const int PageSize = 2000;

    /// <param name="Scope">Null where there is no sale yet.</param>
    public sealed record Request(SalesScope? Scope, BuyerKind Kind)
    {
        /// <summary>Rows of the list after which the file is cut.</summary>
        public int MostRows { get; init; } = 100_000;
    }

    /// <summary>Writes the whole list to the stream, a page at a time.</summary>
    public async Task RunAsync(Request request, Stream output, CancellationToken ct)
    {
        actor.Demand(InsightsPermissions.Read);
        actor.Demand(CustomersPermissions.Read);
        await database.WriteAsync(tx => audit.RecordAsync(tx, "buyers.exported", "buyers", null, ct), ct);
        await using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync(CsvText.RawLine(["customer_id", "orders", "currency", "revenue", "first_order", "last_order"]));
        if (request.Scope is not { } scope)
        {
            return;
        }
        var leftOut = new LeftOut();
        var rows = 0;
        string? after = null;
        do
        {
            var page = await list.RunAsync(new(scope, request.Kind, after, Limit: Math.Min(PageSize, request.MostRows - rows)), ct);
            var answer = await gate.AskAsync(new DataUse(Purpose.Export), [.. page.Rows.Select(b => b.CustomerId)], ct);
            foreach (var b in page.Rows.Where(b => answer[b.CustomerId].Allowed))
            {
                await writer.WriteLineAsync(CsvText.SafeLine([b.CustomerId, b.Orders, b.Revenue.Currency, b.Revenue, Day(b.FirstOrder), Day(b.LastOrder)]));
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

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
