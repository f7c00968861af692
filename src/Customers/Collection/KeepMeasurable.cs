using Microsoft.Extensions.DependencyInjection;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;

namespace Wellmet.Customers.Collection;

/// <summary>
/// Lets go of events that only measure people who may not be measured: by the rules where they live, or because they object, if only in another event of the
/// group. What a page tells is measuring on the web, which needs a consent in many places; what the shop's server tells is not read from anybody's device, and
/// stands on the rules of measuring as such. Orders stay: they are the shop's contracts. So do identify calls, which say who somebody is. The sender is told that
/// the event was taken, because sending it again would change nothing.
/// </summary>
internal sealed class KeepMeasurable(IServiceScopeFactory scopes)
{
    public async Task<PreparedGroup> RunAsync(PreparedGroup group, CancellationToken ct)
    {
        var measuring = group.Events.Zip(group.Sealed.Events).Where(e => Measures(e.Second)).Select(e => e.First).ToList();
        if (measuring.Count == 0)
        {
            return group;
        }
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        var gate = scope.ServiceProvider.GetRequiredService<IPurposeGate>();
        // Of most visitors no country is known: the rules of everywhere hold for them.
        var answers = new Dictionary<Channel, PurposeAnswer>();
        foreach (var told in measuring.ToLookup(ChannelOf, e => e.SubjectId))
        {
            answers[told.Key] = await gate.AskAsync(new DataUse(Purpose.Measurement, told.Key), told.ToHashSet(), ct);
        }
        var refusing = group.Events.Where(e => e.Event.Refused.Contains(Purpose.Measurement)).Select(e => e.SubjectId).ToHashSet();
        return group with
        {
            Sealed = group.Sealed with
            {
                Events = [.. group.Events.Zip(group.Sealed.Events, (collected, happened) =>
                    Measures(happened) && (refusing.Contains(collected.SubjectId) || !answers[ChannelOf(collected)][collected.SubjectId].Allowed) ? null : happened)],
            },
        };
    }

    private static Channel ChannelOf(Collected collected) => collected.Event.Source.Trusted ? Channel.Any : Channel.Web;

    private static bool Measures(ILogEvent? happened) => happened is EventCollected or ShopEventCollected;
}
