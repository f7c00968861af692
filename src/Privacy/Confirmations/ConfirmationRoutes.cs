using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;

namespace Wellmet.Privacy.Confirmations;

/// <summary>The page behind the link of a double opt-in. Open to everybody who has the link: it is in the list of anonymous endpoints.</summary>
internal static class ConfirmationRoutes
{
    public const string Path = "/consent";

    public static string Of(string token) => $"{Path}/{token}";

    public static void MapConfirmations(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path + "/{token}", async (string token, ConfirmConsent confirm, CancellationToken ct) =>
            Html.Page<ConfirmationPage>(new { Token = token, Asked = await confirm.ShowAsync(token, ct) }));
        app.MapPost(Path + "/{token}", async (string token, ConfirmConsent confirm, HttpContext http, CancellationToken ct) =>
        {
            // The address without the token, which would confirm again whatever the proof is shown to.
            var place = UriHelper.BuildAbsolute(http.Request.Scheme, http.Request.Host, path: Path);
            await confirm.RunAsync(new(token, place, ClientNetwork.Of(http.Connection.RemoteIpAddress), http.Request.Headers.UserAgent), ct);
            return Html.Page<ConfirmationPage>(new { Token = token, Asked = await confirm.ShowAsync(token, ct) });
        });
    }
}
