using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;

namespace Wellmet.Platform.Webhooks;

/// <summary>A kind of event that other programs can hear of.</summary>
/// <param name="Name">Stable, dotted, in snake_case: <c>order.placed</c>.</param>
/// <param name="Description">English, translated on display.</param>
public sealed record WebhookType(string Name, string Description);

/// <summary>What is said to those who hear of a kind of event.</summary>
/// <param name="Type">One of the module's <see cref="IWebhookEvents.Types"/>.</param>
/// <param name="SubjectId">Whom it concerns; null for nobody, and then no person occurs in the data, not even by an id.</param>
/// <param name="Data">Ids, numbers and codes, never personal data: whoever hears of it asks the API for the rest. Written as JSON in snake_case.</param>
public sealed record WebhookMessage(string Type, DateTimeOffset OccurredAt, Guid? SubjectId, object Data)
{
    /// <summary>What the gate is asked for before it goes out: handing data to another system, to which a person may object. Only what carries out a person's own wish is a service.</summary>
    public Purpose Purpose { get; init; } = Purpose.Export;
}

/// <summary>A module says which of its events other programs can hear of, and what they are told. Stateless; history (imports, the demo shop) is never told.</summary>
public interface IWebhookEvents
{
    IReadOnlyList<WebhookType> Types { get; }

    /// <summary>The events of the log that make messages.</summary>
    IReadOnlyList<Type> Accepts { get; }

    /// <summary>Null where this one is nothing to tell.</summary>
    WebhookMessage? MessageOf(ILogEvent happened);
}

/// <summary>The kinds of events of all modules.</summary>
internal sealed class WebhookCatalog(IEnumerable<IWebhookEvents> sources)
{
    /// <summary>Of the message by which staff try an endpoint.</summary>
    public const string Test = "webhook.test";

    public IReadOnlyList<WebhookType> Types { get; } = [.. sources.SelectMany(s => s.Types).OrderBy(t => t.Name, StringComparer.Ordinal)];

    public IReadOnlyList<Type> Accepts { get; } = [.. sources.SelectMany(s => s.Accepts).Distinct()];

    public IEnumerable<WebhookMessage> MessagesOf(ILogEvent happened) => sources.Where(s => s.Accepts.Contains(happened.GetType())).Select(s => s.MessageOf(happened)).OfType<WebhookMessage>();
}
