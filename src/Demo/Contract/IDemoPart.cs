using Wellmet.Platform.Storage;

namespace Wellmet.Demo.Contract;

/// <summary>A person of the demo shop under the subject that stands for them.</summary>
public sealed record DemoPerson(Guid SubjectId, DemoShopper Shopper);

/// <summary>Some people of the demo shop.</summary>
/// <param name="DemoId">The demo shop: the id of its storefront, and the import id of everything in it.</param>
public sealed record DemoBatch(Guid DemoId, IReadOnlyList<DemoPerson> People);

/// <summary>
/// A module that keeps a shop's data loads its own part of a demo shop: rows and events as its ordinary paths would have written them, all of them history
/// with the demo's id as their import id. What is derived from events it leaves to the receivers.
/// </summary>
public interface IDemoPart
{
    /// <summary>Writes what comes before all customers. May come again after an interruption: what stands is left as it is.</summary>
    Task BeginAsync(Transaction tx, Guid demoId, IReadOnlyList<DemoProduct> products, DateTimeOffset startsAt, CancellationToken ct);

    /// <summary>Does what a batch needs outside of its transaction, before its people have rows.</summary>
    /// <returns>Writes the batch, in the transaction that also moves the checkpoint; the transaction may be run again from the start.</returns>
    Task<Func<Transaction, CancellationToken, Task>> PrepareAsync(DemoBatch batch, CancellationToken ct);

    /// <summary>Everything is written: brings up to date what is derived from all orders together. May run again after an interruption.</summary>
    Task CompleteAsync(Guid demoId, CancellationToken ct);
}
