using System.Text.Json;
using System.Text.Json.Serialization;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Collection;

/// <summary>The answer of the collection: <c>success</c> as Segment's libraries read it, and what became of each event.</summary>
internal sealed record CollectionAnswer(bool Success, IReadOnlyList<CollectedAnswer> Events)
{
    public static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}

/// <param name="MessageId">As it was sent, or as it was given; null where the event could not be read that far.</param>
/// <param name="Status"><c>accepted</c>, <c>duplicate</c> or <c>rejected</c>.</param>
/// <param name="Reason">Code of the refusal.</param>
/// <param name="Message">The refusal in words.</param>
internal sealed record CollectedAnswer(string? MessageId, string Status, string? Reason, string? Message)
{
    public static CollectedAnswer Of(EventOutcome outcome) => new(outcome.MessageId, EnumText.Of(outcome.Status), outcome.Reason, outcome.Message);
}
