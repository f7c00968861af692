using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access.Passkeys;
using Wellmet.Platform.Access.Passwords;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Ui;

namespace Wellmet.Platform.Access.SignIns;

/// <summary>Routes of signing in and out. They are in <see cref="AnonymousEndpoints"/>.</summary>
internal static class SignInRoutes
{
    public const string Start = "/console", FirstSteps = "/console/account/authenticator";

    public static void MapSignIns(this IEndpointRouteBuilder app)
    {
        app.MapGet("/sign-in", (string? returnUrl, CurrentActor actor) =>
            actor.Value.StaffId is null ? (IResult)Html.Page<SignInPage>(new { ReturnUrl = LocalUrl.Or(returnUrl, null) }) : Results.LocalRedirect(LocalUrl.Or(returnUrl, Start)));
        app.MapPost("/sign-in", SignInAsync);
        app.MapPost("/sign-in/code", WithCodeAsync);
        app.MapPost("/sign-in/recovery-code", WithRecoveryCodeAsync);
        app.MapPost("/sign-in/passkey", WithPasskeyAsync);
        app.MapPost(PasskeyForm.Ask, async (AskForPasskey ask, CancellationToken ct) => Results.Json(await ask.RunAsync(ct)));
        app.MapGet(SignInLinks.Path + "/{token}", ShowLinkAsync);
        app.MapPost(SignInLinks.Path + "/{token}", RedeemAsync);
        app.MapPost("/sign-out", SignOutAsync);
    }

    private static async Task<IResult> SignInAsync(
        [FromForm] string? email, [FromForm] string? password, [FromForm] string? returnUrl, SignIn signIn, SignInBrowser browser, CancellationToken ct)
    {
        var back = LocalUrl.Or(returnUrl, null);
        try
        {
            var answer = await signIn.RunAsync(new(email, password, browser.Origin), ct);
            return answer.Session is { } session ? browser.Enter(session, back) : Html.Page<CodePage>(new { Challenge = answer.Challenge!.Value.Text, answer.Factors, ReturnUrl = back });
        }
        catch (ProblemException problem)
        {
            return Html.Page<SignInPage>(new { Email = email, ReturnUrl = back, Error = browser.Words.Problem(problem) }, problem.Status);
        }
    }

    private static async Task<IResult> WithCodeAsync(
        [AsParameters] SecondStepForm form, [FromForm] string? code, SignInWithTotp signIn, SignInBrowser browser, CancellationToken ct)
    {
        try
        {
            return browser.Enter(await signIn.RunAsync(new(form.Challenge, code, browser.Origin), ct), form.ReturnUrl);
        }
        catch (ProblemException problem)
        {
            return browser.AskAgain(problem, form, byRecoveryCode: false);
        }
    }

    private static async Task<IResult> WithRecoveryCodeAsync(
        [AsParameters] SecondStepForm form, [FromForm] string? recoveryCode, SignInWithRecoveryCode signIn, SignInBrowser browser, CancellationToken ct)
    {
        try
        {
            return browser.Enter(await signIn.RunAsync(new(form.Challenge, recoveryCode, browser.Origin), ct), form.ReturnUrl);
        }
        catch (ProblemException problem)
        {
            return browser.AskAgain(problem, form, byRecoveryCode: true);
        }
    }

    private static async Task<IResult> WithPasskeyAsync(
        [FromForm] string? ceremony, [FromForm] string? answer, [FromForm] string? returnUrl, SignInWithPasskey signIn, SignInBrowser browser, CancellationToken ct)
    {
        try
        {
            return browser.Enter(await signIn.RunAsync(new(ceremony, answer, browser.Origin), ct), returnUrl);
        }
        catch (ProblemException problem)
        {
            return Html.Page<SignInPage>(new { ReturnUrl = LocalUrl.Or(returnUrl, null), Error = browser.Words.Problem(problem) }, problem.Status);
        }
    }

    /// <summary>Only shows the form: programs that look into links before people do must not use one up.</summary>
    private static async Task<IResult> ShowLinkAsync(string token, SignInLinks links, PasswordRules rules, CancellationToken ct)
    {
        var member = await links.FindAsync(token, ct);
        return Html.Page<LinkPage>(new { Token = token, IsNew = member.PasswordHash is null, rules.MinLength });
    }

    private static async Task<IResult> RedeemAsync(string token, [AsParameters] LinkForm form, RedeemSignInLink redeem, SignInLinks links, PasswordRules rules, SignInBrowser browser, CancellationToken ct)
    {
        try
        {
            var session = await redeem.RunAsync(new(token, form.Email, form.Name, form.Password, browser.Origin), ct);
            return session is { } entered
                ? browser.Enter(entered, FirstSteps)
                : Html.Page<SignInPage>(new { Notice = browser.Words["Your new password is set. Sign in with it."] });
        }
        catch (ProblemException problem) when (problem.Status is 400 or 409)
        {
            var member = await links.FindAsync(token, ct);
            return Html.Page<LinkPage>(
                new { Token = token, IsNew = member.PasswordHash is null, rules.MinLength, form.Email, form.Name, Problem = problem }, problem.Status);
        }
    }

    private static async Task<IResult> SignOutAsync(SignOut signOut, SignInBrowser browser, CancellationToken ct)
    {
        await signOut.RunAsync(ct);
        return browser.Leave();
    }

    private sealed record LinkForm([FromForm] string? Email, [FromForm] string? Name, [FromForm] string? Password);
}
