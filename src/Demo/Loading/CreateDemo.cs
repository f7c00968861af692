using Wellmet.Demo.Contract;
using Wellmet.Demo.Generator;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Demo.Loading;

/// <summary>Enters a demo shop that is to be made; <see cref="MakeDemo"/> makes it. One that was begun with the same plan and not finished is taken up again.</summary>
public sealed class CreateDemo(DemoLedger ledger, AuditLog audit, CurrentActor actor)
{
    /// <summary>What the demo shop is made from; see <see cref="DemoPlan"/>.</summary>
    public sealed record Request(int Customers, int Months, ulong Seed);

    /// <exception cref="ProblemException"><c>demo_customers</c>, <c>demo_months</c>, <c>demo_exists</c>, <c>demo_busy</c>.</exception>
    public async Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(DemoPermissions.Manage);
        Demand(request);
        if (!await ledger.Database.WriteAsync(tx => EnterAsync(tx, request, ct), ct))
        {
            DemandUnfinished(await ledger.RowAsync(ct), request);
        }
    }

    private async Task<bool> EnterAsync(Transaction tx, Request request, CancellationToken ct)
    {
        var demoId = Id.New();
        // Whole seconds: the plan is read back from the row, and must be the same then.
        var now = DateTimeOffset.FromUnixTimeSeconds(ledger.Now.ToUnixTimeSeconds());
        var entered = await DemoLedger.EnterAsync(tx, demoId, new DemoPlan(request.Customers, request.Months, request.Seed, now), ct);
        if (entered)
        {
            await audit.RecordAsync(tx, "demo.created", $"demo:{demoId}", reason: null, ct, $"{request.Customers} customers, {request.Months} months, seed {request.Seed}");
        }
        return entered;
    }

    private static void Demand(Request request)
    {
        if (request.Customers is < 1 or > DemoPlan.MostCustomers)
        {
            throw new ProblemException("demo_customers", "A demo shop has 1 to {0} customers.", 422, DemoPlan.MostCustomers);
        }
        if (request.Months is < 1 or > DemoPlan.MostMonths)
        {
            throw new ProblemException("demo_months", "A demo shop goes back 1 to {0} months.", 422, DemoPlan.MostMonths);
        }
    }

    private static void DemandUnfinished(DemoRow? row, Request request)
    {
        if (row is { Stage: DemoStage.Making, Plan: var plan } && plan == new DemoPlan(request.Customers, request.Months, request.Seed, plan.Now))
        {
            return;
        }
        throw row is null or { Held: true }
            ? new ProblemException("demo_busy", "Another process is making or removing the demo shop. Wait until it is done.", 409)
            : row is { Stage: DemoStage.Ready }
                ? new ProblemException("demo_exists", "There is a demo shop already, with {0} customers. Remove it first.", 409, row.Plan.Customers)
                : new ProblemException("demo_unfinished", "There is a demo shop that was begun and not finished, with {0} customers. Go on with the same numbers, or remove it.", 409, row.Plan.Customers);
    }
}
