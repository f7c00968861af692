using Wellmet.Customers.Contract;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Telemetry;

namespace Wellmet.Customers.Collection;

/// <summary>The calls of the Segment specification.</summary>
internal enum CallType
{
    Track,
    Identify,
    Page,
    Screen,
    Group,
    Alias,
}

/// <summary>Where a request comes from.</summary>
/// <param name="SourceId">The key; it stays the same when its secret is rotated.</param>
/// <param name="Trusted">A secret key of the shop's server. A write key stands in every page and proves nothing.</param>
public sealed record CollectionSource(Guid SourceId, Guid? StorefrontId, bool Trusted)
{
    /// <summary>The request came with <c>Sec-GPC: 1</c>: Global Privacy Control.</summary>
    public bool PrivacyControl { get; init; }
}

/// <summary>An event that was read and checked, ready to be written.</summary>
/// <param name="Trusted">It is proved whose the event is.</param>
/// <param name="UserId">Only where it is proved whose it is; a claimed one is part of <paramref name="AnonymousId"/>.</param>
/// <param name="LinkedId">An anonymous id that is the same person, as a proved source says.</param>
/// <param name="Personal">Properties that are sealed, as a JSON object; null where there are none.</param>
internal sealed record IncomingEvent(
    CollectionSource Source, bool Trusted, CallType Type, string MessageId, DateTimeOffset OccurredAt, string? UserId, string? AnonymousId, string? LinkedId,
    string Name, EventProperties Properties, string? Personal, IReadOnlyList<Trait> Traits)
{
    /// <summary>Of the request that it came with; see <see cref="EventTrace"/>.</summary>
    public byte[]? Trace { get; init; } = EventTrace.Current;

    /// <summary>Traits that came with it and were refused, by name.</summary>
    public IReadOnlyList<Events.PlanBreach> RefusedTraits { get; init; } = [];

    /// <summary>The purposes for which the person's browser refuses the use of their data.</summary>
    public IReadOnlyList<Purpose> Refused { get; init; } = [];

    /// <summary>Further numbers of the account, by kind; see <see cref="OtherNumbers"/>.</summary>
    public IReadOnlyList<(string Kind, string Value)> Numbers { get; init; } = [];

    /// <summary>Whom a program of the shop knows otherwise than by their number or visitor's id; null for all others.</summary>
    public PersonClaim? Known { get; init; }

    /// <summary>Whether a trait counts as proved: the shop's server says it. Of a page's call only what its proof signs is; the proof says whose the call is, not that all of it is true.</summary>
    public bool Proves(Trait trait) => Source.Trusted || (Trusted && trait.IsSigned);

    /// <summary>By whom the event is kept.</summary>
    public PersonClaim Person => Known ?? (UserId is not null
        ? new PersonClaim(IdentityKind.ExternalId, UserId, Nothing)
        : new PersonClaim(IdentityKind.AnonymousId, AnonymousId, Nothing));

    private static readonly PersonDetails Nothing = new();
}

/// <summary>Something said about a person.</summary>
/// <param name="Name">In snake_case, e.g. <c>first_name</c>.</param>
/// <param name="Value">JSON text; null takes the trait back.</param>
internal sealed record Trait(string Name, string? Value)
{
    /// <summary>Signed by the shop's server, in a call of a page.</summary>
    public bool IsSigned { get; init; }
}

/// <summary>Whether an event was kept.</summary>
public enum CollectionStatus
{
    Accepted,

    /// <summary>An event with this message id was accepted before.</summary>
    Duplicate,
    Rejected,
}

/// <summary>What became of one event of a request.</summary>
/// <param name="MessageId">As it was sent, or as it was given; null where the event could not be read that far.</param>
/// <param name="Reason">Code of the refusal, e.g. <c>event_missing</c>; null where it was not refused.</param>
/// <param name="Message">The refusal for people, in English.</param>
public sealed record EventOutcome(string? MessageId, CollectionStatus Status, string? Reason = null, string? Message = null);
