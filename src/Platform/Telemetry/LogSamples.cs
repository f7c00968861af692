using System.Diagnostics.Metrics;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Telemetry;

/// <summary>How the log and its receivers stand, as last asked of the database: <see cref="RefreshAsync"/>.</summary>
public sealed class LogSamples
{
    private readonly LogReader reader;
    private readonly Database database;
    private IReadOnlyList<(string Receiver, long Behind)> lag = [];
    private IReadOnlyList<(string Receiver, string State, long Events)> parked = [];

    public LogSamples(Instruments instruments, LogReader reader, Database database, Leases leases)
    {
        (this.reader, this.database) = (reader, database);
        instruments.Meter.CreateObservableGauge("wellmet.log.receiver.lag", () => lag.Select(l => new Measurement<long>(l.Behind, KeyValuePair.Create<string, object?>("receiver", l.Receiver))),
            "{event}", "Events that a receiver has still to see.");
        instruments.Meter.CreateObservableGauge("wellmet.log.parked", () => parked.Select(p => new Measurement<long>(
            p.Events, KeyValuePair.Create<string, object?>("receiver", p.Receiver), KeyValuePair.Create<string, object?>("state", p.State))),
            "{event}", "Events that a receiver could not take: waiting for another try, or dead.");
        instruments.Meter.CreateObservableGauge("wellmet.log.leases", () => leases.Held.Count, "{partition}", "Partitions of the log that this node works on.");
    }

    /// <summary>A database that does not answer leaves the last figures.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        try
        {
            lag = await reader.LagAsync(ct);
            parked = await database.ReadAsync(s => s.QueryAsync("select receiver, state, count(*) from log_parked group by receiver, state", null, r => (r.Text(0), r.Text(1), r.Long(2)), ct), ct);
        }
        catch (ProblemException e) when (e.Status >= 500)
        {
            // The health routes say so; here there is nothing new to tell.
        }
    }
}
