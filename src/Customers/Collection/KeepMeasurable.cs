using Microsoft.Extensions.DependencyInjection;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;

namespace Wellmet.Customers.Collection;

/// <summary>
/// Lets go of events that only measure people who may not be measured: by the rules where they live, or because they object, if only in another event of the
/// group. Orders stay: they are the shop's contracts. So do identify calls, which
/// say who somebody is. The sender is told that the event was taken, because sending it again would change nothing.
/// </summary>
internal sealed class KeepMeasurable(IServiceScopeFactory scopes)
{
    public async Task<PreparedGroup> RunAsync(PreparedGroup group, CancellationToken ct)
    {
        var measuring = group.Events.Zip(group.Sealed.Events).Where(e => Measures(e.Second)).Select(e => e.First.SubjectId).ToHashSet();
        if (measuring.Count == 0)
        {
            return group;
        }
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        var gate = scope.ServiceProvider.GetRequiredService<IPurposeGate>();
        // Of most visitors no country is known: the rules of everywhere hold for them.
        var answer = await gate.AskAsync(new DataUse(Purpose.Measurement, Channel.Web), measuring, ct);
        var refusing = group.Events.Where(e => e.Event.Refused.Contains(Purpose.Measurement)).Select(e => e.SubjectId).ToHashSet();
        return group with
        {
            Sealed = group.Sealed with
            {
                Events = [.. group.Events.Zip(group.Sealed.Events, (collected, happened) =>
                    Measures(happened) && (refusing.Contains(collected.SubjectId) || !answer[collected.SubjectId].Allowed) ? null : happened)],
            },
        };
    }

    private static bool Measures(ILogEvent? happened) => happened is EventCollected or ShopEventCollected;
}
