using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Wellmet.Platform.Log;
using Wellmet.Platform.Telemetry;

namespace Wellmet.Platform.Storage;

/// <summary>One write transaction: SQL, EF Core contexts on the same connection, and the events told in it.</summary>
public sealed class Transaction : Session
{
    private readonly List<AppendedEvent> appended = [];
    private readonly List<Action> afterCommit = [];
    private readonly Dictionary<Type, ModuleDb> contexts = [];

    /// <param name="durable">See <see cref="IsDurable"/>.</param>
    internal Transaction(Engine engine, DbConnection connection, DbTransaction transaction, bool durable) : base(engine, connection, transaction) => IsDurable = durable;

    /// <summary>Whether it is flushed when it is committed, or is lost only together with this process (SQLite lives in it).</summary>
    internal bool IsDurable { get; }

    internal IReadOnlyList<AppendedEvent> Appended => appended;

    /// <summary>The module's EF Core context inside this transaction; its changes are saved before the commit.</summary>
    public TDb Use<TDb>() where TDb : ModuleDb
    {
        if (!contexts.TryGetValue(typeof(TDb), out var db))
        {
            db = ModuleDb.On<TDb>(this);
            contexts[typeof(TDb)] = db;
        }
        return (TDb)db;
    }

    /// <summary>Tells what just happened; receivers get it at least once, in order per subject.</summary>
    /// <param name="trace">Of the request behind it, where that is not the work that goes on; see <see cref="EventTrace"/>.</param>
    public void Append(ILogEvent happened, byte[]? trace = null) => appended.Add(new AppendedEvent(happened, Live: true, ImportId: null, trace ?? EventTrace.Current));

    /// <summary>Tells what happened long ago, as an import says: it is on the timeline and in every figure, but fires nothing.</summary>
    public void AppendHistory(ILogEvent happened, Guid? importId, byte[]? trace = null) => appended.Add(new AppendedEvent(happened, Live: false, importId, trace ?? EventTrace.Current));

    /// <summary>Takes back what was told in this transaction: it has not reached the log yet, and nobody will have heard of it.</summary>
    public void Untell(Predicate<ILogEvent> which) => appended.RemoveAll(a => which(a.Event));

    /// <summary>Runs once the transaction is committed; not run when it fails. For signals only: nothing here may be needed for correctness.</summary>
    public void AfterCommit(Action action) => afterCommit.Add(action);

    internal async Task SaveAsync(CancellationToken ct)
    {
        foreach (var db in contexts.Values)
        {
            await db.SaveChangesAsync(ct);
        }
    }

    internal void Committed() => afterCommit.ForEach(action => action());

    public override async ValueTask DisposeAsync()
    {
        foreach (var db in contexts.Values)
        {
            await db.DisposeAsync();
        }
        await base.DisposeAsync();
    }
}
