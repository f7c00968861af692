using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Segments.Histories;

/// <summary>
/// Makes traits of what is foretold of customers: <c>next_order_chance</c>, in percent by steps of five, and <c>next_type</c>. A history notes only changes. Who is not foretold of any more, by an
/// objection too, has none from then on.
/// </summary>
public sealed class TakePredictions(Database database, IServiceScopeFactory scopes, NoteTraits note)
{
    public const string Chance = "next_order_chance", NextType = "next_type";

    private const int Page = 500;

    /// <returns>How many customers' traits changed.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var changed = 0;
        var after = Guid.Empty;
        while (await PageAsync(after, ct) is { Count: > 0 } customers)
        {
            // A scope of its own: the gate remembers its answers.
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
            var foretold = await scope.ServiceProvider.GetRequiredService<IPredictions>().OfAsync(customers, ct);
            changed += await database.WriteUnflushedAsync(tx => note.RunAsync(tx, customers.ToDictionary(c => c, c => TraitsOf(foretold.GetValueOrDefault(c))), ct), ct);
            after = customers[^1];
        }
        return changed;
    }

    private Task<List<Guid>> PageAsync(Guid after, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync(
        "select subject_id from segments_histories where subject_id > @after and customer_id = subject_id order by subject_id limit @Page", new { after, Page }, r => r.Guid(0), ct), ct);

    private static IReadOnlyList<NotedTrait> TraitsOf(CustomerPrediction? foretold) =>
    [
        new(Chance, foretold?.Chance is { } p ? FactValue.Of((decimal)(Math.Floor(p * 20) * 5)) : null),
        new(NextType, foretold?.NextType is { } type ? FactValue.Of(type) : null),
    ];
}
