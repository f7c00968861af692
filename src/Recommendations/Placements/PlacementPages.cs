using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Effects;
using Wellmet.Recommendations.Experiments;
using Wellmet.Recommendations.Studio;

namespace Wellmet.Recommendations.Placements;

/// <summary>The pages where placements are arranged.</summary>
[Uses(Purpose.Service, "shows staff whose recommendations they look at")]
internal static class PlacementPages
{
    public const string Path = StudioRoutes.Path + "/placements";

    /// <summary>The name under which the form of a new one stands: no placement can have it.</summary>
    public const string New = "-new";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async (ReadPlacements read, ReadEffects effects, CancellationToken ct) =>
            Html.Page<PlacementsConsole>(new { Placements = await read.AllAsync(ct), Totals = await effects.TotalsAsync(ct) }))
            .RequirePermission(RecommendationsPermissions.Read);
        app.MapGet(Path + "/{name}", ShowAsync).RequirePermission(RecommendationsPermissions.Read);
        app.MapPost(Path, SaveAsync).RequirePermission(RecommendationsPermissions.Arrange);
        app.MapPost(Path + "/reset", ResetAsync).RequirePermission(RecommendationsPermissions.Arrange);
    }

    public static string Href(string name) => $"{Path}/{Uri.EscapeDataString(name)}";

    private static async Task<IResult> ShowAsync(string name, string? q, ReadPlacements read, PreviewPlacement preview, ReadEffects effects, ListPlacementExperiments experiments, CancellationToken ct)
    {
        if (name == New)
        {
            return Html.Page<PlacementConsole>(new { Form = await read.FormAsync(new Placement("", PlacementSource.Bestsellers, true, Serving.ListRules.None), ct) });
        }
        var placement = await read.FindAsync(name, ct) ?? throw new ProblemException("placement_unknown", "There is no such placement.", 404);
        return Html.Page<PlacementConsole>(new
        {
            Placement = placement, Form = await read.FormAsync(placement, ct), Preview = await preview.RunAsync(placement, q, ct), Effects = await effects.RunAsync(name, ct), Tried = await experiments.AboutAsync(name, ct),
        });
    }

    private static async Task<IResult> SaveAsync([AsParameters] PlacementForm form, ReadPlacements read, ArrangePlacement arrange, HttpContext http, Words words, CancellationToken ct)
    {
        Placement placement;
        try
        {
            placement = await read.ParseAsync(form, ct);
            await arrange.SaveAsync(placement, isNew: form.New is not null, ct);
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status400BadRequest)
        {
            return Html.Page<PlacementConsole>(new { Placement = form.New is null ? await read.FindAsync(form.Name ?? "", ct) : null, Form = form, Error = words.Problem(problem) }, problem.Status);
        }
        new Toast(words["Saved; it holds from the next answer on"]).Send(http);
        return Results.LocalRedirect(Href(placement.Name));
    }

    private static async Task<IResult> ResetAsync([FromForm] string? name, ArrangePlacement arrange, HttpContext http, Words words, CancellationToken ct)
    {
        await arrange.ResetAsync(name ?? "", ct);
        new Toast(Placement.BuiltInOf(name ?? "") is null ? words["Removed"] : words["It stands as it came again"]).Send(http);
        return Results.LocalRedirect(Path);
    }
}
