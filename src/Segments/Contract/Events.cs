using Wellmet.Platform.Log;

namespace Wellmet.Segments.Contract;

/// <summary>A customer began to belong to a segment.</summary>
/// <param name="SegmentName">As it was called then.</param>
/// <param name="Why"><c>fact</c>: something happened; <c>time</c>: a window opened or closed; <c>merge</c>: customers were found to be one, or not to be; <c>list</c>: somebody put them on the list.</param>
public sealed record SegmentEntered(Guid SubjectId, DateTimeOffset OccurredAt, Guid SegmentId, string SegmentName, string Why) : ITimelineEntry
{
    /// <summary>Of a list: somebody put them on it, or took them off.</summary>
    internal const string Named = "list";

    public TimelineText Describe() => new("segment", Why == SegmentEntered.Named ? "Was put on the list {0}" : "Entered the segment {0}", [SegmentName], $"/console/segments/{SegmentId}");
}

/// <summary>A customer ceased to belong to a segment.</summary>
/// <param name="Why">Likewise.</param>
public sealed record SegmentLeft(Guid SubjectId, DateTimeOffset OccurredAt, Guid SegmentId, string SegmentName, string Why) : ITimelineEntry
{
    public TimelineText Describe() => new("segment", Why == SegmentEntered.Named ? "Was taken off the list {0}" : "Left the segment {0}", [SegmentName], $"/console/segments/{SegmentId}");
}
