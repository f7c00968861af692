using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Imports;

/// <summary>Takes a person's word on which column is which, remembers it for files with the same headings, and lets the import run.</summary>
public sealed class ChooseColumns(ImportLedger ledger, ImportTargets targets, ImportFiles files, ImportNews news, CurrentActor actor)
{
    /// <param name="columns">For each field of the layout the column it is in, or -1.</param>
    /// <param name="dayFirst">Whether dates are written with the day before the month; null to see it from the file.</param>
    /// <exception cref="ProblemException"><c>columns_missing</c>, <c>dates_ambiguous</c>, <c>import_not_ready</c>.</exception>
    public async Task RunAsync(Guid importId, int[] columns, bool? dayFirst, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Import);
        var import = await ledger.GetAsync(importId, ct);
        var target = targets.Named(import.Layout);
        if (columns.Length != target.Fields.Count || Array.Exists(columns, c => c < -1 || c >= import.Settings.Headings.Count))
        {
            throw new ProblemException("columns_unknown", "Choose a column of the file for each field, or none.");
        }
        ImportTargets.DemandColumns(target, columns);
        var source = files.SourceOf(import.FileId ?? throw NotReady(import));
        var probe = await FileProbe.ReadAsync(source, ct);
        var settings = await ImportTargets.WithDatesAsync(target, LayoutDetection.Remap(probe, import.Settings, target.Fields, columns), source, dayFirst, ct);
        await ledger.Database.WriteAsync(async tx =>
        {
            await ColumnMemory.RememberAsync(tx, target.Layout, settings, ct);
            if (await tx.ExecuteAsync("update customers_imports set settings = @settings, state = 'queued' where import_id = @importId and state = 'mapping'",
                new { importId, settings = new Json(JsonSerializer.Serialize(settings)) }, ct) == 0)
            {
                throw NotReady(import);
            }
        }, ct);
        news.Wake();
    }

    private static ProblemException NotReady(Import import) =>
        new("import_not_ready", "This import cannot do that now: it is in the state '{0}'.", 409, EnumText.Of(import.State));
}
