using System.Globalization;

namespace Wellmet.Platform.Ui.Live;

/// <summary>The <see cref="LiveTopics.Moment"/> at which a request began.</summary>
internal sealed record LiveMoment(string Text);

/// <summary>
/// Tells open pages that something changed: <c>live.Publish("import:5")</c> makes every element with <c>data-live="import:5"</c> load
/// itself again. A topic is only a name, never content; publish as often as you like, each page hears a topic at most four times a second.
/// </summary>
public sealed class LiveTopics
{
    /// <summary>So many topics are remembered; older pages than that load everything again.</summary>
    private const int Remembered = 4096;

    private readonly Lock gate = new();
    private readonly string node = Id.New().ToString("N");
    private readonly Dictionary<string, long> changedAt = new(StringComparer.Ordinal);
    private long changes;
    private long forgotten;
    private readonly Dictionary<string, List<LiveSubscription>> byTopic = new(StringComparer.Ordinal);

    /// <summary>Raised by this process itself, not on behalf of another node.</summary>
    internal event Action<string>? PublishedHere;

    /// <summary>Where this node stands: a page that says so later hears of what changed in between (<see cref="Subscribe"/>).</summary>
    public string Moment
    {
        get
        {
            lock (gate)
            {
                return $"{node}.{changes.ToString(CultureInfo.InvariantCulture)}";
            }
        }
    }

    public void Publish(string topic)
    {
        Tell(topic);
        PublishedHere?.Invoke(topic);
    }

    /// <summary>Tells the pages that this node serves.</summary>
    public void Tell(string topic)
    {
        lock (gate)
        {
            if (changedAt.Count == Remembered)
            {
                changedAt.Clear();
                forgotten = changes;
            }
            changedAt[topic] = ++changes;
            if (byTopic.TryGetValue(topic, out var subscriptions))
            {
                subscriptions.ForEach(s => s.Mark(topic));
            }
        }
    }

    /// <param name="since">The <see cref="Moment"/> of which the page tells; null if it does not say. Another node's, or one too long ago: everything may have changed.</param>
    internal LiveSubscription Subscribe(IReadOnlyCollection<string> topics, string? since)
    {
        var subscription = new LiveSubscription(topics, Remove);
        lock (gate)
        {
            foreach (var topic in topics)
            {
                if (!byTopic.TryGetValue(topic, out var subscriptions))
                {
                    byTopic[topic] = subscriptions = [];
                }
                subscriptions.Add(subscription);
                if (since is not null && changedAt.GetValueOrDefault(topic, forgotten) > (After(since) ?? -1))
                {
                    subscription.Mark(topic);
                }
            }
        }
        return subscription;
    }

    private long? After(string moment) =>
        moment.Split('.') is [var where, var number] && where == node && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after : null;

    private void Remove(LiveSubscription subscription)
    {
        lock (gate)
        {
            foreach (var topic in subscription.Topics)
            {
                if (byTopic[topic].Remove(subscription) && byTopic[topic].Count == 0)
                {
                    byTopic.Remove(topic);
                }
            }
        }
    }
}
