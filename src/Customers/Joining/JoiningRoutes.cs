using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Profiles;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;

namespace Wellmet.Customers.Joining;

/// <summary>The page of the identity rules: what they are, what was held back and why.</summary>
internal static class JoiningRoutes
{
    public const string Path = CustomerRoutes.Path + "/identity-rules";

    public static void MapJoining(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, ShowAsync).RequirePermission(CustomersPermissions.Edit);
        app.MapPost(Path, SaveAsync).RequirePermission(CustomersPermissions.MergeAutomatically);
        app.MapPost(Path + "/release", ReleaseAsync).RequirePermission(CustomersPermissions.Edit);
        app.MapPost(Path + "/allow", AllowAsync).RequirePermission(CustomersPermissions.Edit);
    }

    private static async Task<IResult> ShowAsync(string? reason, ListHeld list, CancellationToken ct)
    {
        var chosen = EnumText.TryRead<HoldReason>(reason, out var read) ? read : (HoldReason?)null;
        return Html.Page<JoiningConsole>(new { Page = await list.RunAsync(chosen, ct), Reason = chosen });
    }

    private static async Task<IResult> SaveAsync(HttpContext http, SaveJoinRules save, ListHeld list, Words words, CancellationToken ct)
    {
        var form = await http.Request.ReadFormAsync(ct);
        try
        {
            await save.RunAsync(RulesOf(form), form["blocked"].ToString().Split('\n'), ct);
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status400BadRequest)
        {
            return Html.Page<JoiningConsole>(new { Page = await list.RunAsync(null, ct), Error = words.Problem(problem) }, problem.Status);
        }
        new Toast(words["Saved"]).Send(http);
        return Results.LocalRedirect(Path);
    }

    /// <summary>A kind stands in as many fields as it has properties; an emptied name of an own kind takes it away.</summary>
    private static JoinRules RulesOf(IFormCollection form) => new(
        [.. form["kind"].Concat([form["own"].ToString().Trim()]).OfType<string>().Where(k => k.Length > 0 && form["remove"] != k).Take(JoinRules.BuiltIn.Count + JoinRules.MostOwn + 1)
            .Select(k => new KindRule(k, form[$"joins-{k}"] == "never" ? JoinWhen.Never : JoinWhen.Verified, Number(form, $"most-{k}", 10), Number(form, $"days-{k}", 365)))],
        Number(form, "accounts", 0), Number(form, "browsers", 0), Number(form, "browser-days", 0));

    /// <summary>0, which no limit may be, for what is no number.</summary>
    private static int Number(IFormCollection form, string name, int missing) =>
        !form.ContainsKey(name) ? missing : int.TryParse(form[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static async Task<IResult> ReleaseAsync([FromForm] Guid subject, [FromForm] Guid user, ReleaseHeld release, HttpContext http, Words words, CancellationToken ct)
    {
        var merged = await release.JoinAsync(subject, user, ct);
        new Toast(words["Both are one customer now"], words["Undo"], $"{CustomerRoutes.Of(merged.SubjectId)}/merges/{merged.MergeId}/undo").Send(http);
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> AllowAsync([FromForm] Guid subject, ReleaseHeld release, HttpContext http, Words words, CancellationToken ct)
    {
        await release.AllowAsync(subject, ct);
        new Toast(words["It counts as one person's from now on"]).Send(http);
        return Results.LocalRedirect(Path);
    }
}
