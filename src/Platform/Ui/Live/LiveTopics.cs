namespace Wellmet.Platform.Ui.Live;

/// <summary>
/// Tells open pages that something changed: <c>live.Publish("import:5")</c> makes every element with <c>data-live="import:5"</c> load
/// itself again. A topic is only a name, never content; publish as often as you like, each page hears a topic at most four times a second.
/// </summary>
public sealed class LiveTopics
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<LiveSubscription>> byTopic = new(StringComparer.Ordinal);

    /// <summary>Raised by this process itself, not on behalf of another node.</summary>
    internal event Action<string>? PublishedHere;

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
            if (byTopic.TryGetValue(topic, out var subscriptions))
            {
                subscriptions.ForEach(s => s.Mark(topic));
            }
        }
    }

    internal LiveSubscription Subscribe(IReadOnlyCollection<string> topics)
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
            }
        }
        return subscription;
    }

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
