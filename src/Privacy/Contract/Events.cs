using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;

namespace Wellmet.Privacy.Contract;

/// <summary>A person objected to a use of their data.</summary>
/// <param name="Source">Code of who told it: <c>staff</c>, <c>customer</c>.</param>
public sealed record ObjectionRaised(Guid SubjectId, DateTimeOffset OccurredAt, Purpose Purpose, string Source) : ITimelineEntry
{
    public TimelineText Describe() => new("privacy", Purpose switch
    {
        Purpose.Personalisation => "Objected to personal recommendations",
        Purpose.Marketing => "Objected to advertising messages",
        Purpose.Measurement => "Objected to measuring what they do",
        _ => "Objected to a use of their data",
    }, []);
}

/// <summary>A person took an objection back.</summary>
public sealed record ObjectionWithdrawn(Guid SubjectId, DateTimeOffset OccurredAt, Purpose Purpose, string Source) : ITimelineEntry
{
    public TimelineText Describe() => new("privacy", Purpose switch
    {
        Purpose.Personalisation => "Took the objection to personal recommendations back",
        Purpose.Marketing => "Took the objection to advertising messages back",
        Purpose.Measurement => "Took the objection to measuring what they do back",
        _ => "Took an objection back",
    }, []);
}
