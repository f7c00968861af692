using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Modules;

namespace Wellmet.Tests.Platform.Access;

/// <summary>What a route says of itself.</summary>
/// <param name="Roles">Those who hold its permission; null where it asks for none.</param>
internal sealed record RouteRule(Callers By, Permission? Permission, IReadOnlySet<Role>? Roles, bool Anonymous)
{
    /// <summary>Null where the route says nothing, or its permission is declared by no module.</summary>
    public static RouteRule? Of(RouteEndpoint route, ModuleCatalog catalog)
    {
        var by = route.Metadata.GetMetadata<KnownCallers>()?.By ?? Callers.Session;
        if (route.Metadata.GetMetadata<RequiredPermission>() is { } required)
        {
            return catalog.Permissions.TryGetValue(required.Permission, out var roles) ? new RouteRule(by, required.Permission, roles, false) : null;
        }
        return route.Metadata.GetMetadata<RequiredSignIn>() is not null ? new RouteRule(by, null, null, false)
            : AnonymousEndpoints.Lists(route) ? new RouteRule(by, null, null, true)
            : null;
    }

    public bool Allows(Role? role) => Anonymous
        || (By is Callers.Session or Callers.SessionOrKey && role is { } r && Roles?.Contains(r) != false);

    public bool Allows(IReadOnlySet<Permission> scopes) => Anonymous || (By != Callers.Session && Permission is { } needed && scopes.Contains(needed));
}

/// <summary>Asks every route of the real server everything: each method, by each role, each scope and all who may nothing.</summary>
internal sealed class AccessMatrix(WebShop shop)
{
    private static readonly HttpMethod[] Methods =
        [HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch, HttpMethod.Head, HttpMethod.Options, HttpMethod.Trace];

    private readonly ModuleCatalog catalog = shop.Get<ModuleCatalog>();

    public List<string> Breaches { get; } = [];
    public int Cells { get; private set; }

    public IReadOnlyList<RouteEndpoint> Routes { get; } = [.. shop.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Distinct()];

    /// <summary>Each route by the methods it was mapped with: the answer is what the route says.</summary>
    public async Task WalkAsync(string? only = null)
    {
        var askers = await MatrixAsker.AllAsync(shop);
        foreach (var route in Routes.Where(r => only is null || r.RoutePattern.RawText == only))
        {
            if (RouteRule.Of(route, catalog) is not { } rule)
            {
                Breaches.Add($"{route.RoutePattern.RawText} says nothing about who may use it, or its permission is declared by no module.");
                continue;
            }
            foreach (var method in MethodsOf(route))
            {
                foreach (var asker in askers)
                {
                    await AskAsync(new Cell(route, rule, method, asker));
                }
            }
        }
        askers.ForEach(a => a.Dispose());
    }

    /// <summary>Each address by the methods it was not mapped with: nobody gets anything.</summary>
    public async Task WalkOtherMethodsAsync()
    {
        var askers = await MatrixAsker.AllAsync(shop);
        foreach (var address in Routes.GroupBy(r => PathOf(r.RoutePattern, sample: "0")))
        {
            var mapped = address.SelectMany(MethodsOf).ToHashSet();
            foreach (var method in Methods.Where(m => !mapped.Contains(m)))
            {
                var before = await RowsAsync();
                foreach (var asker in askers)
                {
                    Cells++;
                    var answered = await asker.AskAsync(new(method, PathOf(address.First().RoutePattern), Renew: false, Json: false));
                    if (!answered.Denied && (int)answered.Status < 400)
                    {
                        Breaches.Add($"{method} {address.Key} as {asker.Name}: {answered.Status}");
                    }
                }
                if (await RowsAsync() != before && await WritesAsync(askers, method, address.First()))
                {
                    Breaches.Add($"{method} {address.Key}: something was written");
                }
            }
        }
        askers.ForEach(a => a.Dispose());
    }

    private async Task AskAsync(Cell cell)
    {
        Cells++;
        var allowed = cell.Asker.May(cell.Rule);
        var before = allowed ? 0 : await RowsAsync();
        var answered = await cell.Asker.AskAsync(QuestionOf(cell.Method, cell.Route));
        if (answered.Denied == allowed)
        {
            Breaches.Add($"{cell}: {answered.Status}");
        }
        else if (answered.Denied && await RowsAsync() != before && await WritesAsync([cell.Asker], cell.Method, cell.Route))
        {
            Breaches.Add($"{cell}: refused, but something was written");
        }
    }

    /// <summary>Asked once more: what works in the background may have written in the meantime.</summary>
    private async Task<bool> WritesAsync(List<MatrixAsker> askers, HttpMethod method, RouteEndpoint route)
    {
        await Task.Delay(200);
        var before = await RowsAsync();
        foreach (var asker in askers)
        {
            await asker.AskAsync(QuestionOf(method, route));
        }
        return await RowsAsync() != before;
    }

    private static MatrixQuestion QuestionOf(HttpMethod method, RouteEndpoint route) =>
        new(method, PathOf(route.RoutePattern), Renew: true, Json: route.Metadata.GetMetadata<KnownCallers>() is not null);

    /// <summary>How many rows the tables hold that a request can write; sessions aside, which the walk itself makes.</summary>
    private Task<long> RowsAsync() => shop.Database.ReadAsync(async s =>
    {
        var tables = await s.QueryAsync("select name from sqlite_master where type = 'table' and name not in ('access_sessions', 'log_leases', 'log_nodes', 'log_cursors', 'audit_seals', 'audit_unsealed') and name not like 'sqlite_%'",
            null, r => r.Text(0), CancellationToken.None);
        return await s.CountAsync(string.Join(" + ", tables.Select(t => $"(select count(*) from {t})")).Insert(0, "select "));
    }, CancellationToken.None);

    internal static IEnumerable<HttpMethod> MethodsOf(RouteEndpoint route) =>
        (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]).Select(m => new HttpMethod(m));

    /// <summary>The pattern with a fresh id in the place of each parameter.</summary>
    internal static string PathOf(RoutePattern pattern, string? sample = null) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart { IsCatchAll: true } => "x",
        RoutePatternParameterPart parameter when parameter.ParameterPolicies.Any(p => p.Content is "int" or "long") => "1",
        _ => sample ?? Guid.CreateVersion7().ToString(),
    }))));

    private sealed record Cell(RouteEndpoint Route, RouteRule Rule, HttpMethod Method, MatrixAsker Asker)
    {
        public override string ToString() => $"{Method} {Route.RoutePattern.RawText} as {Asker.Name}";
    }
}

/// <param name="Renew">Begin a session of its own for this question: some answers end it.</param>
/// <param name="Json">Send an object without content, as routes for programs expect one.</param>
internal sealed record MatrixQuestion(HttpMethod Method, string Path, bool Renew, bool Json)
{
    public HttpRequestMessage ToRequest() =>
        new(Method, Path) { Content = Json && Method != HttpMethod.Get && Method != HttpMethod.Head ? new StringContent("{}", Encoding.UTF8, "application/json") : null };
}

/// <param name="Denied">Sent to sign in, told to send a key, or refused.</param>
internal readonly record struct MatrixAnswer(bool Denied, HttpStatusCode Status);
