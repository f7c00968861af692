using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Predictions;

/// <summary>Answers questions about predictions, of other modules, too. The gate is asked again at each of them, and so is the catalogue: what is sold out or not sold any more is due to nobody.</summary>
public sealed class PredictionBook(Database database, ICustomers customers, IPurposeGate gate, ICatalog catalog) : IPredictions
{
    private const int Most = 1_000;

    public async Task<IReadOnlyDictionary<Guid, CustomerPrediction>> OfAsync(IReadOnlyCollection<Guid> asked, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(asked.Count, Most);
        var customerOf = await customers.CustomersOfAsync(asked, ct);
        var rows = await database.ReadAsync(s => s.QueryAsync($"select {PredictionStore.Columns} from recommendations_predictions where subject_id in @ids",
            new { ids = customerOf.Values.Distinct() }, PredictionStore.Read, ct), ct);
        var allowed = (await AllowedAsync(rows, ct)).ToDictionary(p => p.CustomerId);
        return customerOf.Where(c => allowed.ContainsKey(c.Value)).ToDictionary(c => c.Key, c => allowed[c.Value]);
    }

    public async Task<PredictionPage> PageAsync(Guid after, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, Most);
        var rows = await database.ReadAsync(s => s.QueryAsync($"select {PredictionStore.Columns} from recommendations_predictions where subject_id > @after order by subject_id limit @limit",
            new { after, limit }, PredictionStore.Read, ct), ct);
        return new PredictionPage(await AllowedAsync(rows, ct), rows.Count < limit ? null : rows[^1].CustomerId);
    }

    /// <summary>Those who are still the customer they were, and may be personalised for with all of their subjects.</summary>
    internal async Task<IReadOnlyList<CustomerPrediction>> AllowedAsync(IReadOnlyList<CustomerPrediction> rows, CancellationToken ct)
    {
        var ids = rows.Select(r => r.CustomerId).ToList();
        var customerOf = await customers.CustomersOfAsync(ids, ct);
        var subjects = await customers.SubjectsOfAsync(ids, ct);
        var answer = await gate.AskAsync(new DataUse(Purpose.Personalisation), [.. subjects.SelectMany(s => s)], ct);
        // Who was merged into somebody else since is told under neither until the next run: of both together nothing is known yet.
        var allowed = rows.Where(r => customerOf.GetValueOrDefault(r.CustomerId, r.CustomerId) == r.CustomerId && subjects[r.CustomerId].Any() && subjects[r.CustomerId].All(s => answer[s].Allowed)).ToList();
        var products = await catalog.LabelsAsync([.. allowed.SelectMany(a => a.Due).Select(d => d.ProductId).Distinct()], ct);
        return [.. allowed.Select(a => a with { Due = [.. a.Due.Where(d => products.TryGetValue(d.ProductId, out var product) && ListRules.None.Offer(product))] })];
    }
}
