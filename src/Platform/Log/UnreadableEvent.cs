namespace Wellmet.Platform.Log;

/// <summary>
/// Stands for an event in the log that this version cannot read: its type is not declared any more, or its payload does not fit. It is parked
/// like any other refused event, so that it stops nobody else.
/// </summary>
internal sealed record UnreadableEvent(Guid SubjectId, DateTimeOffset OccurredAt, string Type, string Reason) : ILogEvent;
