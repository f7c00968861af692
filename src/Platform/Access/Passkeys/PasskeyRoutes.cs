using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access.SecondFactors;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Ui;

namespace Wellmet.Platform.Access.Passkeys;

/// <summary>One's own passkeys.</summary>
internal static class PasskeyRoutes
{
    public const string Path = "/console/account/passkeys";

    public static void MapPasskeys(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async (ListPasskeys list, CurrentSession session, CancellationToken ct) =>
            Html.Page<PasskeysPage>(new { Passkeys = await list.RunAsync(ct), Name = session.Origin.Device })).RequireSignIn().RequireRecentSignIn();
        app.MapPost(Path + "/ask", async (OfferPasskey offer, CancellationToken ct) => Results.Json(await offer.RunAsync(ct))).RequireSignIn().RequireRecentSignIn();
        app.MapPost(Path, AddAsync).RequireSignIn().RequireRecentSignIn();
        app.MapPost(Path + "/{id:guid}/rename", RenameAsync).RequireSignIn().RequireRecentSignIn();
        app.MapPost(Path + "/{id:guid}/remove", RemoveAsync).RequireSignIn().RequireRecentSignIn();
    }

    private static async Task<IResult> AddAsync([AsParameters] NewPasskey form, AddPasskey add, ListPasskeys list, HttpContext http, Words words, CancellationToken ct)
    {
        try
        {
            if (await add.RunAsync(new(form.Ceremony, form.Answer, form.Name), ct) is { } codes)
            {
                return Html.Page<RecoveryCodesPage>(new { Codes = codes });
            }
            new Toast(words["The passkey is added. Your other sessions have ended."]).Send(http);
            return Results.LocalRedirect(Path);
        }
        catch (ProblemException problem)
        {
            return Html.Page<PasskeysPage>(new { Passkeys = await list.RunAsync(ct), form.Name, Problem = problem }, problem.Status);
        }
    }

    private static async Task<IResult> RenameAsync(Guid id, [FromForm] string? name, RenamePasskey rename, HttpContext http, Words words, CancellationToken ct)
    {
        await rename.RunAsync(id, name, ct);
        new Toast(words["The passkey is renamed."]).Send(http);
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> RemoveAsync(Guid id, RemovePasskey remove, HttpContext http, Words words, CancellationToken ct)
    {
        await remove.RunAsync(id, ct);
        new Toast(words["The passkey is removed. Your other sessions have ended."]).Send(http);
        return Results.LocalRedirect(Path);
    }

    private sealed record NewPasskey([FromForm] string? Ceremony, [FromForm] string? Answer, [FromForm] string? Name);
}
