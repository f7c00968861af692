using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Models;

/// <summary>What people who looked at a product looked at, too. Immutable.</summary>
/// <param name="Products">Of each item the closest ones.</param>
/// <param name="Viewers">Beside them: how many looked at both.</param>
public sealed record AlsoViewed(Neighbours Products, SharedCounts Viewers)
{
    /// <summary>As <see cref="AlsoBought"/>, where what was looked at in one visit belongs together more than what was looked at in two.</summary>
    private static readonly AlsoBoughtSettings Settings = new(MinCustomers: 3) { StepDecay = 0.85f };

    /// <param name="visits">A visit is an order here; see <see cref="ViewHistory"/>.</param>
    public static AlsoViewed Learn(Interactions visits, TrainingRun run)
    {
        var products = AlsoBought.Train(visits, Settings, run);
        return new AlsoViewed(products, SharedCounts.Count(products, visits.Items));
    }
}
