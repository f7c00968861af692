using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;

namespace Wellmet.Faults.Child;

internal sealed record Counted(Guid SubjectId, DateTimeOffset OccurredAt, long Number) : ILogEvent;

/// <summary>A module whose receiver leaves one row for each event it was given.</summary>
internal sealed class CountingModule : IModule
{
    public string Name => "faults";

    public void Configure(ModuleSetup setup)
    {
        setup.Event<Counted>("faults.counted");
        setup.Receiver<CountingReceiver>("faults.counting");
    }

    private sealed class CountingReceiver(LogOptions options) : IReceiver
    {
        private static readonly BulkInsert<(Guid Subject, long Number, string Node)> Insert = new("faults_effects",
            new("subject_id", typeof(Guid), e => e.Subject), new("effect_id", typeof(Guid), _ => Id.New()),
            new("number", typeof(long), e => e.Number), new("node", typeof(string), e => e.Node));

        public IReadOnlyList<Type> Accepts => [typeof(Counted)];

        public Task ReceiveAsync(IReadOnlyList<Delivery> deliveries, Transaction tx, CancellationToken ct) =>
            Insert.RunAsync(tx, [.. deliveries.Select(d => (d.SubjectId, ((Counted)d.Event).Number, options.Node))], ct);
    }
}
