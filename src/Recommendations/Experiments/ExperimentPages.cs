using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Experiments;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Placements;
using Wellmet.Recommendations.Studio;

namespace Wellmet.Recommendations.Experiments;

/// <summary>The pages of experiments on placements.</summary>
internal static class ExperimentPages
{
    public const string Path = StudioRoutes.Path + "/experiments";
    public const string NewPath = Path + "/new";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async (ListPlacementExperiments list, CancellationToken ct) => Html.Page<ExperimentsConsole>(new { Experiments = await list.RunAsync(ct) }))
            .RequirePermission(ExperimentPermissions.Read);
        app.MapGet(NewPath, async (string? placement, PlacementStore placements, CancellationToken ct) =>
            Html.Page<NewExperimentConsole>(new { Form = PlacementExperimentForm.Empty(placement), Placements = await placements.AllAsync(ct) })).RequirePermission(ExperimentPermissions.Manage);
        app.MapGet(Path + "/{id:guid}", async (Guid id, ReadPlacementExperiment read, CancellationToken ct) =>
            Html.Page<ExperimentConsole>(new { Read = await read.RunAsync(id, ct) })).RequirePermission(ExperimentPermissions.Read);
        app.MapPost(Path, PlanAsync).RequirePermission(ExperimentPermissions.Manage);
        app.MapPost(Path + "/start", async ([FromForm] Guid id, StartExperiment start, CancellationToken ct) =>
        {
            await start.RunAsync(id, ct);
            return Results.LocalRedirect(Href(id));
        }).RequirePermission(ExperimentPermissions.Manage);
        app.MapPost(Path + "/stop", async ([FromForm] Guid id, StopExperiment stop, CancellationToken ct) =>
        {
            await stop.RunAsync(new(id, Reason: null), ct);
            return Results.LocalRedirect(Href(id));
        }).RequirePermission(ExperimentPermissions.Manage);
        app.MapPost(Path + "/decide", DecideAsync).RequirePermission(ExperimentPermissions.Manage);
    }

    public static string Href(Guid id) => $"{Path}/{id}";

    private static async Task<IResult> PlanAsync(HttpRequest request, PlanExperiment plan, PlacementStore placements, Words words, CancellationToken ct)
    {
        var form = PlacementExperimentForm.Of(await request.ReadFormAsync(ct));
        try
        {
            return Results.LocalRedirect(Href((await plan.RunAsync(form.ToRequest(), ct)).Id));
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status400BadRequest)
        {
            return Html.Page<NewExperimentConsole>(new { Form = form, Placements = await placements.AllAsync(ct), Error = words.Problem(problem) }, problem.Status);
        }
    }

    private static async Task<IResult> DecideAsync([FromForm] Guid id, [FromForm] string? variant, ChooseWinner choose, HttpContext http, Words words, CancellationToken ct)
    {
        await choose.RunAsync(new(id, variant ?? ""), ct);
        new Toast(words["It stands there for everybody from now on"]).Send(http);
        return Results.LocalRedirect(Href(id));
    }
}
