using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Ui;
using Wellmet.Platform.Ui.Layouts;
using Wellmet.Platform.Ui.Parts;

namespace Wellmet.Platform.Security;

/// <summary>
/// What people and programs see when something is refused or fails: a page, or problem details (RFC 9457). Never a stack, never whether an
/// object exists that they may not see.
/// </summary>
internal sealed class ProblemAnswers(ILogger<ProblemAnswers> logger) : IExceptionHandler
{
    private const int ClientClosedRequest = 499;

    public static ProblemException Forbidden { get; } = new("forbidden", "Your role does not allow this. Ask an owner of this Wellmet.", StatusCodes.Status403Forbidden);

    /// <summary>A person learns that their role does not do; a program, which scope its key lacks.</summary>
    public static ProblemException ForbiddenTo(HttpContext http, Permission permission) => http.RequestServices.GetRequiredService<CurrentKey>().Id is null
        ? Forbidden
        : new("key_scope_missing", "This key may not do this: it lacks the scope {0}.", StatusCodes.Status403Forbidden, permission.Code);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = ClientClosedRequest;
            return true;
        }
        if (exception is not (ProblemException or ForbiddenException or BadHttpRequestException))
        {
            logger.LogError(exception, "{Method} {Route} failed ({TraceId})", httpContext.Request.Method, RouteOf(httpContext), httpContext.TraceIdentifier);
        }
        await WriteAsync(httpContext, ProblemOf(httpContext, exception));
        return true;
    }

    /// <summary>For answers that a middleware left empty: no such page, wrong method, too many requests.</summary>
    public static Task WriteStatusAsync(HttpContext http) => WriteAsync(http, OfStatus(http.Response.StatusCode));

    public static async Task WriteAsync(HttpContext http, ProblemException problem)
    {
        http.Response.StatusCode = problem.Status;
        if (problem.Status == StatusCodes.Status401Unauthorized && problem.Code.StartsWith("key_", StringComparison.Ordinal))
        {
            // RFC 6750 section 3: without a key one learns the scheme only.
            http.Response.Headers.WWWAuthenticate = problem.Code == "key_missing" ? "Bearer realm=\"wellmet\"" : "Bearer realm=\"wellmet\", error=\"invalid_token\"";
        }
        if (problem.RetryAfter is { } wait)
        {
            http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        var words = http.RequestServices.GetRequiredService<Words>();
        var detail = words.Problem(problem);
        if (Audiences.Of(http.Request) == Audience.Page)
        {
            var shown = new { problem.Status, Title = words[TitleOf(problem.Status)], Message = detail, Reference = ReferenceOf(http, problem), NextHref = "/" };
            await (http.User.Identity?.IsAuthenticated == true ? Html.Page<ErrorPage>(shown, problem.Status) : Html.Page<ErrorPage, PublicLayout>(shown, problem.Status)).ExecuteAsync(http);
            return;
        }
        var details = new ProblemDetails { Type = $"/problems/{problem.Code}", Title = words[TitleOf(problem.Status)], Status = problem.Status, Detail = detail };
        details.Extensions["code"] = problem.Code;
        if (problem.Parameter is { } parameter)
        {
            details.Extensions["parameter"] = parameter;
        }
        if (ReferenceOf(http, problem) is { } reference)
        {
            details.Extensions["reference"] = reference;
        }
        await Results.Problem(details).ExecuteAsync(http);
    }

    private static ProblemException ProblemOf(HttpContext http, Exception exception) => exception switch
    {
        ProblemException problem => problem,
        ForbiddenException forbidden => ForbiddenTo(http, forbidden.Permission),
        BadHttpRequestException bad => OfStatus(bad.StatusCode),
        _ => OfStatus(StatusCodes.Status500InternalServerError),
    };

    private static ProblemException OfStatus(int status) => status switch
    {
        StatusCodes.Status400BadRequest => new("request_invalid", "The request could not be understood.", status),
        StatusCodes.Status401Unauthorized => new("not_signed_in", "Sign in first.", status),
        StatusCodes.Status403Forbidden => Forbidden,
        StatusCodes.Status404NotFound => new("not_found", "There is nothing at this address.", status),
        StatusCodes.Status405MethodNotAllowed => new("method_not_allowed", "This address does not take this kind of request.", status),
        StatusCodes.Status413PayloadTooLarge => new("too_large", "This is too large.", status),
        StatusCodes.Status415UnsupportedMediaType => new("media_type_unsupported", "This kind of content is not taken here.", status),
        StatusCodes.Status429TooManyRequests => new("too_many_requests", "Too many requests. Wait a moment and try again.", status),
        < 500 => new("refused", "The request was refused.", status),
        _ => new("failed", "Something went wrong on our side. Nothing was changed. Try again; if it stays, give the reference to your administrator.", status),
    };

    internal static string TitleOf(int status) => status switch
    {
        401 => "Sign in",
        403 => "Not allowed",
        404 or 410 => "Not found",
        429 => "Too many requests",
        >= 500 => "Something went wrong",
        _ => "That did not work",
    };

    private static string? ReferenceOf(HttpContext http, ProblemException problem) => problem.Status >= 500 ? http.TraceIdentifier : null;

    /// <summary>The pattern, not the path: a path may hold a one-time token.</summary>
    private static string RouteOf(HttpContext http) => (http.Features.Get<IExceptionHandlerFeature>()?.Endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
}
