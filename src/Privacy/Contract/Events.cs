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

/// <summary>What a person said about a use of their data was recorded.</summary>
public sealed record ConsentRecorded(
    Guid SubjectId, DateTimeOffset OccurredAt, Guid ConsentId, Purpose Purpose, Channel Channel, ConsentDecision Decision, ConsentSource Source) : ITimelineEntry
{
    public TimelineText Describe() => new("privacy", Decision switch
    {
        ConsentDecision.Given => "Consent given",
        ConsentDecision.NotRefused => "Did not refuse advertising at a purchase",
        ConsentDecision.Withdrawn => "Consent withdrawn",
        ConsentDecision.Asked => "Asked to confirm a consent",
        ConsentDecision.Lifted => "Took an objection back",
        _ => "A file claims a consent",
    }, []);
}

/// <summary>Somebody is to be asked whether they really want a consent (double opt-in): whoever sends messages sends the link.</summary>
/// <param name="ConfirmationId">Makes the link; see <see cref="IConsents.ConfirmationLinkAsync"/>.</param>
public sealed record ConsentConfirmationAsked(Guid SubjectId, DateTimeOffset OccurredAt, Guid ConfirmationId, Guid ConsentId, Channel Channel) : ILogEvent;
