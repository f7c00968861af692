using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;

namespace Wellmet.Customers.Schema;

/// <summary>The pages on which the shop says which traits its customers have.</summary>
internal static class TraitRoutes
{
    public const string Path = "/console/settings/traits";

    public static string Of(string name) => $"{Path}/{Uri.EscapeDataString(name)}";

    public static void MapTraits(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async (ListTraits list, CancellationToken ct) => Html.Page<TraitsConsole>(new { Traits = await list.RunAsync(ct) })).RequirePermission(CustomersPermissions.Read);
        app.MapGet(Path + "/list", async (ListTraits list, CancellationToken ct) => Html.Part<TraitsList>(new { Traits = await list.RunAsync(ct) })).RequirePermission(CustomersPermissions.Read);
        app.MapGet(Path + "/new", async (string? name, ListTraits list, CancellationToken ct) =>
            Html.Page<TraitPage>(new { Edited = await list.OneAsync(name ?? "", ct), IsNew = true })).RequirePermission(CustomersPermissions.DefineTraits);
        app.MapGet(Path + "/{name}", async (string name, ListTraits list, CancellationToken ct) => await list.OneAsync(name, ct) is { IsDefined: true } found
            ? Html.Page<TraitPage>(new { Edited = found, IsNew = false })
            : Results.LocalRedirect($"{Path}/new?name={Uri.EscapeDataString(name)}")).RequirePermission(CustomersPermissions.DefineTraits);
        app.MapPost(Path, SaveAsync).RequirePermission(CustomersPermissions.DefineTraits);
        app.MapPost(Path + "/{name}/archive", (string name, DefineTrait define, HttpContext http, Words words, CancellationToken ct) => ArchiveAsync(name, true, define, http, words, ct))
            .RequirePermission(CustomersPermissions.DefineTraits);
        app.MapPost(Path + "/{name}/restore", (string name, DefineTrait define, HttpContext http, Words words, CancellationToken ct) => ArchiveAsync(name, false, define, http, words, ct))
            .RequirePermission(CustomersPermissions.DefineTraits);
    }

    private static async Task<IResult> SaveAsync(HttpRequest request, DefineTrait define, Words words, CancellationToken ct)
    {
        var form = await request.ReadFormAsync(ct);
        var wanted = new TraitDefinition(form["name"].ToString().Trim(), form["label"].ToString(), Chosen<TraitType>(form["type"]), Chosen<TraitTelling>(form["telling"]),
            form["sources"].Select(s => EnumText.TryRead<TraitSource>(s, out var source) ? source : (TraitSource?)null).OfType<TraitSource>().ToHashSet(), Chosen<TraitRule>(form["rule"]));
        try
        {
            await define.RunAsync(wanted, ct);
        }
        catch (ProblemException problem) when (problem.Status is StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict)
        {
            return Html.Page<TraitPage>(new { Edited = wanted, IsNew = form["known"] != "true", Error = words.Problem(problem) }, problem.Status);
        }
        new Toast(words["Saved"]).Send(request.HttpContext);
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> ArchiveAsync(string name, bool archived, DefineTrait define, HttpContext http, Words words, CancellationToken ct)
    {
        await define.ArchiveAsync(name, archived, ct);
        (archived ? new Toast(words["Archived"], words["Undo"], Of(name) + "/restore") : new Toast(words["It is in force again."])).Send(http);
        return Results.LocalRedirect(Path);
    }

    /// <summary>The first where nothing that is known was sent.</summary>
    private static TEnum Chosen<TEnum>(string? sent) where TEnum : struct, Enum => EnumText.TryRead<TEnum>(sent, out var value) ? value : default;
}
