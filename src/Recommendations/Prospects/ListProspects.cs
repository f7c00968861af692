using System.Globalization;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Predictions;

namespace Wellmet.Recommendations.Prospects;

/// <summary>A customer who may buy soon.</summary>
/// <param name="Due">The product that is due next; null where nothing is, or it is no longer in the catalogue.</param>
public sealed record Prospect(CustomerPrediction Prediction, ProductLabel? Due);

/// <summary>Customers with a chance, those who are most likely to order within thirty days first, page by page by key.</summary>
public sealed class ListProspects(Database database, PredictionBook book, ICatalog catalog, CurrentActor actor)
{
    private static readonly (string, string) Key = ("chance", "subject_id");

    /// <summary>Which ones.</summary>
    /// <param name="LeastPercent">The lowest chance, 0 to 100.</param>
    /// <param name="Type">Only those whose next order holds this type most likely; null for all.</param>
    public sealed record Request(int LeastPercent = 0, string? Type = null, string? After = null, string? Before = null, int Limit = 50);

    /// <summary>A page of the list; shorter than was asked for where somebody objected since the last run.</summary>
    public sealed record Page(IReadOnlyList<Prospect> Rows, string? Previous, string? Next);

    /// <exception cref="ProblemException"><c>cursor_unknown</c>.</exception>
    public async Task<Page> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Predictions);
        var paging = new KeyPaging(request.After, request.Before, request.Limit);
        var type = string.IsNullOrWhiteSpace(request.Type) ? null : request.Type.Trim();
        var least = (int)(Math.Clamp(request.LeastPercent, 0, 100) / 100.0 * PredictionStore.Whole);
        var found = await database.ReadAsync(s => s.QueryAsync($"""
            select {PredictionStore.Columns} from recommendations_predictions where chance >= @least {(type is null ? "" : "and next_type = @type")}
            {paging.Condition(Key, descending: true)} {paging.Order(Key, descending: true)} limit @limit
            """, new { least, type = type ?? "", at = paging.At?.Number ?? 0, id = paging.At?.Id ?? Guid.Empty, limit = paging.Rows }, PredictionStore.Read, ct), ct);
        var (rows, previous, next) = paging.Cut(found, p => new Cursor(PredictionStore.Millionths(p.Chance)!.Value.ToString(CultureInfo.InvariantCulture), p.CustomerId));
        var allowed = await book.AllowedAsync(rows, ct);
        var products = await catalog.LabelsAsync([.. allowed.SelectMany(p => p.Due.Take(1)).Select(d => d.ProductId).Distinct()], ct);
        return new Page([.. allowed.Select(p => new Prospect(p, p.Due is [var first, ..] ? products.GetValueOrDefault(first.ProductId) : null))], previous, next);
    }
}
