using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access.SecondFactors;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;

namespace Wellmet.Platform.Access.Staff;

internal static class StaffRoutes
{
    public const string Path = "/console/settings/staff", SecondFactor = Path + "/second-factor";

    public static void MapStaff(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async (ListStaff list, CancellationToken ct) => Html.Page<StaffConsole>(new { Staff = await list.RunAsync(ct) }))
            .RequirePermission(AccessPermissions.ReadStaff);
        app.MapGet(Path + "/new", () => Html.Page<InvitePage>()).RequirePermission(AccessPermissions.ManageStaff).RequireRecentSignIn();
        app.MapPost(Path, InviteAsync).RequirePermission(AccessPermissions.ManageStaff).RequireRecentSignIn();
        app.MapGet(Path + "/{id:guid}", ShowAsync).RequirePermission(AccessPermissions.ManageStaff).RequireRecentSignIn();
        app.MapPost(Path + "/{id:guid}/role", ChangeRoleAsync).RequirePermission(AccessPermissions.ManageStaff).RequireRecentSignIn();
        app.MapPost(Path + "/{id:guid}/link", LinkAsync).RequirePermission(AccessPermissions.ManageStaff).RequireRecentSignIn();
        app.MapPost(Path + "/{id:guid}/deactivate", DeactivateAsync).RequirePermission(AccessPermissions.ManageStaff).RequireRecentSignIn();
        app.MapPost(Path + "/{id:guid}/activate", ActivateAsync).RequirePermission(AccessPermissions.ManageStaff).RequireRecentSignIn();
        app.MapPost(Path + "/{id:guid}/release", ReleaseAsync).RequirePermission(AccessPermissions.ManageStaff).RequireRecentSignIn();
        app.MapPost(Path + "/{id:guid}/sign-out", SignOutAsync).RequirePermission(AccessPermissions.ManageStaff).RequireRecentSignIn();
        app.MapGet(SecondFactor, async (SecondFactorRule rule, CancellationToken ct) => Html.Page<SecondFactorPage>(new { On = await rule.IsOnAsync(ct) }))
            .RequirePermission(AccessPermissions.ManageStaff).RequireRecentSignIn();
        app.MapPost(SecondFactor, DemandSecondFactorAsync).RequirePermission(AccessPermissions.ManageStaff).RequireRecentSignIn();
    }

    private static async Task<IResult> InviteAsync([FromForm] string? name, [FromForm] string? role, InviteStaff invite, Words words, CancellationToken ct)
    {
        try
        {
            var answer = await invite.RunAsync(new(DemandRole(role), name), ct);
            return Html.Page<StaffLinkPage>(new { answer.Link, Life = SignInLinks.Invitation });
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status400BadRequest)
        {
            return Html.Page<InvitePage>(new { Name = name, Role = role, Error = words.Problem(problem) }, problem.Status);
        }
    }

    private static async Task<IResult> ShowAsync(Guid id, ListStaff list, CancellationToken ct)
    {
        var member = (await list.RunAsync(ct)).FirstOrDefault(s => s.Id == id) ?? throw new ProblemException("staff_unknown", "There is no such member of staff.", 404);
        return Html.Page<StaffPage>(new { Member = member });
    }

    private static async Task<IResult> ChangeRoleAsync(Guid id, [FromForm] string? role, [FromForm] string? reason, ChangeRole change, HttpContext http, Words words, CancellationToken ct)
    {
        await change.RunAsync(new(id, DemandRole(role), string.IsNullOrWhiteSpace(reason) ? null : reason.Trim()), ct);
        new Toast(words["The role is changed. Their sessions have ended."]).Send(http);
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> LinkAsync(Guid id, [FromForm] bool? forget, CreateSignInLink create, CancellationToken ct) =>
        Html.Page<StaffLinkPage>(new { Link = await create.RunAsync(new(id, forget == true), ct), Life = SignInLinks.LostPassword });

    private static async Task<IResult> DeactivateAsync(Guid id, [FromForm] string? reason, DeactivateStaff deactivate, HttpContext http, Words words, CancellationToken ct)
    {
        await deactivate.RunAsync(new(id, string.IsNullOrWhiteSpace(reason) ? null : reason.Trim()), ct);
        new Toast(words["They cannot sign in any more."], words["Undo"], $"{Path}/{id}/activate").Send(http);
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> ActivateAsync(Guid id, ActivateStaff activate, HttpContext http, Words words, CancellationToken ct)
    {
        await activate.RunAsync(id, ct);
        new Toast(words["They can sign in again."]).Send(http);
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> ReleaseAsync(Guid id, ReleaseSignIn release, HttpContext http, Words words, CancellationToken ct)
    {
        await release.RunAsync(id, ct);
        new Toast(words["They can try again now."]).Send(http);
        return Results.LocalRedirect($"{Path}/{id}");
    }

    private static async Task<IResult> SignOutAsync(Guid id, EndSessionsOf end, HttpContext http, Words words, CancellationToken ct)
    {
        new Toast(words.Count(await end.RunAsync(id, ct), "{0} session has ended.", "{0} sessions have ended.")).Send(http);
        return Results.LocalRedirect($"{Path}/{id}");
    }

    private static async Task<IResult> DemandSecondFactorAsync([FromForm] bool? on, DemandSecondFactor demand, HttpContext http, Words words, CancellationToken ct)
    {
        await demand.RunAsync(on == true, ct);
        new Toast(words["Saved"]).Send(http);
        return Results.LocalRedirect(Path);
    }

    private static Role DemandRole(string? role) => Enum.GetValues<Role>().Where(r => EnumText.Of(r) == role).Select(r => (Role?)r).FirstOrDefault()
        ?? throw new ProblemException("role_unknown", "Choose a role.");
}
