using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Security;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Commerce;
using Wellmet.Tests.Platform.Access;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Platform.Security;

/// <summary>
/// Every route of the real server, in a shop with customers and orders, is sent what no page of ours would send. It may refuse; it may not fail.
/// New routes and new fields are covered as soon as they are there.
/// </summary>
public sealed partial class RouteFaultsTest
{
    private static readonly string[] Absurd =
        ["", "\0", "7", "-1", "99999999999999999999", "9999-12-31", "0001-01-01", "NaN", "é<b>'\";--", new string('x', 3000), "00000000-0000-0000-0000-000000000000"];

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task No_route_fails_on_absurd_input(Engine engine)
    {
        await using var walk = await Walk.BeginAsync(engine);
        foreach (var (route, method) in walk.Routes)
        {
            foreach (var value in Absurd)
            {
                if (method != HttpMethod.Get)
                {
                    await walk.AskAsync(route, method, $"a form of {Short(value)}", new FormUrlEncodedContent(walk.Fields.Select(name => KeyValuePair.Create(name, value))));
                    continue;
                }
                // One by one: a refusal of the first would hide what the others do.
                foreach (var name in Walk.FieldsOf(route).Distinct())
                {
                    await walk.AskAsync(route, method, $"{name} = {Short(value)}", null, (name, value));
                }
            }
        }
        TestContext.Current.SendDiagnosticMessage("{0} questions to {1} routes", walk.Asked, walk.Routes.Count);
        walk.Faults.ShouldBeEmpty();
        walk.Asked.ShouldBeGreaterThan(500);
    }

    [Fact]
    public async Task No_route_fails_on_content_of_another_kind_and_those_for_people_say_415()
    {
        await using var walk = await Walk.BeginAsync(Engine.Sqlite);
        foreach (var (route, method) in walk.Routes.Where(r => r.Method != HttpMethod.Get))
        {
            await walk.AskAsync(route, method, "nothing", null);
            await walk.AskAsync(route, method, "a form without fields", new FormUrlEncodedContent([]));
            await walk.AskAsync(route, method, "a form of too many fields", new FormUrlEncodedContent(Enumerable.Range(0, 1100).Select(i => KeyValuePair.Create("f" + i, "x"))));
            await walk.AskAsync(route, method, "a broken form", Content("no boundary", "multipart/form-data"));
            foreach (var content in new[] { Content("{}", "application/json"), Content("", "application/json"), Content("<a/>", "text/xml"), Content("x", null) })
            {
                var status = await walk.AskAsync(route, method, $"{content.Headers.ContentType}", content);
                if (FormsOnly.TakesForms(route) && status != HttpStatusCode.UnsupportedMediaType)
                {
                    walk.Faults.Add($"{method} {route.RoutePattern.RawText}: {content.Headers.ContentType} is answered by {status} instead of 415");
                }
            }
        }
        walk.Faults.ShouldBeEmpty();
        walk.Asked.ShouldBeGreaterThan(200);
    }

    private static StringContent Content(string text, string? type)
    {
        var content = new StringContent(text);
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        return content;
    }

    private static string Short(string value) => value.Length < 40 ? $"\"{value}\"" : $"{value.Length} letters";

    private sealed partial class Walk : IAsyncDisposable
    {
        private readonly WebShop shop;
        private readonly WebBrowser owner;
        private readonly string key;
        private readonly Dictionary<string, Guid> ids;

        private Walk(WebShop shop, WebBrowser owner, string key, Dictionary<string, Guid> ids)
        {
            (this.shop, this.owner, this.key, this.ids) = (shop, owner, key, ids);
            // What takes things away comes last.
            Routes = [.. new AccessMatrix(shop).Routes.SelectMany(r => AccessMatrix.MethodsOf(r).Select(m => (Route: r, Method: m)))
                .OrderBy(r => r.Method != HttpMethod.Get).ThenBy(r => TakesAway().IsMatch(r.Route.RoutePattern.RawText!))];
            Fields = [.. FieldsOfPages().Concat(Routes.SelectMany(r => FieldsOf(r.Route))).Distinct(StringComparer.OrdinalIgnoreCase)];
        }

        public IReadOnlyList<(RouteEndpoint Route, HttpMethod Method)> Routes { get; }
        public IReadOnlyList<string> Fields { get; }
        public List<string> Faults { get; } = [];
        public int Asked { get; private set; }

