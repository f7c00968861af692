using Wellmet.Platform.Log;

namespace Wellmet.Customers.Contract;

/// <summary>A subject was seen for the first time.</summary>
/// <param name="Source">Code of what brought it: <c>import</c>, <c>console</c>…</param>
public sealed record CustomerAppeared(Guid SubjectId, DateTimeOffset OccurredAt, string Source, bool Anonymous) : ITimelineEntry
{
    public TimelineText Describe() => new("profile", "First seen", []);
}

/// <summary>
/// An import was taken back: its rows and its events are gone, and whoever derived something from them removes what bears the import's id.
/// The subject is the import itself.
/// </summary>
public sealed record ImportUndone(Guid SubjectId, DateTimeOffset OccurredAt) : ILogEvent
{
    public Guid ImportId => SubjectId;
}
