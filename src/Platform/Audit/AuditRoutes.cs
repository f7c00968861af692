using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Ui;

namespace Wellmet.Platform.Audit;

internal static class AuditRoutes
{
    public const string Path = "/console/settings/audit";

    public static void MapAudit(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, ShowAsync).RequirePermission(AccessPermissions.ReadAudit);
        app.MapPost(Path + "/verify", async (VerifyAudit verify, CancellationToken ct) =>
            Html.Page<AuditVerdictPage>(new { Verdict = await verify.RunAsync(ct) })).RequirePermission(AccessPermissions.ReadAudit);
    }

    private static async Task<IResult> ShowAsync([AsParameters] Filter filter, ListAudit list, StaffDirectory staff, CancellationToken ct)
    {
        var entries = await list.RunAsync(new(filter.Actor, filter.Action, filter.FromDay, filter.ToDay, filter.After), ct);
        var next = entries.Count == ListAudit.PageSize ? entries[^1].Id.ToString() : null;
        var names = await staff.NamesAsync([.. entries.SelectMany(e => new[] { IdIn(e.Actor), IdIn(e.Target) }).OfType<Guid>().Distinct()], ct);
        return Html.Page<AuditConsole>(new { Entries = entries, Names = names, Next = next, filter.Actor, filter.Action, filter.From, filter.To });
    }

    /// <summary>The id at the end of <c>staff:0199…</c>.</summary>
    internal static Guid? IdIn(string reference) => Guid.TryParse(reference.AsSpan(reference.IndexOf(':') + 1), out var id) ? id : null;

    /// <summary>Days are taken as text: an empty field is no filter, not a mistake.</summary>
    private sealed record Filter(string? Actor, string? Action, string? From, string? To, Guid? After)
    {
        public DateOnly? FromDay => Day(From);
        public DateOnly? ToDay => Day(To);

        private static DateOnly? Day(string? text) => string.IsNullOrWhiteSpace(text) ? null
            : DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) ? day
            : throw new ProblemException("day_invalid", "Enter a day like 2026-11-22.");
    }
}
