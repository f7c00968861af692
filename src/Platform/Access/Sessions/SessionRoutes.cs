using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Ui;

namespace Wellmet.Platform.Access.Sessions;

internal static class SessionRoutes
{
    public const string Path = "/console/settings/sessions";

    public static void MapSessions(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async (ListSessions list, CancellationToken ct) => Html.Page<SessionsConsole>(new { Sessions = await list.RunAsync(ct) })).RequireSignIn();
        app.MapPost(Path + "/{id:guid}/end", async (Guid id, EndSession end, CurrentSession current, HttpContext http, Words words, CancellationToken ct) =>
        {
            await end.RunAsync(id, ct);
            new Toast(words["The session has ended."]).Send(http);
            return Results.LocalRedirect(id == current.Id ? "/sign-in" : Path);
        }).RequireSignIn();
        app.MapPost(Path + "/end-others", async (EndOtherSessions end, HttpContext http, Words words, CancellationToken ct) =>
        {
            new Toast(words.Count(await end.RunAsync(ct), "{0} other session has ended.", "{0} other sessions have ended.")).Send(http);
            return Results.LocalRedirect(Path);
        }).RequireSignIn();
        app.MapGet("/sign-in/confirm", async (string? returnUrl, OwnAccount own, CancellationToken ct) =>
            Html.Page<ConfirmPage>(new { Factors = (await own.GetAsync(ct)).SecondSteps, ReturnUrl = LocalUrl.Or(returnUrl, null) })).RequireSignIn();
        app.MapPost("/sign-in/confirm", ([FromForm] string? proof, [FromForm] string? returnUrl, ConfirmIdentity confirm, OwnAccount own, Words words, CancellationToken ct) =>
            ConfirmAsync(() => confirm.RunAsync(proof, ct), returnUrl, own, words, ct)).RequireSignIn();
        app.MapPost("/sign-in/confirm/passkey", ([AsParameters] PasskeyProof proof, ConfirmWithPasskey confirm, OwnAccount own, Words words, CancellationToken ct) =>
            ConfirmAsync(() => confirm.RunAsync(proof.Ceremony, proof.Answer, ct), proof.ReturnUrl, own, words, ct)).RequireSignIn();
    }

    private static async Task<IResult> ConfirmAsync(Func<Task> confirm, string? returnUrl, OwnAccount own, Words words, CancellationToken ct)
    {
        var back = LocalUrl.Or(returnUrl, "/console");
        try
        {
            await confirm();
            return Results.LocalRedirect(back);
        }
        catch (ProblemException problem)
        {
            return Html.Page<ConfirmPage>(new { Factors = (await own.GetAsync(ct)).SecondSteps, ReturnUrl = back, Error = words.Problem(problem) }, problem.Status);
        }
    }

    private sealed record PasskeyProof([FromForm] string? Ceremony, [FromForm] string? Answer, [FromForm] string? ReturnUrl);
}
