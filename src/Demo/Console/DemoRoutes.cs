using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Demo.Contract;
using Wellmet.Demo.Generator;
using Wellmet.Demo.Loading;
using Wellmet.Demo.Removal;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;

namespace Wellmet.Demo.Console;

/// <summary>The page of the demo shop in the settings, and the notice above every page.</summary>
internal static class DemoRoutes
{
    public const string Path = "/console/settings/demo";

    public static void MapDemo(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup(Path).RequirePermission(DemoPermissions.Manage);
        group.MapGet("", async (IDemoShop demo, CancellationToken ct) => Html.Page<DemoPage>(new { State = await demo.FindAsync(ct) }));
        group.MapGet("/notice", NoticeAsync);
        group.MapPost("", CreateAsync);
        group.MapPost("/remove", async (RemoveDemo remove, HttpContext http, Words words, CancellationToken ct) =>
        {
            await remove.RunAsync(ct);
            new Toast(words["The demo shop is being removed"]).Send(http);
            return Results.LocalRedirect("/console");
        });
    }

    /// <summary>Once it is made or gone, the whole page is another one.</summary>
    private static async Task<IResult> NoticeAsync(IDemoShop demo, HttpContext http, CancellationToken ct)
    {
        if (await demo.FindAsync(ct) is { Stage: not DemoStage.Ready } state)
        {
            return Html.Part<DemoNotice>(new { State = state });
        }
        http.Response.Headers["HX-Refresh"] = "true";
        return Results.NoContent();
    }

    private static async Task<IResult> CreateAsync([FromForm] string? customers, [FromForm] string? months, CreateDemo create, IDemoShop demo, Words words, CancellationToken ct)
    {
        try
        {
            await create.RunAsync(new(Number(customers), Number(months), DemoPlan.DefaultSeed), ct);
            return Results.LocalRedirect(Path);
        }
        catch (ProblemException problem) when (problem.Status is StatusCodes.Status422UnprocessableEntity or StatusCodes.Status409Conflict)
        {
            return Html.Page<DemoPage>(new { State = await demo.FindAsync(ct), Error = words.Problem(problem) }, problem.Status);
        }
    }

    /// <summary>0, which is refused, for what is no number.</summary>
    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
