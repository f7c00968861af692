using Wellmet.Platform.Purposes;
using Wellmet.Privacy.Contract;
using Wellmet.Recommendations.Experiments;
using Wellmet.Tests.Privacy;

namespace Wellmet.Tests.Recommendations;

/// <summary>Who may take part in experiments of a <see cref="GiftShop"/>, and what came of them.</summary>
internal static class ExperimentsInShop
{
    /// <summary>These customers agree that they are measured.</summary>
    public static async Task MeasureAsync(this TestShop shop, params IEnumerable<int> numbers)
    {
        foreach (var number in numbers)
        {
            await shop.SayAsync(ConsentsInShop.Said(await shop.CustomerAsync(number), ConsentDecision.Given, 1, Channel.Web, purpose: Purpose.Measurement));
        }
    }

    public static Task<PlacementResults> ResultsAsync(this TestShop shop, Guid experiment) => shop.UseAsync<ReadPlacementExperiment, PlacementResults>(r => r.RunAsync(experiment, default));
}
