namespace Wellmet.Science.Recommenders;

/// <summary>What counts as also bought.</summary>
/// <param name="Neighbours">Related items kept per item.</param>
/// <param name="Shrinkage">Customers in common that count as nothing: pulls rare coincidences down.</param>
/// <param name="MinCustomers">Fewest customers who bought both: one alone is a coincidence, and nobody else's to know.</param>
/// <param name="MinUnusualness">Fewest standard deviations above what chance would give.</param>
/// <remarks>
/// The defaults of <see cref="TargetExponent"/>, <see cref="UserExponent"/> and <see cref="RecencyExponent"/> were chosen on the third quarter of UCI Online Retail; the fourth confirms them (<c>bench also-bought --split time</c>).
/// </remarks>
public sealed record AlsoBoughtSettings(int Neighbours = 100, float Shrinkage = 5, int MinCustomers = 2, double MinUnusualness = 3)
{
    /// <summary>A pair counts this to the power of the orders between its two purchases, in (0, 1]: what is bought close in time belongs together more.</summary>
    public float StepDecay { get; init; } = 1;

    /// <summary>Share of the normalisation that falls on the related item, in [0, 1]: 0 is confidence, 0.5 cosine. Lower favours what many buy.</summary>
    public float TargetExponent { get; init; } = 0.55f;

    /// <summary>A customer with d items counts d^-exponent: who buys everything says little about what belongs together.</summary>
    public float UserExponent { get; init; } = 0.3f;

    /// <summary>A pair counts the <see cref="Recency"/> of the older of its two purchases to this power: 0 for no difference; with the usual half-life of 180 days, 2/3 halves in 270.</summary>
    public float RecencyExponent { get; init; } = 2 / 3f;

    /// <summary>Weight of two-step similarity, by way of an item that is related to both; 0 for none.</summary>
    public float TwoStepWeight { get; init; }

    /// <summary>Related items per item that a two-step path may go through.</summary>
    public int TwoStepNeighbours { get; init; } = 200;

    /// <summary>
    /// Whether pairs with fewer than <see cref="MinCustomers"/> stay, by their similarity alone, where chance would not have made them frequent either.
    /// For shops with many items and few sales, where counts are rare; such a pair has no number to show.
    /// </summary>
    public bool KeepRare { get; init; }

    /// <summary>
    /// For shops with many items and few sales each, where most related pairs were never bought by the same customer: closeness in time, less punishment of
    /// what many buy, two steps, and no least count. Worse than the default where baskets are large and histories dense.
    /// </summary>
    public static AlsoBoughtSettings FewSales { get; } =
        new(Shrinkage: 0) { StepDecay = 0.85f, TargetExponent = 0.2f, UserExponent = 0, RecencyExponent = 0, TwoStepWeight = 1, KeepRare = true };

    /// <summary>Cosine over customers, shrunk: the measure's textbook form, to compare with.</summary>
    public static AlsoBoughtSettings Cosine(int neighbours = 100, float shrinkage = 0) =>
        new(neighbours, shrinkage, 1, double.NegativeInfinity) { StepDecay = 1, TargetExponent = 0.5f, UserExponent = 0, RecencyExponent = 0, TwoStepWeight = 0 };
}
