using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;

namespace Wellmet.Platform.Log;

/// <summary>The page of events that a receiver refused for good.</summary>
internal static class DeadLetterRoutes
{
    public const string Path = "/console/settings/dead-letters";

    public static void MapDeadLetters(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async (ListDeadLetters list, CancellationToken ct) => Html.Page<DeadLettersConsole>(new { Letters = await list.RunAsync(ct) }))
            .RequirePermission(AccessPermissions.RepairLog);
        app.MapPost(Path + "/{subject:guid}/{seq:long}/replay", async (Guid subject, long seq, [FromForm] string? receiver, ReplayDeadLetter replay, HttpContext http, Words words, CancellationToken ct) =>
        {
            await replay.RunAsync(new(subject, receiver ?? "", seq), ct);
            new Toast(words["It is tried again"]).Send(http);
            return Results.LocalRedirect(Path);
        }).RequirePermission(AccessPermissions.RepairLog);
    }
}
