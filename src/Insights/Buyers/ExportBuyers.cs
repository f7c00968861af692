using System.Globalization;
using Wellmet.Insights.Home;
using Wellmet.Platform;
using Wellmet.Platform.Purposes;

namespace Wellmet.Insights.Buyers;

/// <summary>
/// The list as CSV, all of its pages, without those whose data may not be handed out. Without names: whoever may take them along does that from the list
/// of customers; but whose each line is can be found out.
/// </summary>
public sealed class ExportBuyers(ListBuyers list, IPurposeGate gate)
{
    private const int PageSize = 2000, MostPages = 500;

    /// <param name="Scope">Null where there is no sale yet.</param>
    public sealed record Request(SalesScope? Scope, BuyerKind Kind);

    public async Task<byte[]> RunAsync(Request request, CancellationToken ct)
    {
        var csv = new CsvText();
        csv.Line("customer_id", "orders", "currency", "revenue", "first_order", "last_order");
        var leftOut = new LeftOut();
        string? after = null;
        for (var n = 0; request.Scope is not null && n < MostPages && (n == 0 || after is not null); n++)
        {
            var page = await list.RunAsync(new(request.Scope, request.Kind, after, Limit: PageSize), ct);
            var answer = await gate.AskAsync(new DataUse(Purpose.Export), [.. page.Rows.Select(b => b.CustomerId)], ct);
            foreach (var b in page.Rows.Where(b => answer[b.CustomerId].Allowed))
            {
                csv.Line(b.CustomerId, b.Orders, b.Revenue.Currency, b.Revenue, Day(b.FirstOrder), Day(b.LastOrder));
            }
            leftOut.Add(answer);
            after = page.Next;
        }
        foreach (var line in leftOut.Lines)
        {
            csv.Line(line);
        }
        return csv.ToBytes();
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
