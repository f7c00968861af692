using System.Diagnostics;
using System.Runtime.InteropServices;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Imports;

/// <summary>One pass over a file, from the checkpoint to the end: each batch is one transaction with its checkpoint.</summary>
internal sealed class ImportPass(ImportLedger ledger, ImportRemarks remarks, IImportTarget target, RunImportRequest request, Guid runner)
{
    private readonly BatchSize size = new();

    /// <returns>Completed, or Cancelled.</returns>
    public async Task<ImportState> RunAsync(Import import, CancellationToken ct)
    {
        var key = await remarks.KeyAsync(import.ImportId, create: true, ct);
        var run = new ImportRun(import.ImportId, import.StorefrontId, import.Settings.Format, ImportTargets.Split(import.Layout).Thing) { Headings = import.Settings.Headings, Columns = import.Settings.Columns };
        var reader = await target.StartAsync(run, ct);
        var counts = new Dictionary<string, long>(import.Counts);
        long at = 0;
        await foreach (var batch in new BatchReader(request.Source, import.Settings, target, size).ReadAsync(import.LinesDone, ct))
        {
            var from = at;
            at += batch.Count;
            if (at <= import.LinesDone)
            {
                reader.Skip(batch.Lines);
                continue;
            }
            if (!await WriteAsync(reader, batch, key, new Checkpoint(import.ImportId, runner, from, at, counts), ct))
            {
                return ImportState.Cancelled;
            }
            Report(import, at, counts);
        }
        await reader.CompleteAsync(ct);
        return ImportState.Completed;
    }

    private async Task<bool> WriteAsync(IImportReader reader, FileBatch batch, SubjectKeys key, Checkpoint point, CancellationToken ct)
    {
        var prepared = await reader.PrepareAsync(batch.Lines, ct);
        var sealedRemarks = ImportRemarks.Seal(point.ImportId, key, batch, prepared.Remarks);
        var counts = (Dictionary<string, long>)point.Counts;
        foreach (var (name, lines) in prepared.Counts.Append(new("rejected", batch.Faults.Count)))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, name, out _) += lines;
        }
        var took = TimeSpan.Zero;
        var goOn = await ledger.Database.WriteAsync(async tx =>
        {
            var started = Stopwatch.GetTimestamp();
            await prepared.WriteAsync(tx, ct);
            await ImportRemarks.WriteAsync(tx, sealedRemarks, ct);
            var running = await ledger.CheckpointAsync(tx, point, ct);
            took = Stopwatch.GetElapsedTime(started);
            return running;
        }, ct);
        size.Learn(batch.Count, took);
        return goOn;
    }

    private void Report(Import import, long at, Dictionary<string, long> counts) =>
        request.Progress?.Report((import with { LinesDone = at, Counts = counts, State = ImportState.Running }).Progress(ledger.Now));
}
