using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Ui;

namespace Wellmet.Platform.Access.SignIns;

/// <summary>The browser at the other end of a sign-in: its origin, its cookie, its language.</summary>
internal sealed class SignInBrowser(IHttpContextAccessor accessor, SessionCookie cookie, CurrentSession session, Words words)
{
    private HttpContext Http => accessor.HttpContext!;

    public Origin Origin => session.Origin;
    public Words Words => words;

    /// <summary>Gives the browser its session and sends it on.</summary>
    public IResult Enter(SecretToken token, string? returnUrl)
    {
        cookie.Set(Http.Response, token);
        return Results.LocalRedirect(LocalUrl.Or(returnUrl, SignInRoutes.Start));
    }

    public IResult Leave()
    {
        cookie.Delete(Http.Response);
        // The browser forgets what it kept of our pages, so that going back shows nothing.
        Http.Response.Headers["Clear-Site-Data"] = "\"cache\"";
        return Results.LocalRedirect("/sign-in");
    }

    /// <summary>The second step once more, or the first where the challenge has expired.</summary>
    public IResult AskAgain(ProblemException problem, SecondStepForm form, bool byRecoveryCode)
    {
        var back = LocalUrl.Or(form.ReturnUrl, null);
        var error = words.Problem(problem);
        return problem.Code == "sign_in_expired"
            ? Html.Page<SignInPage>(new { ReturnUrl = back, Error = error }, problem.Status)
            : Html.Page<CodePage>(new { Challenge = form.Challenge ?? "", Factors = form.Factors ?? SecondStep.Code, ReturnUrl = back, Error = error, ByRecoveryCode = byRecoveryCode }, problem.Status);
    }
}

/// <summary>What the form of the second step sends besides its proof.</summary>
/// <param name="Factors">As the page showed them; only to show it again.</param>
internal sealed record SecondStepForm([FromForm] string? Challenge, [FromForm] SecondStep? Factors, [FromForm] string? ReturnUrl);
