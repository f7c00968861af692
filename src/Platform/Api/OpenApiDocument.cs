using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Options;
using Wellmet.Platform.Access;
using Wellmet.Platform.Idempotency;
using Wellmet.Platform.Security;

namespace Wellmet.Platform.Api;

/// <summary>The OpenAPI 3.1 document of <c>/v1</c>, built once from the routes and what they say of themselves.</summary>
public sealed class OpenApiDocument
{
    public const string Version = "3.1.1", SecretKey = "secretKey", WriteKey = "writeKey";

    /// <summary>Texts as they are: they never stand in a page unescaped.</summary>
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lazy<JsonObject> root;
    private readonly Lazy<string> text;
    private readonly JsonSerializerOptions usual;
    private readonly WebOptions web;

    public OpenApiDocument(EndpointDataSource endpoints, IOptions<JsonOptions> json, WebOptions web)
    {
        this.web = web;
        usual = json.Value.SerializerOptions;
        root = new(() => Build(endpoints.Endpoints.OfType<RouteEndpoint>()));
        text = new(() => root.Value.ToJsonString(Indented));
    }

    /// <summary>Not to be changed.</summary>
    public JsonObject Root => root.Value;

    public string Text => text.Value;

    private JsonObject Build(IEnumerable<RouteEndpoint> endpoints)
    {
        var (schemas, examples) = (new OpenApiSchemas(usual), new JsonObject());
        var paths = new JsonObject();
        var described = endpoints.Select(e => (Endpoint: e, Operation: e.Metadata.GetMetadata<ApiOperation>())).Where(e => e.Operation is not null)
            .OrderBy(e => GroupIndex(e.Operation!.Group)).ToList();
        foreach (var (endpoint, operation) in described)
        {
            var path = PathOf(endpoint.RoutePattern);
            var item = paths[path] as JsonObject ?? [];
            foreach (var method in endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()!.HttpMethods)
            {
                item[method.ToLowerInvariant()] = OperationOf(endpoint, operation!, path, method, schemas, examples);
            }
            paths[path] = item;
        }
        schemas.Components[OpenApiProblems.Schema] = OpenApiProblems.SchemaNode();
        return new JsonObject
        {
            ["openapi"] = Version,
            ["info"] = Info(),
            ["servers"] = new JsonArray(new JsonObject { ["url"] = web.BaseUrl.ToString().TrimEnd('/') }),
            ["tags"] = new JsonArray([.. ApiGroups.All.Where(g => described.Exists(d => d.Operation!.Group == g.Name))
                .Select(g => new JsonObject { ["name"] = g.Name, ["description"] = g.Description })]),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["securitySchemes"] = SecuritySchemes(), ["schemas"] = schemas.Components, ["examples"] = examples },
        };
    }

    private JsonObject OperationOf(RouteEndpoint endpoint, ApiOperation operation, string path, string method, OpenApiSchemas schemas, JsonObject examples)
    {
        var scope = endpoint.Metadata.GetMetadata<RequiredPermission>()?.Permission.Code;
        var node = new JsonObject
        {
            ["operationId"] = operation.Id,
            ["tags"] = new JsonArray(operation.Group),
            ["summary"] = operation.Summary,
            ["description"] = scope is null ? operation.Description : $"{operation.Description}\n\nScope: `{scope}`.",
            ["security"] = SecurityOf(endpoint.Metadata.GetMetadata<KnownCallers>()?.By, scope),
        };
        var parameters = operation.Parameters.Select(ParameterOf).ToList();
        if (endpoint.Metadata.GetMetadata<RequiredIdempotencyKey>() is not null)
        {
            parameters.Add(IdempotencyKey());
        }
        if (parameters.Count > 0)
        {
            node["parameters"] = new JsonArray([.. parameters]);
        }
        if (operation.Body is { } body)
        {
            node["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Contents([body], schemas, isAnswer: false) };
        }
        var responses = new JsonObject { [operation.Status.ToString(CultureInfo.InvariantCulture)] = new JsonObject { ["description"] = "Done.", ["content"] = Contents([operation.Answer, .. operation.OtherAnswers], schemas, isAnswer: true) } };
        foreach (var (status, response) in OpenApiProblems.Responses(OpenApiProblems.Of(operation, endpoint.Metadata), examples))
        {
            responses[status] = response;
        }
        node["responses"] = responses;
        node["x-codeSamples"] = new JsonArray(new JsonObject { ["lang"] = "Shell", ["label"] = "curl", ["source"] = Curl(endpoint, operation, path, method) });
        return node;
    }

    /// <summary>By media type.</summary>
    private JsonObject Contents(IEnumerable<ApiContent> contents, OpenApiSchemas schemas, bool isAnswer) =>
        new(contents.Select(c => KeyValuePair.Create(c.MediaType, (JsonNode?)new JsonObject { ["schema"] = schemas.Of(c, isAnswer), ["example"] = ExampleOf(c) })));

    private JsonNode? ExampleOf(ApiContent content) => JsonSerializer.SerializeToNode(content.Example, content.Type, content.Format ?? usual);

    private string Curl(RouteEndpoint endpoint, ApiOperation operation, string path, string method)
    {
        foreach (var parameter in operation.Parameters.Where(p => p.InPath))
        {
            path = path.Replace($"{{{parameter.Name}}}", parameter.Example, StringComparison.Ordinal);
        }
        var lines = new List<string> { $"curl -s {web.BaseUrl.ToString().TrimEnd('/')}{path} -H \"Authorization: Bearer $KEY\"" };
        if (endpoint.Metadata.GetMetadata<RequiredIdempotencyKey>() is not null)
        {
            lines.Add("  -H \"Idempotency-Key: $(uuidgen)\"");
        }
        if (operation.Body is { } body)
        {
            lines.Add($"  -X {method} -H 'Content-Type: application/json' -d '{ExampleOf(body)!.ToJsonString(Unescaped)}'");
        }
        return string.Join(" \\\n", lines);
    }

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonObject ParameterOf(ApiParameter parameter) => new()
    {
        ["name"] = parameter.Name,
        ["in"] = parameter.InPath ? "path" : "query",
        ["required"] = parameter.InPath,
        ["description"] = parameter.Description,
        ["schema"] = parameter.Schema.DeepClone(),
        ["example"] = parameter.Schema["type"]!.GetValue<string>() == "string" ? parameter.Example : JsonNode.Parse(parameter.Example),
    };

    private static JsonObject IdempotencyKey() => new()
    {
        ["name"] = IdempotencyKeys.Header,
        ["in"] = "header",
        ["required"] = true,
        ["description"] = "A new one for each request, the same when you repeat it: the effect happens once, and the answer is the first one.",
        ["schema"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 255 },
        ["example"] = "01890a5d-ac96-774b-bcce-b302099a8061",
    };

    private static JsonArray SecurityOf(Callers? callers, string? scope) => callers switch
    {
        null => [],
        Callers.KeyOrKeyInBody => [new JsonObject { [SecretKey] = Scopes(scope) }, new JsonObject { [WriteKey] = new JsonArray() }],
        _ => [new JsonObject { [SecretKey] = Scopes(scope) }],
    };

    /// <summary>A route that asks for its permission itself names none.</summary>
    private static JsonArray Scopes(string? scope) => scope is null ? [] : [scope];

    private static JsonObject Info() => new()
    {
        ["title"] = "Wellmet API",
        ["version"] = typeof(OpenApiDocument).Assembly.GetName().Version!.ToString(3),
        ["summary"] = "Events in, customers, orders and products out.",
        ["description"] = "JSON in snake_case (the collection: camelCase, as Segment's libraries send it). Money is `{amount_minor, currency}`, times are RFC 3339 in UTC, ids are UUIDs and stay. "
            + "Lists are read page by page with `cursor`. Refusals are problem details (RFC 9457): decide by `code`. Ignore properties that you do not know: more may come.",
        ["license"] = new JsonObject { ["name"] = "Apache 2.0", ["identifier"] = "Apache-2.0" },
    };

    private static JsonObject SecuritySchemes() => new()
    {
        [SecretKey] = new JsonObject
        {
            ["type"] = "http", ["scheme"] = "bearer", ["description"] = "A secret key `wm_live_sk_…` from Settings, Keys, for servers only. It may do what its scopes say.",
        },
        [WriteKey] = new JsonObject
        {
            ["type"] = "http", ["scheme"] = "basic",
            ["description"] = "The key of a storefront as the user, no password, as Segment's libraries send it. A write key `wm_write_…` may stand in pages: it sends events and reads nothing.",
        },
    };

    private static int GroupIndex(string group) => ApiGroups.All.TakeWhile(g => g.Name != group).Count();

    private static string PathOf(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(s => string.Concat(s.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        _ => $"{{{((RoutePatternParameterPart)part).Name}}}",
    }))));
}
