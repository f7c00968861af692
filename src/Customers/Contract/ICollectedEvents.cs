namespace Wellmet.Customers.Contract;

/// <summary>Something that a program of the shop saw a person do.</summary>
/// <param name="SourceId">The program; a connection or a key. A message id counts within it.</param>
/// <param name="MessageId">The same for the same event, however often it is told: it is kept once.</param>
/// <param name="Person">Known by a customer number, an e-mail address or a phone number; a visitor by an anonymous id.</param>
/// <param name="Properties">A JSON object. What the e-commerce specification does not name is sealed under the person's key.</param>
public sealed record ToldByProgram(Guid SourceId, Guid StorefrontId, string MessageId, PersonClaim Person, DateTimeOffset OccurredAt, string Name, string Properties);

/// <summary>Takes events of the shop's own programs that came by another door than the collection API, as the API would take them from its server.</summary>
public interface ICollectedEvents
{
    public const int LongestName = 200;

    /// <summary>Durable when it returns.</summary>
    /// <returns>False where it was told before.</returns>
    /// <exception cref="Platform.ProblemException"><c>event_too_large</c>, <c>too_many_properties</c>, <c>personal_data_too_long</c>.</exception>
    Task<bool> TellAsync(ToldByProgram told, CancellationToken ct);
}
