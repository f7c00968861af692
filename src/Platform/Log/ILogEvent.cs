namespace Wellmet.Platform.Log;

/// <summary>
/// Something that happened to a subject. A frozen record of ids, numbers and codes; never personal data in clear.
/// Declared with its stable name at the module's door (<c>setup.Event&lt;T&gt;("commerce.order_placed")</c>).
/// </summary>
public interface ILogEvent
{
    /// <summary>Whom it concerns; decides the partition, and events of one subject keep their order.</summary>
    Guid SubjectId { get; }

    /// <summary>When it happened (UTC), which may be long before it was recorded.</summary>
    DateTimeOffset OccurredAt { get; }
}

/// <summary>An event that appears on the customer's timeline.</summary>
public interface ITimelineEntry : ILogEvent
{
    /// <summary>What it says, with what it links to.</summary>
    TimelineText Describe();
}

/// <summary>One line of the timeline.</summary>
/// <param name="Kind">The filter it falls under and the icon it shows: <c>order</c>, <c>delivery</c>, <c>return</c>, <c>profile</c>…</param>
/// <param name="Text">English with placeholders {0}, {1}…; translated on display.</param>
/// <param name="Arguments">Text, numbers, <see cref="Money"/> or times; shown in the viewer's culture.</param>
/// <param name="Link">Path of the page behind it, or null.</param>
public sealed record TimelineText(string Kind, string Text, IReadOnlyList<object> Arguments, string? Link = null);
