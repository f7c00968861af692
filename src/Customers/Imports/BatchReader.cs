using System.Threading.Channels;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Platform;

namespace Wellmet.Customers.Imports;

/// <summary>Lines that are written together.</summary>
internal sealed record FileBatch(List<ImportLine> Lines, List<DelimitedRecord> Faults, List<long> Repaired)
{
    public int Count => Lines.Count + Faults.Count;
}

/// <summary>Reads a file ahead, on a thread of its own, in batches that cut no group of neighbouring lines apart.</summary>
internal sealed class BatchReader(ImportSource source, FileLayout layout, IImportTarget target, BatchSize size)
{
    private const int Ahead = 2, LargestGroup = 10_000;

    /// <param name="checkpoint">A batch ends exactly there, so that what was written before can be told from what was not.</param>
    public async IAsyncEnumerable<FileBatch> ReadAsync(long checkpoint, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var channel = Channel.CreateBounded<FileBatch>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reading = Task.Run(() => FillAsync(channel.Writer, checkpoint, stop.Token), stop.Token);
        try
        {
            await foreach (var batch in channel.Reader.ReadAllAsync(ct))
            {
                yield return batch;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task FillAsync(ChannelWriter<FileBatch> writer, long checkpoint, CancellationToken ct)
    {
        try
        {
            using var reader = await layout.OpenAsync(source, ct);
            var batch = Empty();
            string? group = null;
            long read = 0;
            while (reader.Read() is { } record)
            {
                if (record.Fault is null && Array.TrueForAll(record.Cells, string.IsNullOrWhiteSpace))
                {
                    continue;
                }
                var line = new ImportLine(record.Line, record.Cells, layout.Columns);
                var fault = record.Fault ?? (HasStrayCells(record) ? "too_many_cells" : null);
                var next = fault is null ? target.GroupOf(line) : group;
                if (batch.Count > 0 && (read == checkpoint || (batch.Count >= size.Lines && (next is null || next != group)) || batch.Count >= LargestGroup))
                {
                    await writer.WriteAsync(batch, ct);
                    batch = Empty();
                }
                group = next;
                read++;
                Add(batch, record, line, fault);
            }
            if (batch.Count > 0)
            {
                await writer.WriteAsync(batch, ct);
            }
            writer.Complete();
        }
        catch (Exception e)
        {
            writer.Complete(e);
        }
    }

    private static FileBatch Empty() => new([], [], []);

    private static void Add(FileBatch batch, DelimitedRecord record, ImportLine line, string? fault)
    {
        if (fault is not null)
        {
            batch.Faults.Add(record.Fault is null ? record with { Fault = fault, Raw = CsvText.RawLine(record.Cells) } : record);
            return;
        }
        batch.Lines.Add(line);
        if (record.Repaired)
        {
            batch.Repaired.Add(line.Number);
        }
    }

    /// <summary>More cells than headings, and something in them: a delimiter inside a text that is not quoted.</summary>
    private bool HasStrayCells(DelimitedRecord record) =>
        record.Cells.Length > layout.Headings.Count && record.Cells.AsSpan(layout.Headings.Count).ContainsAnyExcept("");
}

/// <summary>How many lines are written in one transaction, so that it holds SQLite's only writer for about as long as wanted.</summary>
internal sealed class BatchSize
{
    private const int Smallest = 1000, Largest = 4000;
    private static readonly TimeSpan Wanted = TimeSpan.FromMilliseconds(80);
    private volatile int lines = 1000;

    public int Lines => lines;

    /// <summary>Learns from a transaction; goes at most half way at a time, so that one slow disk write does not undo it.</summary>
    public void Learn(int written, TimeSpan took)
    {
        var fitting = written * Wanted.TotalMilliseconds / Math.Max(1, took.TotalMilliseconds);
        lines = (int)Math.Clamp((lines + fitting) / 2, Smallest, Largest);
    }
}
