using Wellmet.Science.Recommenders;

namespace Wellmet.Science.Predictions;

/// <summary>The probability that a running visit ends with an order, learned from a shop's own visits.</summary>
public sealed class PurchaseIntent(CalibratedTrees model)
{
    public CalibratedTrees Model { get; } = model.Trees.Features.Select(f => f.Name).SequenceEqual(SessionFeatures.Columns.Select(f => f.Name)) ? model
        : throw new ModelFileException("The model was not trained on visits.");

    /// <inheritdoc cref="CalibratedTrees.Train"/>
    public static PurchaseIntent Train(IReadOnlyCollection<SessionExample> examples, GradientBoostingSettings? settings = null, CancellationToken ct = default) =>
        new(CalibratedTrees.Train(new Examples(SessionFeatures.Columns, [.. examples.Select(e => e.Features.ToRow())], [.. examples.Select(e => e.Ordered)]), settings, ct: ct));

    /// <summary>In (0, 1).</summary>
    public double Probability(SessionFeatures session) => Model.Probability(session.ToRow());

    /// <summary>Why; contributions in the order of <see cref="SessionFeatures.Columns"/>.</summary>
    public PredictionReason Explain(SessionFeatures session) => Model.Explain(session.ToRow());

    /// <summary>Writes the model; see <see cref="CalibratedTreesFile"/>.</summary>
    public void Save(Stream stream) => CalibratedTreesFile.Save(Model, stream);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <inheritdoc cref="CalibratedTreesFile.Load" path="/exception"/>
    public static PurchaseIntent Load(Stream stream) => new(CalibratedTreesFile.Load(stream));
}
