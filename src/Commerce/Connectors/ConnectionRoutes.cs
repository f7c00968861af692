using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Mappings;
using Wellmet.Commerce.Storefronts;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Security;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;

namespace Wellmet.Commerce.Connectors;

internal static class ConnectionRoutes
{
    public const string Path = "/console/settings/connections", Icon = "link";

    public static void MapConnections(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup(Path).RequirePermission(CommercePermissions.EditConnections);
        group.MapGet("", async (ReadConnections read, CancellationToken ct) => Html.Page<ConnectionsConsole>(new { Connections = await read.AllAsync(ct) }));
        group.MapGet("/{id:guid}", async (Guid id, ReadConnections read, MappingStore mappings, WebOptions web, CancellationToken ct) =>
            Html.Page<ConnectionPage>(new { Details = await read.OneAsync(id, ct), Mapping = await mappings.CurrentAsync(id, ct), Address = AddressOf(web, id) }));
        group.MapPost("/{id:guid}/replay", ReplayAsync);
        group.MapPost("/{id:guid}/requests/{request:guid}/done", DoneAsync);
        group.MapGet("/new", NewAsync).RequireRecentSignIn();
        group.MapPost("", CreateAsync).RequireRecentSignIn();
        group.MapPost("/{id:guid}/rotate", RotateAsync).RequireRecentSignIn();
        group.MapPost("/{id:guid}/remove", RemoveAsync).RequireRecentSignIn();
    }

    internal static string AddressOf(WebOptions web, Guid id) => web.Link($"{HookRoutes.Path}/{id}").ToString();

    private static async Task<IReadOnlyList<StorefrontLabel>> OwnAsync(IStorefronts storefronts, CancellationToken ct) => [.. (await storefronts.AllAsync(ct)).Where(s => !s.Demo)];

    private static async Task<IResult> NewAsync(string? system, IStorefronts storefronts, CancellationToken ct)
    {
        var shown = await OwnAsync(storefronts, ct);
        return EnumText.TryRead<ShopSystem>(system, out var chosen) && chosen == ShopSystem.Generic ? Html.Page<NewHookPage>(new { Storefronts = shown }) : Html.Page<NewConnectionPage>(new { Storefronts = shown });
    }

    private static async Task<IResult> CreateAsync(ConnectionForm form, CreateConnection create, IStorefronts storefronts, WebOptions web, CancellationToken ct)
    {
        // A form that names none is one for Shopify: it asks for the shop's own secret, and is refused without.
        var system = EnumText.TryRead<ShopSystem>(form.System, out var chosen) ? chosen : ShopSystem.Shopify;
        try
        {
            var settings = system == ShopSystem.Generic ? form.Settings() : null;
            var made = await create.RunAsync(new(system, Guid.TryParse(form.Storefront, out var storefront) ? storefront : null, form.Secret, form.Prefix, form.Name, settings), ct);
            return Html.Page<ConnectionMadePage>(new { Made = made, System = system, Settings = settings, Address = AddressOf(web, made.ConnectionId) });
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status422UnprocessableEntity)
        {
            var shown = await OwnAsync(storefronts, ct);
            return system == ShopSystem.Generic ? Html.Page<NewHookPage>(new { Storefronts = shown, Form = form, Problem = problem }, problem.Status)
                : Html.Page<NewConnectionPage>(new { Storefronts = shown, System = system, form.Storefront, form.Prefix, Problem = problem }, problem.Status);
        }
    }

    private static async Task<IResult> RotateAsync(Guid id, ConnectionForm form, RotateConnection rotate, ReadConnections read, WebOptions web, CancellationToken ct)
    {
        try
        {
            var made = await rotate.RunAsync(new(id, form.Secret, int.TryParse(form.Grace, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) ? hours : -1), ct);
            var connection = (await read.OneAsync(id, ct)).Status.Connection;
            return Html.Page<ConnectionMadePage>(new { Made = made, connection.System, connection.Settings, Address = AddressOf(web, id), Rotated = true });
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status422UnprocessableEntity)
        {
            return Html.Page<ConnectionPage>(new { Details = await read.OneAsync(id, ct), Address = AddressOf(web, id), Problem = problem }, problem.Status);
        }
    }

    private static async Task<IResult> RemoveAsync(Guid id, RemoveConnection remove, HttpContext http, Words words, CancellationToken ct)
    {
        await remove.RunAsync(id, ct);
        new Toast(words["The connection is removed. What the shop sends to its address is refused."]).Send(http);
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> ReplayAsync(Guid id, [FromForm] Guid? delivery, [FromForm] bool? taken, ReplayDeliveries replay, HttpContext http, Words words, CancellationToken ct)
    {
        await replay.RunAsync(new(id, delivery, taken == true), ct);
        new Toast(words["It is tried again"]).Send(http);
        return Results.LocalRedirect($"{Path}/{id}");
    }

    private static async Task<IResult> DoneAsync(Guid id, Guid request, CloseShopRequest close, CancellationToken ct)
    {
        await close.RunAsync(id, request, ct);
        return Results.LocalRedirect($"{Path}/{id}");
    }
}

/// <summary>What was typed; nothing is null, however little came.</summary>
public sealed record ConnectionForm(string System, string Storefront, string Secret, string Prefix, string Grace)
{
    public string Name { get; init; } = "";
    public string Proof { get; init; } = "";
    public string Header { get; init; } = "";
    public string Encoding { get; init; } = "";
    public string TopicHeader { get; init; } = "";
    public string KeyHeader { get; init; } = "";

    public static async ValueTask<ConnectionForm> BindAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return new ConnectionForm(form["system"].ToString(), form["storefront"].ToString(), form["secret"].ToString(), form["prefix"].ToString(), form["grace"].ToString())
        {
            Name = form["name"].ToString(), Proof = form["proof"].ToString(), Header = form["header"].ToString(), Encoding = form["encoding"].ToString(),
            TopicHeader = form["topic_header"].ToString(), KeyHeader = form["key_header"].ToString(),
        };
    }

    /// <exception cref="ProblemException"><c>header_invalid</c> (422).</exception>
    public HookSettings Settings() => HookSettings.Of(EnumText.TryRead<HookProof>(Proof, out var proof) ? proof : HookProof.Hmac, Header,
        EnumText.TryRead<HookEncoding>(Encoding, out var encoding) ? encoding : HookEncoding.Hex, TopicHeader, KeyHeader);
}
