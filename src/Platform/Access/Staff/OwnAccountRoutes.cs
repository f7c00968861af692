using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access.Passwords;
using Wellmet.Platform.Access.SecondFactors;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Ui;

namespace Wellmet.Platform.Access.Staff;

/// <summary>One's own account: password, authenticator app, recovery codes.</summary>
internal static class OwnAccountRoutes
{
    public const string Path = "/console/account", Authenticator = Path + "/authenticator";

    public static void MapOwnAccount(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async (ShowOwnAccount show, CancellationToken ct) => Html.Page<AccountPage>(new { Account = await show.RunAsync(ct) })).RequireSignIn();
        app.MapPost(Path + "/password", ChangePasswordAsync).RequireSignIn();
        app.MapGet(Authenticator, async (OfferTotp offer, CancellationToken ct) =>
            await offer.RunAsync(ct) is { } made ? (IResult)Html.Page<AuthenticatorPage>(new { Offer = made }) : Results.LocalRedirect(Path)).RequireSignIn().RequireRecentSignIn();
        app.MapPost(Authenticator, SetUpAsync).RequireSignIn().RequireRecentSignIn();
        app.MapPost(Authenticator + "/off", TurnOffAsync).RequireSignIn().RequireRecentSignIn();
        app.MapPost(Path + "/recovery-codes", async (RenewRecoveryCodes renew, CancellationToken ct) =>
            Html.Page<RecoveryCodesPage>(new { Codes = await renew.RunAsync(ct) })).RequireSignIn().RequireRecentSignIn();
    }

    private static async Task<IResult> ChangePasswordAsync(
        [FromForm] string? current, [FromForm] string? password, ChangePassword change, ShowOwnAccount show, HttpContext http, Words words, CancellationToken ct)
    {
        try
        {
            await change.RunAsync(new(current, password), ct);
        }
        catch (ProblemException problem)
        {
            return Html.Page<AccountPage>(new { Account = await show.RunAsync(ct), Problem = problem }, problem.Status);
        }
        new Toast(words["Your password is changed. Your other sessions have ended."]).Send(http);
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> SetUpAsync([FromForm] string? code, SetUpTotp setUp, OfferTotp offer, Words words, CancellationToken ct)
    {
        try
        {
            return Html.Page<RecoveryCodesPage>(new { Codes = await setUp.RunAsync(code, ct) });
        }
        catch (ProblemException problem) when (problem.Status is 401 or 429)
        {
            return Html.Page<AuthenticatorPage>(new { Offer = await offer.RunAsync(ct), Error = words.Problem(problem) }, problem.Status);
        }
    }

    private static async Task<IResult> TurnOffAsync(TurnOffTotp turnOff, HttpContext http, Words words, CancellationToken ct)
    {
        await turnOff.RunAsync(ct);
        new Toast(words["The authenticator app is off."]).Send(http);
        return Results.LocalRedirect(Path);
    }
}
