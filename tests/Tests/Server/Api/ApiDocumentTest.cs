using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Idempotency;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Platform.Access;
using Wellmet.Tests.Segments;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Server.Api;

/// <summary>The OpenAPI document says all of <c>/v1</c>, and what it says is so.</summary>
public sealed class ApiDocumentTest
{
    private const string Path = "/v1/openapi.json";

    [Fact]
    public async Task Every_route_of_v1_stands_in_the_document_with_all_that_a_developer_needs()
    {
        await using var shop = await WebShop.OpenAsync();

        Gaps(shop).ShouldBeEmpty();
        Operations(Document(shop)).Count().ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Routes_that_are_not_described_or_half_described_are_found()
    {
        await using var shop = await WebShop.OpenAsync(routes: app =>
        {
            app.MapGet("/v1/forgotten", () => "").RequireKey(AccessPermissions.ReadApi);
            app.MapPost("/v1/half/{id}", () => "").RequireKey(AccessPermissions.ReadApi).Describe(new ApiOperation("half", "No group", " ", "") { Answer = ApiContent.Of(new ApiMoney(1, "EUR")) });
        });

        var gaps = Gaps(shop);
        foreach (var gap in new[] { "GET /v1/forgotten: not described", "POST /v1/half/{id}: no summary", "POST /v1/half/{id}: no description", "POST /v1/half/{id}: group", "POST /v1/half/{id}: {id} is not declared", "POST /v1/half/{id}: may happen twice" })
        {
            gaps.ShouldContain(gap);
        }
    }

    [Fact]
    public async Task Answers_of_the_server_are_what_the_document_says()
    {
        await using var shop = await ApiShop.OpenAsync();
        var document = await shop.GetAsync(Path);
        var check = new SchemaCheck(document);
        var samples = await SamplesAsync(shop);
        var faults = new List<string>();
        foreach (var (path, method, operation) in Operations(document))
        {
            var id = operation.GetProperty("operationId").GetString()!;
            if (!samples.TryGetValue(id, out var address))
            {
                faults.Add($"{method} {path}: add a request of {id} to the samples");
                continue;
            }
            if (!Done(operation).Value.GetProperty("content").TryGetProperty("application/json", out _))
            {
                var told = Done(operation).Value.GetProperty("content").EnumerateObject().Select(c => c.Name).ToList();
                faults.AddRange(await shop.TypeAsync(address, new HttpMethod(method)) is { } type && told.Contains(type) ? [] : [$"{method} {path}: it answers with another media type"]);
                continue;
            }
            var (to, body) = address.Split(' ', 2) is [['/', ..] there, var sent] ? (there, sent) : (path, address.Length > 0 ? address : method == "GET" ? "" : ExampleOf(operation));
            var answer = method == "GET" ? await shop.GetAsync(address) : await shop.SendAsync(to, body, (HttpStatusCode)int.Parse(Done(operation).Name), new HttpMethod(method));
            if (id != "read_api_document")
            {
                faults.AddRange(check.Faults(Done(operation).Value.GetProperty("content").GetProperty("application/json").GetProperty("schema"), answer).Select(f => $"{method} {path}: {f}"));
            }
            foreach (var example in ExamplesOf(operation))
            {
                faults.AddRange(check.Faults(example.Schema, example.Value).Select(f => $"{method} {path}, example: {f}"));
            }
            var refused = await shop.GetAsync(method != "GET" || id == "read_api_document" ? "/v1/orders/x" : Query(address), status: HttpStatusCode.BadRequest);
            faults.AddRange(check.Faults(document.GetProperty("components").GetProperty("schemas").GetProperty("Problem"), refused).Select(f => $"{method} {path}, refused: {f}"));
        }
        faults.ShouldBeEmpty();
    }

    [Fact]
    public void The_check_of_schemas_finds_what_is_wrong()
    {
        var document = JsonElement.Parse("""
            {"money": {"type": "object", "properties": {"n": {"type": "integer", "minimum": 0}, "c": {"type": "string", "maxLength": 3}}, "required": ["n"]},
             "schema": {"type": "object", "properties": {"m": {"oneOf": [{"$ref": "#/money"}, {"type": "null"}]}, "l": {"type": "array", "items": {"type": "string", "format": "uuid"}},
               "t": {"type": ["string", "null"], "format": "date-time"}, "e": {"type": "string", "enum": ["a"]}}, "required": ["m"]}}
            """);
        int Faults(string json) => new SchemaCheck(document).Faults(document.GetProperty("schema"), JsonElement.Parse(json)).Count();

        Faults("""{"m": {"n": 1, "c": "EUR"}, "l": ["01890a5d-ac96-774b-bcce-b302099a8057"], "t": "2026-01-31T09:30:00Z", "e": "a"}""").ShouldBe(0);
        Faults("""{"m": null, "t": null}""").ShouldBe(0);
        foreach (var wrong in new[]
        {
            "{}", "[]", """{"m": 1}""", """{"m": {}}""", """{"m": {"n": 1.5}}""", """{"m": {"n": -1}}""", """{"m": {"n": 1, "c": "EURO"}}""", """{"m": null, "x": 1}""", """{"m": null, "l": ["x"]}""",
            """{"m": null, "t": "yesterday"}""", """{"m": null, "t": "2026-01-31T09:30:00+01:00"}""", """{"m": null, "e": "b"}""",
        })
        {
            Faults(wrong).ShouldBe(1, wrong);
        }
    }

    [Fact]
    public async Task The_document_is_for_staff_and_keys_unless_the_installation_opens_it()
    {
        await using (var shop = await WebShop.OpenAsync())
        {
            using var nobody = shop.Anonymous();
            (await nobody.GetAsync(Path, "application/json")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            using var agent = await shop.SignInAsync(Role.Agent);
            (await agent.GetAsync(Path, "application/json")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            using var analyst = await shop.SignInAsync(Role.Analyst);
            (await analyst.GetAsync(Path, "application/json")).StatusCode.ShouldBe(HttpStatusCode.OK);
            var page = await analyst.PageAsync("/console/developers/api");
            foreach (var expected in new[] { "/v1/customers/{id}/timeline", "id=\"list_orders\"", "href=\"#schema-OrderItem\"", "id=\"schema-OrderItem\"", "parameter_malformed", "curl -s", "amount_minor" })
            {
                page.ShouldContain(expected);
            }
            page.ShouldNotContain("`");
        }
        await using var open = await WebShop.OpenAsync(web: w => w with { PublicApiDocument = true });
        using var anybody = open.Anonymous();
        (await anybody.GetAsync(Path, "application/json")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await anybody.GetAsync("/v1/orders", "application/json")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, "nothing else");
        (await anybody.GetAsync("/console/developers/api")).StatusCode.ShouldBe(HttpStatusCode.Redirect, "the page is for staff");
    }

    private static JsonElement Document(WebShop shop) => JsonElement.Parse(shop.Get<OpenApiDocument>().Text);

    private static IEnumerable<(string Path, string Method, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject() from method in path.Value.EnumerateObject() select (path.Name, method.Name.ToUpperInvariant(), method.Value);

    private static List<string> Gaps(WebShop shop)
    {
        var document = Operations(Document(shop)).ToDictionary(o => $"{o.Method} {o.Path}", o => o.Operation);
        var routes = from route in new AccessMatrix(shop).Routes
                     where route.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal)
                     from method in AccessMatrix.MethodsOf(route)
                     select (Route: route, Name: $"{method} {route.RoutePattern.RawText}");
        var gaps = routes.SelectMany(r => document.TryGetValue(r.Name, out var operation) ? Gaps(r.Route, operation).Select(g => $"{r.Name}: {g}") : [$"{r.Name}: not described"]).ToList();
        gaps.AddRange(document.Values.GroupBy(o => o.GetProperty("operationId").GetString()).Where(g => g.Count() > 1).Select(g => $"two operations are called {g.Key}"));
        return gaps;
    }

    private static IEnumerable<string> Gaps(RouteEndpoint route, JsonElement operation)
    {
        foreach (var text in new[] { "summary", "description" }.Where(t => string.IsNullOrWhiteSpace(operation.GetProperty(t).GetString()!.Split("\n\nScope:")[0])))
        {
            yield return "no " + text;
        }
        if (!ApiGroups.All.Any(g => g.Name == operation.GetProperty("tags")[0].GetString()))
        {
            yield return "group";
        }
        if (operation.GetProperty("security").GetArrayLength() == 0)
        {
            yield return "no security";
        }
        var parameters = operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray().ToList() : [];
        foreach (var name in route.RoutePattern.Parameters.Select(p => p.Name).Where(n => !parameters.Exists(p => p.GetProperty("name").GetString() == n && p.GetProperty("in").GetString() == "path")))
        {
            yield return $"{{{name}}} is not declared";
        }
        foreach (var parameter in parameters.Where(p => string.IsNullOrWhiteSpace(p.GetProperty("description").GetString()) || !p.GetProperty("schema").TryGetProperty("type", out _)))
        {
            yield return $"{parameter.GetProperty("name")} says nothing";
        }
        foreach (var status in new[] { "401", "403", "429", "500", "503" }.Where(s => !operation.GetProperty("responses").TryGetProperty(s, out var response) || !response.GetProperty("content").TryGetProperty("application/problem+json", out _)))
        {
            yield return $"no answer {status}";
        }
        if (AccessMatrix.MethodsOf(route).Any(m => m != HttpMethod.Get) && route.Metadata.GetMetadata<RequiredIdempotencyKey>() is null && route.Metadata.GetMetadata<ApiOperation>() is not { ReadsOnly: true } && route.Metadata.GetMetadata<KnownCallers>()?.By != Callers.KeyOrKeyInBody)
        {
            yield return "may happen twice";
        }
    }

    /// <summary>One request of each operation that reads; what writes sends the example of the document, or the body that stands here where it must name what is there, behind the address where that has an id in it.</summary>
    private static async Task<Dictionary<string, string>> SamplesAsync(ApiShop shop)
    {
        var (order, customer) = (await shop.IdAsync("select order_id from commerce_orders where number = '1'"), await shop.IdAsync("select subject_id from commerce_orders where number = '1'"));
        var samples = new Dictionary<string, string>
        {
            ["list_customers"] = "/v1/customers", ["read_customer"] = $"/v1/customers/{customer}", ["read_customer_timeline"] = $"/v1/customers/{customer}/timeline", ["list_orders"] = "/v1/orders",
            ["read_order"] = $"/v1/orders/{order}", ["list_products"] = "/v1/products", ["read_product"] = "/v1/products/71053", ["list_events"] = "/v1/events",
            ["read_recommendations"] = $"/v1/recommendations/for-you?customer={customer}", ["read_api_document"] = Path,
        };
        (samples["read_consents"], samples["record_consents"]) = ($"/v1/customers/{customer}/consents", "");
        samples["show_recommendations"] = samples["tell_shown"] = samples["save_products"] = "";
        samples["give_opinion"] = $$"""{"customer": "{{customer}}", "product": "{{await shop.IdAsync("select product_id from commerce_products where sku = '71053'")}}", "opinion": "not_interested"}""";
        samples["read_recommendations_batch"] = $$"""{"questions": [{"placement": "for-you", "customer": "{{customer}}"}, {"placement": "also-bought", "product": "{{customer}}"}, {"placement": "nowhere"}]}""";
        (samples["read_suggestions"], samples["make_suggestions"]) = ($"/v1/recommendations/suggestions?customer={customer}", $$"""{"customer": "{{customer}}"}""");
        // Of whom it may be sent to.
        await shop.SendAsync("/v1/consents", """{"consents": [{"purpose": "marketing", "decision": "given", "user_id": "17850", "address": "ann@example.com", "channel": "email", "source": "form", "method": "checkbox", "wording": "Yes, send me news."}]}""", HttpStatusCode.Created);
        await shop.SendAsync("/v1/recommendations/suggestions", samples["make_suggestions"]);
        samples["render_suggestions_email"] = $"/v1/recommendations/suggestions/{customer}/email";
        samples["mark_suggestions_sent"] = $$"""{"customer": "{{customer}}", "made_at": "{{(await shop.GetAsync(samples["read_suggestions"])).GetProperty("made_at").GetString()}}"}""";
        (samples["rerank_search"], samples["rerank_search_on_page"]) = ($$"""{"customer": "{{customer}}", "products": ["71053", "unknown"], "query": "lantern"}""", "");
        samples["render_recommendations_email"] = $"/v1/recommendations/for-you/email?customer={customer}";
        samples["send_recommendations_email"] = samples["render_recommendations_email"];
        (samples["read_predictions"], samples["list_prospects"]) = ($"/v1/recommendations/predictions?customer={customer}", "/v1/recommendations/prospects");
        var segment = await shop.Web.SegmentAsync();
        (samples["list_segments"], samples["list_segment_members"], samples["explain_membership"]) = ("/v1/segments", $"/v1/segments/{segment}/members", $"/v1/segments/{segment}/why?customer={customer}");
        (samples["list_computed_traits"], samples["read_computed_traits"]) = ("/v1/computed-traits", $"/v1/computed-traits/values?customer={customer}");
        samples["add_list_members"] = samples["remove_list_members"] = $$"""/v1/segments/{{await shop.Web.ListAsync()}}/members {"customers": ["{{customer}}"]}""";
        (samples["list_traits"], samples["define_trait"]) = ("/v1/traits", "");
        samples["read_intent"] = $"/v1/recommendations/intent?customer={customer}";
        var proof = await SignedProof.OfUserAsync(shop.Web, await shop.IdAsync("select id from access_keys"), "17850");
        samples["give_opinion_on_page"] = $$"""{"product": "71053", "opinion": "gift", "identityProof": "{{proof}}"}""";
        samples["read_taste"] = $$"""{"identityProof": "{{proof}}"}""";
        samples["choose_on_page"] = $$"""{"purpose": "personalisation", "objects": false, "identityProof": "{{proof}}"}""";
        samples["pixel"] = "/v1/pixel.gif?data=e30";
        foreach (var call in new[] { "batch", "track", "identify", "page", "screen", "group", "alias" })
        {
            samples[call] = samples[call + "_short"] = "";
        }
        return samples;
    }

    /// <summary>The answer that is no refusal.</summary>
    private static JsonProperty Done(JsonElement operation) => operation.GetProperty("responses").EnumerateObject().Single(r => r.Name[0] == '2');

    private static string Query(string address) => address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "no_such=1";

    private static string ExampleOf(JsonElement operation) => operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText();

    private static IEnumerable<(JsonElement Schema, JsonElement Value)> ExamplesOf(JsonElement operation)
    {
        var contents = new[] { Done(operation).Value }.AsEnumerable();
        if (operation.TryGetProperty("requestBody", out var body))
        {
            contents = contents.Append(body);
        }
        return from content in contents from media in content.GetProperty("content").EnumerateObject() let json = media.Value
               where json.GetProperty("schema").TryGetProperty("$ref", out _) select (json.GetProperty("schema"), json.GetProperty("example"));
    }
}