        public static async Task<Walk> BeginAsync(Engine engine)
        {
            var shop = await WebShop.OpenAsync(engine);
            var owner = await shop.SignInAsync();
            var import = await CommercePagesTest.UploadAsync(owner, "orders.csv", CommercePagesTest.Orders, "online-retail");
            await CommercePagesTest.UntilAsync(owner, import, "Complete");
            var storefront = await shop.Database.ReadAsync(s => s.FirstAsync("select storefront_id from commerce_storefronts", null, r => r.Guid(0), CancellationToken.None), CancellationToken.None);
            using var connected = await owner.PostAsync("/console/settings/connections", ("system", "woo_commerce"), ("storefront", storefront.ToString()));
            using var listening = await owner.PostAsync("/console/settings/webhooks", ("name", "Program"), ("url", "https://program.invalid/hook"), ("types", "order.placed"));
            var ids = new Dictionary<string, Guid> { ["/console/imports"] = Guid.Parse(import.Split('/')[^1]), ["/console/settings/staff"] = (await shop.SignInAsync(Role.Agent)).StaffId };
            foreach (var (path, sql) in new[]
            {
                ("/console/products", "select product_id from commerce_products"), ("/console/orders", "select order_id from commerce_orders"),
                ("/console/customers", "select subject_id from commerce_orders"), ("/console/settings/storefronts", "select storefront_id from commerce_storefronts"),
                ("/console/settings/connections", "select connection_id from commerce_connections"), ("/hooks", "select connection_id from commerce_connections"), ("/console/settings/webhooks", "select endpoint_id from webhooks_endpoints"),
            })
            {
                ids[path] = await shop.Database.ReadAsync(s => s.FirstAsync(sql + " limit 1", null, r => r.Guid(0), CancellationToken.None), CancellationToken.None);
            }
            var issued = await shop.MakeKeyAsync([.. shop.Get<ModuleCatalog>().Scopes.Keys.Select(s => s.Code)]);
            return new Walk(shop, owner, "Bearer " + issued.Text, ids);
        }

        /// <summary>Asks as an owner, or with a key that has all scopes where the route takes keys; a status of 500 and above is a fault.</summary>
        public async Task<HttpStatusCode> AskAsync(RouteEndpoint route, HttpMethod method, string what, HttpContent? content, (string Name, string Value)? query = null)
        {
            Asked++;
            // A session of its own for each question: some answers end it.
            var session = await shop.Database.WriteAsync(tx => shop.Get<SessionStore>().StartAsync(tx, owner.StaffId, Origin.Local, CancellationToken.None), CancellationToken.None);
            owner.SetCookie("__Host-wm-session", session.Text);
            using var request = new HttpRequestMessage(method, PathOf(route) + (query is { } q ? QueryString.Create(q.Name, q.Value) : ""));
            request.Content = content;
            if (route.Metadata.GetMetadata<KnownCallers>() is not null)
            {
                request.Headers.Add("Authorization", key);
            }
            else if (content is FormUrlEncodedContent)
            {
                request.Headers.Add("RequestVerificationToken", await owner.TokenAsync());
            }
            using var response = await owner.SendAsync(request);
            if ((int)response.StatusCode >= 500)
            {
                Faults.Add($"{method} {route.RoutePattern.RawText}: {what} is answered by {response.StatusCode}");
            }
            return response.StatusCode;
        }

        public async ValueTask DisposeAsync()
        {
            owner.Dispose();
            await shop.DisposeAsync();
        }

        private string PathOf(RouteEndpoint route) =>
            AccessMatrix.PathOf(route.RoutePattern, ids.Where(i => route.RoutePattern.RawText!.StartsWith(i.Key, StringComparison.Ordinal)).Select(i => i.Value.ToString()).FirstOrDefault());

        /// <summary>Names of a handler's parameters, and of what those hold that are made of several fields.</summary>
        public static IEnumerable<string> FieldsOf(RouteEndpoint route) =>
            from parameter in route.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? []
            let type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType
            where !route.RoutePattern.Parameters.Any(p => p.Name == parameter.Name)
            from name in type.Namespace == "System" ? [parameter.Name!]
                : parameter.GetCustomAttribute<AsParametersAttribute>() is not null || parameter.GetCustomAttribute<FromFormAttribute>() is not null ? type.GetProperties().Select(p => p.Name)
                : []
            select name;

        private static IEnumerable<string> FieldsOfPages() =>
            from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.razor", SearchOption.AllDirectories)
            from Match field in Field().Matches(File.ReadAllText(file))
            select field.Groups[1].Value;

        [GeneratedRegex("(?:name|Name)=\"([a-z_.]+)\"", RegexOptions.None, 1000)]
        private static partial Regex Field();

        [GeneratedRegex("undo|erase|merge|cancel|deactivate|role|remove", RegexOptions.None, 1000)]
        private static partial Regex TakesAway();
    }
}
