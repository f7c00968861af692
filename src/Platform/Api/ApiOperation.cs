using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace Wellmet.Platform.Api;

/// <summary>
/// What the API document says of a route, and what <see cref="ApiQuery"/> reads of its requests. Its permission, its callers and its limits are not
/// repeated here: the document takes them from the route.
/// </summary>
/// <param name="Id">Stable name for generated clients, in snake_case: <c>list_customers</c>.</param>
/// <param name="Group">Heading under which it stands; see <see cref="ApiGroups"/>.</param>
/// <param name="Summary">A few words.</param>
/// <param name="Description">Markdown: paragraphs and <c>`code`</c>.</param>
public sealed record ApiOperation(string Id, string Group, string Summary, string Description)
{
    /// <summary>Parameters of the address. A query parameter that is not among them is refused.</summary>
    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>The JSON that it takes; null where it takes none.</summary>
    public ApiContent? Body { get; init; }

    /// <summary>What it answers with.</summary>
    public required ApiContent Answer { get; init; }

    /// <summary>The same answer in other forms, where the caller asks for them.</summary>
    public IReadOnlyList<ApiContent> OtherAnswers { get; init; } = [];

    /// <summary>Of the answer.</summary>
    public int Status { get; init; } = 200;

    /// <summary>It changes nothing, whatever its method, and needs no <c>Idempotency-Key</c>.</summary>
    public bool ReadsOnly { get; init; }

    /// <summary>Its own refusals; those that every call can meet are added.</summary>
    public IReadOnlyList<ApiProblem> Problems { get; init; } = [];
}

/// <summary>What is in a request or an answer, described by the type that is written or read: JSON, or text of another media type.</summary>
/// <param name="Example">A whole value, so that an example cannot differ from its schema.</param>
/// <param name="Format">How it is written; null for the API's own format.</param>
public sealed record ApiContent(Type Type, object Example, JsonSerializerOptions? Format = null)
{
    public string MediaType { get; init; } = System.Net.Mime.MediaTypeNames.Application.Json;

    public static ApiContent Of<T>(T example, JsonSerializerOptions? format = null) where T : notnull => new(typeof(T), example, format);
}

/// <summary>A refusal that a program can meet.</summary>
/// <param name="Code">As in <see cref="ProblemException.Code"/>.</param>
/// <param name="Meaning">For developers, in English.</param>
public sealed record ApiProblem(string Code, int Status, string Meaning);

/// <summary>A page of a list.</summary>
/// <param name="NextCursor">For the parameter <c>cursor</c> of the next request; null at the end.</param>
public sealed record ApiPage<T>(IReadOnlyList<T> Data, string? NextCursor);

/// <summary>An amount of money.</summary>
/// <param name="AmountMinor">In minor units of the currency: cents, pence; yen has none.</param>
/// <param name="Currency">ISO 4217 code.</param>
public sealed record ApiMoney(long AmountMinor, string Currency)
{
    public static ApiMoney Of(Money money) => new(money.Minor, money.Currency);

    public static ApiMoney? Of(Money? money) => money is { } known ? Of(known) : null;
}

/// <summary>How a route of <c>/v1</c> is described.</summary>
public static class ApiRoutes
{
    /// <summary>Puts the route into the API document. Every route of <c>/v1</c> needs it; a test finds those that lack it.</summary>
    public static TBuilder Describe<TBuilder>(this TBuilder builder, ApiOperation operation) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(operation);
}
