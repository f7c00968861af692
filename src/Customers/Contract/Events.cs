using System.Text.Json.Serialization;
using Wellmet.Platform.Log;

namespace Wellmet.Customers.Contract;

/// <summary>A subject was seen for the first time.</summary>
/// <param name="Source">Code of what brought it: <c>import</c>, <c>console</c>…</param>
public sealed record CustomerAppeared(Guid SubjectId, DateTimeOffset OccurredAt, string Source, bool Anonymous) : ITimelineEntry
{
    /// <summary>What is said of the person from the start, as <see cref="TraitsTold"/> would; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string?>? Traits { get; init; }

    public TimelineText Describe() => new("profile", "First seen", []);
}

/// <summary>
/// Something that need not be sealed was said of a person: a country, a language, that there is an e-mail address (never which). Not shown: who said it is on the timeline by itself.
/// </summary>
/// <param name="Weight">Who says it: a visitor's browser 0, the shop 1, its staff 2. The weightiest counts, then the latest.</param>
/// <param name="Traits">Name → what is said; null takes it back. <c>email</c> and <c>phone</c> are <c>known</c>; <c>anonymous</c> is <c>false</c> once somebody is known.</param>
public sealed record TraitsTold(Guid SubjectId, DateTimeOffset OccurredAt, int Weight, IReadOnlyDictionary<string, string?> Traits) : ILogEvent
{
    /// <summary>What <c>email</c> and <c>phone</c> say.</summary>
    public const string Known = "known";
}

/// <summary>
/// An import was taken back: its rows and its events are gone, and whoever derived something from them removes what bears the import's id.
/// The subject is the import itself.
/// </summary>
public sealed record ImportUndone(Guid SubjectId, DateTimeOffset OccurredAt) : ILogEvent
{
    public Guid ImportId => SubjectId;
}

/// <summary>Two customers were found to be one: the subject and everything that follows it belong to another customer now.</summary>
public sealed record CustomerMerged(Guid SubjectId, DateTimeOffset OccurredAt, Guid MergeId, Guid KeptId) : ITimelineEntry
{
    public TimelineText Describe() => new("profile", "Merged with another customer", [], $"/console/customers/{KeptId}");
}

/// <summary>A merge was taken back: the subject and everything that follows it are a customer of their own again.</summary>
public sealed record CustomerUnmerged(Guid SubjectId, DateTimeOffset OccurredAt, Guid MergeId, Guid KeptId) : ITimelineEntry
{
    public TimelineText Describe() => new("profile", "Merge taken back", [], $"/console/customers/{SubjectId}");
}

/// <summary>What is known of the person was changed by staff.</summary>
/// <param name="Fields">Names of the changed fields; never their values.</param>
public sealed record ProfileEdited(Guid SubjectId, DateTimeOffset OccurredAt, IReadOnlyList<string> Fields) : ITimelineEntry
{
    public TimelineText Describe() => new("profile", "Profile edited", []);
}

/// <summary>The person was forgotten: nothing personal is left of the subject, and other modules let go of what they derived.</summary>
public sealed record CustomerErased(Guid SubjectId, DateTimeOffset OccurredAt) : ITimelineEntry
{
    public TimelineText Describe() => new("profile", "Personal data erased", []);
}
