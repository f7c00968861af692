using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Predictions;

namespace Wellmet.Recommendations.Intent;

/// <summary>Learns anew how visits end. Where that fails the day's predictions do not fail with it: what was learnt before goes on serving.</summary>
public sealed class RenewIntent(LearnIntent learn, IntentStore store, PredictionStore cards, ILogger<RenewIntent> logger, CurrentActor actor)
{
    /// <returns>Of what serves from now on; null where nothing was ever learnt.</returns>
    public async Task<IntentCard?> RunAsync(DateTimeOffset now, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Train);
        try
        {
            var (card, model) = await learn.RunAsync(now, ct);
            await store.SaveAsync(model, now, ct);
            return card;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError(e, "How visits end could not be learnt; what was learnt before goes on serving");
            var before = (await cards.CardAsync(ct))?.Intent;
            return before is null ? null : before with { FailingSince = before.FailingSince ?? now };
        }
    }
}
