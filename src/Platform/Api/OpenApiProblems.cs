using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Wellmet.Platform.Access;
using Wellmet.Platform.Idempotency;

namespace Wellmet.Platform.Api;

/// <summary>Every refusal that a call of an operation can meet: its own, and those of what stands before it.</summary>
internal static class OpenApiProblems
{
    /// <summary>Name of the schema of problem details.</summary>
    public const string Schema = "Problem";

    /// <summary>Where the examples are.</summary>
    public const string ExamplesPath = "#/components/examples/";

    private static readonly ApiProblem[] OfKeys =
    [
        new("key_missing", 401, "There is no key in the header `Authorization`."),
        new("key_refused", 401, "The key is not known, was revoked or has expired."),
        new("key_in_page", 401, "A secret key came from a page: revoke it."),
        new("key_scope_missing", 403, "The key lacks the scope."),
    ];

    private static readonly ApiProblem[] OfAll =
    [
        new("too_many_requests", 429, "Wait for the seconds of `Retry-After`, then send it again."),
        new("failed", 500, "A fault of Wellmet; `reference` leads to it in the log."),
        new("database_unreachable", 503, "The database is away; send it again later."),
        new("database_slow", 503, "The database took too long; ask for less, or send it again later."),
    ];

    private static readonly ApiProblem[] OfQueries =
    [
        new("parameter_unknown", 400, "There is no such parameter; `parameter` names it."), new("parameter_repeated", 400, "A parameter came twice."),
        new("parameter_malformed", 400, "A parameter has a wrong value."),
    ];

    private static readonly ApiProblem[] OfBodies =
    [
        new("request_invalid", 400, "The body is not the JSON that is expected."), new("too_large", 413, "The body is larger than 1 MB."),
        new("media_type_unsupported", 415, "The content type is not `application/json`."),
    ];

    private static readonly ApiProblem[] OfIdempotency =
    [
        new("idempotency_key_missing", 400, "There is no header `Idempotency-Key`."), new("idempotency_in_progress", 409, "The same request is being worked on."),
        new("idempotency_key_reused", 422, "The key came with another request."),
    ];

    public static IEnumerable<ApiProblem> Of(ApiOperation operation, EndpointMetadataCollection metadata)
    {
        var callers = metadata.GetMetadata<KnownCallers>()?.By;
        var isCollection = callers == Callers.KeyOrKeyInBody;
        return [
            .. callers is null ? [] : OfKeys,
            .. callers == Callers.SessionOrKey ? [new ApiProblem("not_signed_in", 401, "There is neither a key nor a session.")] : (IEnumerable<ApiProblem>)[],
            .. operation.Parameters.Count > 0 ? OfQueries : [],
            .. operation.Parameters.Contains(ApiParameter.Cursor) ? [new ApiProblem("cursor_unknown", 400, "The cursor was not given out for these filters.")] : (IEnumerable<ApiProblem>)[],
            .. operation.Body is null || isCollection ? [] : OfBodies,
            .. metadata.GetMetadata<RequiredIdempotencyKey>() is null ? [] : OfIdempotency,
            .. operation.Problems,
            .. OfAll,
        ];
    }

    /// <summary>One answer for each status, with an example of each code.</summary>
    /// <param name="examples"><c>components.examples</c> of the document: most operations share theirs.</param>
    public static IEnumerable<(string Status, JsonObject Response)> Responses(IEnumerable<ApiProblem> problems, JsonObject examples) => problems.GroupBy(p => p.Status).OrderBy(g => g.Key).Select(g =>
    {
        var response = new JsonObject
        {
            ["description"] = string.Join("\n", g.Select(p => $"* `{p.Code}`: {p.Meaning}")),
            ["content"] = new JsonObject
            {
                ["application/problem+json"] = new JsonObject
                {
                    ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/" + Schema },
                    ["examples"] = new JsonObject([.. g.Select(p => KeyValuePair.Create<string, JsonNode?>(p.Code, Refer(p, examples)))]),
                },
            },
        };
        if (g.Key is StatusCodes.Status429TooManyRequests)
        {
            response["headers"] = new JsonObject
            {
                ["Retry-After"] = new JsonObject { ["description"] = "Seconds to wait.", ["schema"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1 } },
            };
        }
        return (g.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), response);
    });

    private static JsonObject Refer(ApiProblem problem, JsonObject examples)
    {
        var example = Example(problem);
        examples.TryAdd(problem.Code, example);
        return JsonNode.DeepEquals(examples[problem.Code], example) ? new JsonObject { ["$ref"] = ExamplesPath + problem.Code } : example;
    }

    /// <summary>RFC 9457.</summary>
    public static JsonObject SchemaNode() => new()
    {
        ["type"] = "object",
        ["description"] = "Problem details (RFC 9457).",
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["type"] = "string", ["description"] = "`/problems/` and the code." },
            ["title"] = Text("In the caller's language."),
            ["status"] = new JsonObject { ["type"] = "integer" },
            ["detail"] = Text("What was wrong and what to do, in the caller's language."),
            ["code"] = Text("Stable; decide by this."),
            ["parameter"] = Text("The parameter that was wrong; absent where it was something else."),
            ["trace_id"] = Text("Of the trace that the request belongs to (W3C Trace Context)."),
            ["reference"] = Text("Leads to a fault in the log; only with 5xx."),
        },
        ["required"] = new JsonArray("type", "title", "status", "detail", "code"),
    };

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    private static JsonObject Example(ApiProblem problem) => new()
    {
        ["value"] = new JsonObject
        {
            ["type"] = "/problems/" + problem.Code, ["title"] = "That did not work", ["status"] = problem.Status, ["detail"] = problem.Meaning, ["code"] = problem.Code,
        },
    };
}
