using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform.Access;

/// <summary>
/// Every route of the real server, asked by every role, by nobody, and with a session that has ended: the answer is what the route says of itself.
/// New routes are covered as soon as they are mapped.
/// </summary>
public sealed class AccessMatrixTest
{
    private static readonly Permission Undeclared = new("nobody.declared_this");

    [Fact]
    public async Task Every_route_answers_every_role_as_it_says()
    {
        await using var shop = await WebShop.OpenAsync();
        var (cells, breaches) = await WalkAsync(shop);

        TestContext.Current.TestOutputHelper?.WriteLine("{0} cells of {1} routes", cells, Routes(shop).Count());
        breaches.ShouldBeEmpty();
        cells.ShouldBeGreaterThan(200);
    }

    [Fact]
    public async Task A_route_that_says_nothing_is_found_and_is_closed()
    {
        await using var shop = await WebShop.OpenAsync(routes: app => app.MapGet("/forgotten", () => "secret"));

        (await WalkAsync(shop, "/forgotten")).Breaches.ShouldHaveSingleItem().ShouldContain("says nothing");
        using var owner = await shop.SignInAsync();
        (await owner.GetAsync("/forgotten")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_route_whose_use_case_disagrees_or_whose_permission_nobody_declared_is_found()
    {
        await using var shop = await WebShop.OpenAsync(routes: app =>
        {
            app.MapGet("/disagrees", (CurrentActor actor) => actor.Demand(AccessPermissions.ManageStaff)).RequirePermission(AccessPermissions.ReadStaff);
            app.MapGet("/undeclared", () => "ok").RequirePermission(Undeclared);
            app.MapPost("/late", [AllowAnonymous] async (Database database) =>
            {
                await database.WriteAsync(tx => tx.ExecuteAsync("insert into access_key_ring values (@name, 'x', @at)", new { name = Id.New().ToString(), at = DateTimeOffset.UnixEpoch }), CancellationToken.None);
                return Results.StatusCode(StatusCodes.Status403Forbidden);
            }).RequirePermission(AccessPermissions.ManageStaff);
            app.MapPost("/open", [AllowAnonymous] () => "ok").RequirePermission(AccessPermissions.ManageStaff);
        });

        (await WalkAsync(shop, "/disagrees")).Breaches.ShouldHaveSingleItem().ShouldContain("Auditor");
        (await WalkAsync(shop, "/undeclared")).Breaches.ShouldHaveSingleItem().ShouldContain("declared by no module");
        (await WalkAsync(shop, "/late")).Breaches.ShouldContain(b => b.Contains("something was written", StringComparison.Ordinal));
        (await WalkAsync(shop, "/open")).Breaches.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task HEAD_and_other_methods_are_no_way_around()
    {
        await using var shop = await WebShop.OpenAsync();
        using var agent = await shop.SignInAsync(Role.Agent);
        using var nobody = shop.Anonymous();
        var cells = 0;
        foreach (var route in Routes(shop).Where(r => r.Metadata.GetMetadata<RequiredPermission>()?.Permission == AccessPermissions.ManageStaff))
        {
            foreach (var method in new[] { HttpMethod.Head, HttpMethod.Options, HttpMethod.Trace, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch })
            {
                foreach (var browser in new[] { agent, nobody })
                {
                    var request = new HttpRequestMessage(method, PathOf(route.RoutePattern)) { Headers = { { "X-HTTP-Method-Override", "GET" } } };
                    using var response = await browser.SendAsync(request);
                    response.StatusCode.ShouldBeOneOf(HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotFound, HttpStatusCode.Forbidden, HttpStatusCode.Redirect, HttpStatusCode.BadRequest);
                    (response.StatusCode == HttpStatusCode.Redirect).ShouldBe(browser == nobody, $"{method} {route.RoutePattern.RawText}");
                    cells++;
                }
            }
        }
        cells.ShouldBeGreaterThan(50);
    }

    [Fact]
    public async Task No_pattern_stands_in_the_allow_list_in_vain()
    {
        await using var shop = await WebShop.OpenAsync();
        var mapped = Routes(shop).Select(r => r.RoutePattern.RawText).ToHashSet();
        AnonymousEndpoints.Patterns.Where(p => !mapped.Contains(p)).ShouldBeEmpty();
    }

    /// <summary>How many rows the tables hold that a request can write; sessions aside, which the walk itself makes.</summary>
    private static Task<long> RowsAsync(WebShop shop) => shop.Database.ReadAsync(async s =>
    {
        var tables = await s.QueryAsync("select name from sqlite_master where type = 'table' and name not in ('access_sessions', 'log_leases', 'log_nodes', 'log_cursors', 'audit_seals', 'audit_unsealed') and name not like 'sqlite_%'",
            null, r => r.Text(0), CancellationToken.None);
        return await s.CountAsync(string.Join(" + ", tables.Select(t => $"(select count(*) from {t})")).Insert(0, "select "));
    }, CancellationToken.None);

    private static IEnumerable<RouteEndpoint> Routes(WebShop shop) =>
        shop.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Distinct();

    private static async Task<(int Cells, List<string> Breaches)> WalkAsync(WebShop shop, string? only = null)
    {
        var breaches = new List<string>();
        var askers = await Asker.AllAsync(shop);
        var cells = 0;
        foreach (var route in Routes(shop).Where(r => only is null || r.RoutePattern.RawText == only))
        {
            if (Says(route, shop.Get<ModuleCatalog>()) is not { } allowed)
            {
                breaches.Add($"{route.RoutePattern.RawText} says nothing about who may use it, or its permission is declared by no module.");
                continue;
            }
            foreach (var method in MethodsOf(route))
            {
                foreach (var asker in askers)
                {
                    cells++;
                    var before = allowed(asker.Role) ? 0 : await RowsAsync(shop);
                    var answered = await asker.AskAsync(shop, method, PathOf(route.RoutePattern));
                    if (answered.Denied == allowed(asker.Role))
                    {
                        breaches.Add($"{method} {route.RoutePattern.RawText} as {asker.Name}: {answered.Status}");
                    }
                    else if (answered.Denied && await RowsAsync(shop) != before && await WritesAsync(shop, asker, method, route))
                    {
                        breaches.Add($"{method} {route.RoutePattern.RawText} as {asker.Name}: refused, but something was written");
                    }
                }
            }
        }
        askers.ForEach(a => a.Dispose());
        return (cells, breaches);
    }

    /// <summary>Asked once more: what works in the background may have written in the meantime.</summary>
    private static async Task<bool> WritesAsync(WebShop shop, Asker asker, HttpMethod method, RouteEndpoint route)
    {
        await Task.Delay(200);
        var before = await RowsAsync(shop);
        await asker.AskAsync(shop, method, PathOf(route.RoutePattern));
        return await RowsAsync(shop) != before;
    }

    /// <summary>Who may use a route by its own words; null where it says nothing.</summary>
    private static Func<Role?, bool>? Says(RouteEndpoint route, ModuleCatalog catalog)
    {
        if (route.Metadata.GetMetadata<RequiredPermission>() is { } required)
        {
            return catalog.Permissions.TryGetValue(required.Permission, out var roles) ? role => role is { } r && roles.Contains(r) : null;
        }
        return route.Metadata.GetMetadata<RequiredSignIn>() is not null ? role => role is not null
            : AnonymousEndpoints.Lists(route) ? _ => true
            : null;
    }

    private static IEnumerable<HttpMethod> MethodsOf(RouteEndpoint route) =>
        (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]).Select(m => new HttpMethod(m));

    /// <summary>The pattern with a fresh id in the place of each parameter.</summary>
    private static string PathOf(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart { IsCatchAll: true } => "x",
        RoutePatternParameterPart parameter when parameter.ParameterPolicies.Any(p => p.Content is "int" or "long") => "1",
        _ => Guid.CreateVersion7().ToString(),
    }))));

    private sealed class Asker(string name, Role? role, WebBrowser browser, string? ended) : IDisposable
    {
        public string Name => name;

        /// <summary>Null for nobody and for a session that has ended.</summary>
        public Role? Role => role;

        public static async Task<List<Asker>> AllAsync(WebShop shop)
        {
            var askers = new List<Asker> { new("anonymous", null, shop.Anonymous(), ended: null) };
            foreach (var role in Enum.GetValues<Role>())
            {
                askers.Add(new Asker(role.ToString(), role, await shop.SignInAsync(role), ended: null));
            }
            var left = await shop.SignInAsync(Wellmet.Platform.Access.Role.Owner);
            var reference = left.Cookies["__Host-wm-session"];
            using var signedOut = await left.PostAsync("/sign-out");
            askers.Add(new Asker("a session that has ended", null, left, reference));
            return askers;
        }

        public async Task<(bool Denied, HttpStatusCode Status)> AskAsync(WebShop shop, HttpMethod method, string path)
        {
            // A session of its own for each question: some answers end it.
            if (role is not null)
            {
                var session = await shop.Database.WriteAsync(tx => shop.Get<SessionStore>().StartAsync(tx, browser.StaffId, Origin.Local, CancellationToken.None), CancellationToken.None);
                browser.SetCookie("__Host-wm-session", session.Text);
            }
            else if (ended is not null)
            {
                browser.SetCookie("__Host-wm-session", ended);
            }
            using var response = method == HttpMethod.Get ? await browser.GetAsync(path) : await browser.SendAsync(new HttpRequestMessage(method, path));
            var toSignIn = response.StatusCode == HttpStatusCode.Redirect && response.Headers.Location?.ToString().StartsWith("/sign-in?returnUrl=", StringComparison.Ordinal) == true;
            return (toSignIn || response.StatusCode == HttpStatusCode.Forbidden, response.StatusCode);
        }

        public void Dispose() => browser.Dispose();
    }
}
