using Wellmet.Platform.Purposes;

namespace Wellmet.Platform.SafeHttp;

/// <summary>
/// What goes out with a request. There are two ways to make one: about persons, with the gate's permission for each of them, or about nobody. Whoever says
/// the second stands in the list that the test of uses prints.
/// </summary>
public sealed class RequestBody
{
    private RequestBody(byte[] content, string contentType) => (Content, ContentType) = (content, contentType);

    internal byte[] Content { get; }
    internal string ContentType { get; }

    /// <summary>Content about the recipients.</summary>
    /// <param name="grant">The gate's answer.</param>
    /// <param name="use">What the content goes out for: the use that the gate was asked about.</param>
    /// <exception cref="ProblemException"><c>grant_missing</c> (403): the gate allowed another use, or not all of the recipients at their addresses, or nobody is named.</exception>
    public static RequestBody About(PurposeGrant grant, DataUse use, IReadOnlyCollection<Recipient> recipients, byte[] content, string contentType = "application/json") =>
        recipients.Count > 0 && recipients.All(r => grant.Covers(use, r))
            ? new RequestBody(content, contentType)
            : throw new ProblemException("grant_missing", "This customer's data may not be handed out.", 403);

    /// <summary>Content in which no person occurs, not even by an id.</summary>
    public static RequestBody AboutNobody(byte[] content, string contentType = "application/json") => new(content, contentType);
}
