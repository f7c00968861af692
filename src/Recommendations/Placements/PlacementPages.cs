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
using Wellmet.Segments.Contract;

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
        app.MapGet(Path + "/-segments", ShowForAsync).RequirePermission(RecommendationsPermissions.Read);
        app.MapPost(Path + "/-segments", SaveForAsync).RequirePermission(RecommendationsPermissions.Arrange);
        app.MapPost(Path + "/-segments/first", async ([FromForm] string? name, [FromForm] Guid segment, ArrangeForSegments arrange, CancellationToken ct) =>
        {
            await arrange.PutFirstAsync(name ?? "", segment, ct);
            return Results.LocalRedirect(Href(name!));
        }).RequirePermission(RecommendationsPermissions.Arrange);
        app.MapPost(Path + "/-segments/remove", async ([FromForm] string? name, [FromForm] Guid segment, ArrangeForSegments arrange, CancellationToken ct) =>
        {
            await arrange.RemoveAsync(name ?? "", segment, ct);
            return Results.LocalRedirect(Href(name!));
        }).RequirePermission(RecommendationsPermissions.Arrange);
        app.MapPost(Path + "/reset", ResetAsync).RequirePermission(RecommendationsPermissions.Arrange);
    }

    public static string Href(string name) => $"{Path}/{Uri.EscapeDataString(name)}";

    public static string Href(string name, Guid segment) => $"{Path}/-segments?name={Uri.EscapeDataString(name)}&segment={segment}";

    private static async Task<IResult> ShowAsync(string name, string? q, ReadPlacements read, PreviewPlacement preview, ReadEffects effects, ListPlacementExperiments experiments, CancellationToken ct)
    {
        if (name == New)
        {
            return Html.Page<PlacementConsole>(new { Form = await read.FormAsync(new Placement("", PlacementSource.Bestsellers, true, Serving.ListRules.None), ct), Models = read.Models() });
        }
        var placement = await read.FindAsync(name, ct) ?? throw new ProblemException("placement_unknown", "There is no such placement.", 404);
        return Html.Page<PlacementConsole>(new
        {
            Placement = placement, Form = await read.FormAsync(placement, ct), Preview = await preview.RunAsync(placement, q, ct), Effects = await effects.RunAsync(name, ct), Tried = await experiments.AboutAsync(name, ct),
            Segments = await read.SegmentsAsync(ct), Models = read.Models(),
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
            return Html.Page<PlacementConsole>(new { Placement = form.New is null ? await read.FindAsync(form.Name ?? "", ct) : null, Form = form, Error = words.Problem(problem), Segments = await read.SegmentsAsync(ct), Models = read.Models() }, problem.Status);
        }
        new Toast(words["Saved; it holds from the next answer on"]).Send(http);
        return Results.LocalRedirect(Href(placement.Name));
    }

    private static async Task<IResult> ShowForAsync(string name, Guid segment, ReadPlacements read, CancellationToken ct)
    {
        var (placement, label) = await FindAsync(name, segment, read, ct);
        return Html.Page<SegmentRulesConsole>(new { Placement = placement, Segment = label, Form = await read.FormAsync(placement, ct, segment) });
    }

    private static async Task<IResult> SaveForAsync([AsParameters] PlacementForm form, ReadPlacements read, ArrangeForSegments arrange, HttpContext http, Words words, CancellationToken ct)
    {
        var (placement, label) = await FindAsync(form.Name ?? "", Guid.TryParse(form.Segment, out var segment) ? segment : Guid.Empty, read, ct);
        try
        {
            await arrange.SaveAsync(placement.Name, segment, (await read.ParseAsync(form, ct)).Rules, ct);
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status400BadRequest)
        {
            return Html.Page<SegmentRulesConsole>(new { Placement = placement, Segment = label, Form = form, Error = words.Problem(problem) }, problem.Status);
        }
        new Toast(words["Saved; it holds from the next answer on"]).Send(http);
        return Results.LocalRedirect(Href(placement.Name));
    }

    private static async Task<(Placement Placement, SegmentLabel Segment)> FindAsync(string name, Guid segment, ReadPlacements read, CancellationToken ct) =>
        (await read.FindAsync(name, ct) ?? throw new ProblemException("placement_unknown", "There is no such placement.", 404),
        (await read.SegmentsAsync(ct)).FirstOrDefault(s => s.SegmentId == segment) ?? throw new ProblemException("segment_unknown", "This segment does not exist, or is archived.", 404));

    private static async Task<IResult> ResetAsync([FromForm] string? name, ArrangePlacement arrange, HttpContext http, Words words, CancellationToken ct)
    {
        await arrange.ResetAsync(name ?? "", ct);
        new Toast(Placement.BuiltInOf(name ?? "") is null ? words["Removed"] : words["It stands as it came again"]).Send(http);
        return Results.LocalRedirect(Path);
    }
}
