using System.Text.Json.Serialization;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Signals;

namespace Wellmet.Recommendations.Models;

/// <summary>What a model was trained on and what came of it.</summary>
/// <param name="Orders">Orders of which at least one product was kept, those of unknown customers included.</param>
/// <param name="Customers">Known customers who bought something.</param>
/// <param name="Products">Products of the catalogue.</param>
/// <param name="ProductsSold">Of the products, those that were bought at least once.</param>
/// <param name="ProductsCovered">Of the products, those with a neighbour: also bought, or bought together.</param>
/// <param name="FirstOrderAt">Null without orders.</param>
/// <param name="LastOrderAt">Null without orders.</param>
/// <param name="Position">Head of each partition of the log when training began: everything up to there is in the model.</param>
public sealed record ModelCard(
    DateTimeOffset TrainedAt, TimeSpan Took, int Orders, int Customers, int Products, int ProductsSold, int ProductsCovered,
    DateTimeOffset? FirstOrderAt, DateTimeOffset? LastOrderAt, IReadOnlyDictionary<int, long> Position)
{
    /// <summary>When it was trained (UTC).</summary>
    [JsonIgnore]
    public DateOnly Day => DateOnly.FromDateTime(TrainedAt.UtcDateTime);

    /// <summary>Those of the recommendations to a customer; null in models of before they were kept.</summary>
    public ForYouSettings? Settings { get; init; }

    /// <summary>How much each kind of signal says; null for the starting values.</summary>
    public SignalFit? Signals { get; init; }

    internal static ModelCard Of(
        RecommenderModel model, Interactions interactions, IReadOnlyDictionary<int, long> position, DateTimeOffset trainedAt, TimeSpan took)
    {
        var items = Enumerable.Range(0, model.ItemCount);
        var sold = interactions.OrderCount > 0;
        return new ModelCard(
            trainedAt, took, NotEmpty(interactions.Orders), NotEmpty(interactions.Users),
            model.ItemCount, model.Bestsellers.Ranking.ToArray().Count(r => r.Score > 0),
            items.Count(item => model.AlsoBought.Of(item).Length + model.BoughtTogether.Of(item).Length > 0),
            sold ? DateTimeOffset.FromUnixTimeSeconds(interactions.EarliestTime) : null,
            sold ? DateTimeOffset.FromUnixTimeSeconds(interactions.LatestTime) : null, position);
    }

    private static int NotEmpty(SparseMatrix rows) => Enumerable.Range(0, rows.RowCount).Count(row => rows.RowLength(row) > 0);
}
