using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Imports;

/// <param name="StorefrontId">Null for the first storefront.</param>
/// <param name="FileId">Of an upload; null for a file that whoever runs the import brings.</param>
/// <param name="DayFirst">Whether dates are written with the day before the month; null to see it from the file.</param>
public sealed record StartImportRequest(ImportSource Source, string FileName, string Layout, Guid? StorefrontId = null, Guid? FileId = null, bool? DayFirst = null);

/// <summary>
/// Looks at a file and enters it as an import that can run. The same content in the same layout that was begun before and not finished is
/// taken up again where it stopped.
/// </summary>
public sealed class StartImport(ImportLedger ledger, ImportTargets targets, ColumnMemory memory, AuditLog audit, CurrentActor actor)
{
    private const int LongestName = 200;

    /// <exception cref="ProblemException">What keeps the file from being imported.</exception>
    public async Task<Import> RunAsync(StartImportRequest request, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Import);
        var target = targets.Named(request.Layout);
        if (ImportTargets.Split(request.Layout).Thing is { } thing)
        {
            await target.DemandThingAsync(thing, ct);
        }
        var probe = await FileProbe.ReadAsync(request.Source, ct);
        if (await UnfinishedAsync(request, probe, ct) is { } begun)
        {
            return begun;
        }
        var layout = await memory.RecallAsync(target, probe, LayoutDetection.Detect(probe, target.Fields), ct);
        // Whoever brings a file by the command line is not there to say which column is which.
        var asks = request.FileId is not null && (target.NeedsMapping || (target.IsForThing && ImportTargets.Missing(target, layout.Columns).Count > 0));
        if (!asks)
        {
            ImportTargets.DemandColumns(target, layout.Columns);
            layout = await ImportTargets.WithDatesAsync(target, layout, request.Source, request.DayFirst, ct);
        }
        var importId = Id.New();
        await InsertAsync(importId, request, probe, layout, asks ? ImportState.Mapping : ImportState.Queued, ct);
        return await ledger.GetAsync(importId, ct);
    }

    private Task<Import?> UnfinishedAsync(StartImportRequest request, FileProbe probe, CancellationToken ct) => ledger.Database.ReadAsync(s => s.FirstAsync($"""
        select {Import.Columns} from customers_imports
        where content_hash = @Hash and layout = @Layout and (file_id is not null) = @stored and state in @states
          and (storefront_id = @storefront or (storefront_id is null and @anyStorefront)) order by created_at desc limit 1
        """, new
    {
        probe.Hash, request.Layout, stored = request.FileId is not null, storefront = request.StorefrontId ?? Guid.Empty, anyStorefront = request.StorefrontId is null,
        states = new[] { ImportState.Queued, ImportState.Running, ImportState.Cancelling, ImportState.Cancelled, ImportState.Failed },
    }, Import.Of, ct), ct);

    private Task InsertAsync(Guid importId, StartImportRequest request, FileProbe probe, FileLayout layout, ImportState state, CancellationToken ct) =>
        ledger.Database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("""
            insert into customers_imports (import_id, layout, file_name, content_hash, bytes, lines_total, file_id, storefront_id, settings,
              state, lines_done, resumed_at, counts, started_by, created_at)
            values (@importId, @Layout, @name, @Hash, @Bytes, @lines, @FileId, @StorefrontId, @settings, @state, 0, 0, @counts, @startedBy, @now)
            """, new
        {
            importId, request.Layout, probe.Hash, probe.Bytes, request.FileId, request.StorefrontId, state,
            name = NameOf(request.FileName), lines = Math.Max(1, probe.LineBreaks - 1),
            settings = new Json(JsonSerializer.Serialize(layout)), counts = new Json("{}"), startedBy = actor.Value.Name, now = ledger.Now,
        }, ct);
            await audit.RecordAsync(tx, "import.started", $"import:{importId}", reason: null, ct, request.Layout);
        }, ct);

    private static string NameOf(string fileName)
    {
        var name = new string([.. Path.GetFileName(fileName.Replace('\\', '/')).Where(c => !char.IsControl(c))]);
        return name.Length <= LongestName ? name : name[..LongestName];
    }
}
