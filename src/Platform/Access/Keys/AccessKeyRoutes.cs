using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;

namespace Wellmet.Platform.Access.Keys;

internal static class AccessKeyRoutes
{
    public const string Path = "/console/settings/keys", NewSecretKey = Path + "/new?kind=secret", NewWriteKey = Path + "/new?kind=write", WriteKind = "write";

    public static void MapAccessKeys(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async (ListAccessKeys list, CancellationToken ct) => Html.Page<KeysConsole>(new { Keys = await list.RunAsync(ct) }))
            .RequirePermission(AccessPermissions.ReadKeys);
        app.MapGet(Path + "/new", async (string? kind, AccessKeyRules rules, ModuleCatalog catalog, CancellationToken ct) =>
            Html.Page<NewKeyPage>(new { KeyKind = EnumText.Of(KindOf(kind)), catalog.Scopes, Sites = await rules.SitesAsync(ct) }))
            .RequirePermission(AccessPermissions.ManageKeys).RequireRecentSignIn();
        app.MapPost(Path, CreateAsync).RequirePermission(AccessPermissions.ManageKeys).RequireRecentSignIn();
        app.MapGet(Path + "/{id:guid}", ShowAsync).RequirePermission(AccessPermissions.ManageKeys).RequireRecentSignIn();
        app.MapPost(Path + "/{id:guid}/rotate", async (Guid id, [FromForm] string? grace, RotateAccessKey rotate, CancellationToken ct) =>
            Html.Page<KeySecretPage>(new { Key = await rotate.RunAsync(new(id, NumberOf(grace) ?? -1), ct) })).RequirePermission(AccessPermissions.ManageKeys).RequireRecentSignIn();
        app.MapPost(Path + "/{id:guid}/revoke", RevokeAsync).RequirePermission(AccessPermissions.ManageKeys).RequireRecentSignIn();
    }

    private static async Task<IResult> CreateAsync(KeyForm form, CreateAccessKey create, AccessKeyRules rules, ModuleCatalog catalog, CancellationToken ct)
    {
        var kind = KindOf(form.Kind);
        try
        {
            var key = await create.RunAsync(new(kind, form.Name, form.Scopes, Guid.TryParse(form.Site, out var site) ? site : null, NumberOf(form.Life)), ct);
            return Html.Page<KeySecretPage>(new { Key = key });
        }
        catch (ProblemException problem) when (problem.Status is 400 or 409)
        {
            return Html.Page<NewKeyPage>(new
            {
                KeyKind = EnumText.Of(kind), catalog.Scopes, Sites = await rules.SitesAsync(ct), form.Name, Chosen = form.Scopes, form.Site, form.Life, Problem = problem,
            }, problem.Status);
        }
    }

    private static async Task<IResult> ShowAsync(Guid id, ListAccessKeys list, CancellationToken ct) => Html.Page<KeyPage>(new
    {
        Key = (await list.RunAsync(ct)).FirstOrDefault(k => k.Id == id) ?? throw new ProblemException("key_unknown", "There is no such key, or it was revoked.", 404),
    });

    private static async Task<IResult> RevokeAsync(Guid id, RevokeAccessKey revoke, HttpContext http, Words words, CancellationToken ct)
    {
        await revoke.RunAsync(id, ct);
        new Toast(words["The key is revoked. Programs that use it are refused."]).Send(http);
        return Results.LocalRedirect(Path);
    }

    /// <summary>A key is a secret one unless it is asked for otherwise: a write key may do less.</summary>
    private static AccessKeyKind KindOf(string? text) => text == WriteKind ? AccessKeyKind.Write : AccessKeyKind.Secret;

    /// <summary>Null for an empty field; a text that is no number is refused by the rules.</summary>
    private static int? NumberOf(string? text) => string.IsNullOrEmpty(text) ? null : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    /// <summary>What was typed and ticked; nothing is null, however little came.</summary>
    internal sealed record KeyForm(string Kind, string Name, string[] Scopes, string Site, string Life)
    {
        public static async ValueTask<KeyForm> BindAsync(HttpContext http)
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            return new KeyForm(form["kind"].ToString(), form["name"].ToString(), [.. form["scopes"].OfType<string>()], form["site"].ToString(), form["life"].ToString());
        }
    }
}
