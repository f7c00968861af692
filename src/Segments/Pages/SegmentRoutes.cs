using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Ui;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Pages;

/// <summary>The pages of segments.</summary>
[Uses(Purpose.Service, "shows staff who belongs to a segment; the file asks")]
internal static class SegmentRoutes
{
    public const string Path = "/console/segments", Preview = Path + "/preview";

    private const int PageSize = 50;

    public static string Of(Guid segment) => $"{Path}/{segment}";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async (string? archived, ListSegments list, CancellationToken ct) =>
            Html.Page<SegmentsConsole>(new { Segments = await list.RunAsync(archived is not null, ct), Archived = archived is not null })).RequirePermission(SegmentsPermissions.Read);
        app.MapPost(Path + "/templates/{code}", FromTemplateAsync).RequirePermission(SegmentsPermissions.Edit);
        app.MapGet(Path + "/new", () => Html.Page<SegmentEditor>(new { Draft = new SegmentForm("", "", """{"did":"Order Placed","window":{"last":"30d"}}""", null) })).RequirePermission(SegmentsPermissions.Edit);
        app.MapPost(Path + "/new", (SegmentForms forms, [AsParameters] SegmentForm form, HttpContext http, CancellationToken ct) => forms.SaveAsync(null, form, http, ct)).RequirePermission(SegmentsPermissions.Edit);
        app.MapPost(Preview, (SegmentForms forms, [AsParameters] SegmentForm form, CancellationToken ct) => forms.PreviewAsync(form, ct)).RequirePermission(SegmentsPermissions.Edit);
        app.MapGet(Path + "/{segment:guid}", ShowAsync).RequirePermission(SegmentsPermissions.Read);
        app.MapGet(Path + "/{segment:guid}/members.csv", (Guid segment, ExportMembers export, CancellationToken ct) =>
            Results.Stream(stream => export.RunAsync(segment, stream, ct), "text/csv; charset=utf-8", "segment.csv")).RequirePermission(CustomersPermissions.Export);
        app.MapGet(Path + "/{segment:guid}/edit", EditAsync).RequirePermission(SegmentsPermissions.Edit);
        app.MapPost(Path + "/{segment:guid}/edit", (SegmentForms forms, Guid segment, [AsParameters] SegmentForm form, HttpContext http, CancellationToken ct) => forms.SaveAsync(segment, form, http, ct)).RequirePermission(SegmentsPermissions.Edit);
        app.MapGet(Path + "/{segment:guid}/why", WhyAsync).RequirePermission(SegmentsPermissions.Read);
        app.MapPost(Path + "/{segment:guid}/archive", (Guid segment, ArchiveSegment archive, HttpContext http, Words words, CancellationToken ct) => ArchiveAsync(segment, true, archive, http, words, ct)).RequirePermission(SegmentsPermissions.Edit);
        app.MapPost(Path + "/{segment:guid}/restore", (Guid segment, ArchiveSegment archive, HttpContext http, Words words, CancellationToken ct) => ArchiveAsync(segment, false, archive, http, words, ct)).RequirePermission(SegmentsPermissions.Edit);
    }

    private static async Task<IResult> FromTemplateAsync(string code, SaveSegment save, ListSegments list, Words words, HttpContext http, CancellationToken ct)
    {
        var template = SegmentTemplate.All(words).FirstOrDefault(t => t.Code == code) ?? throw SaveSegment.Missing();
        // A second click finds what the first one made.
        var known = (await list.RunAsync(false, ct)).FirstOrDefault(s => string.Equals(s.Name, template.Name, StringComparison.OrdinalIgnoreCase));
        var id = known?.SegmentId ?? await save.RunAsync(null, new SegmentDraft(template.Name, template.Description, RuleJson.Read(template.Rule)), ct);
        if (known is null)
        {
            new Toast(words["The segment is made; everybody is being asked"]).Send(http);
        }
        return Results.LocalRedirect(Of(id));
    }

    private static async Task<IResult> ShowAsync(Guid segment, string? after, string? before, ListSegments list, ListMembers members, CancellationToken ct)
    {
        var row = await list.OneAsync(segment, ct) ?? throw SaveSegment.Missing();
        return Html.Page<SegmentConsole>(new { Segment = row, Names = await NamesAsync(list, ct), Members = await members.RunAsync(segment, after, before, PageSize, ct), Sizes = await members.SizesAsync(segment, ct) });
    }

    private static async Task<IResult> EditAsync(Guid segment, ListSegments list, CancellationToken ct)
    {
        var row = await list.OneAsync(segment, ct) ?? throw SaveSegment.Missing();
        return Html.Page<SegmentEditor>(new { SegmentId = (Guid?)segment, Draft = new SegmentForm(row.Name, row.Description, RuleJson.Write(row.Rule), row.Visitors ? "true" : null) });
    }

    /// <param name="at">A moment of the past in UTC; null for now.</param>
    private static async Task<IResult> WhyAsync(Guid segment, Guid? customer, string? at, ListSegments list, ExplainMembership explain, ICustomers customers, CancellationToken ct)
    {
        var row = await list.OneAsync(segment, ct) ?? throw SaveSegment.Missing();
        DateTimeOffset? when = string.IsNullOrWhiteSpace(at) ? null
            : DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : throw new ProblemException("time_unknown", "Write the moment as 2026-11-27 09:00.") { Parameter = "at" };
        var why = customer is { } who ? await explain.RunAsync(segment, who, when, ct) : null;
        var label = customer is { } asked ? (await customers.LabelsAsync([asked], ct)).GetValueOrDefault(asked)?.Label : null;
        return Html.Page<WhyConsole>(new { Segment = row, Names = await NamesAsync(list, ct), CustomerId = customer, Label = label, At = when, Why = why });
    }

    internal static async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(ListSegments list, CancellationToken ct) => (await list.RunAsync(false, ct)).ToDictionary(s => s.SegmentId, s => s.Name);

    private static async Task<IResult> ArchiveAsync(Guid segment, bool archived, ArchiveSegment archive, HttpContext http, Words words, CancellationToken ct)
    {
        await archive.RunAsync(segment, archived, ct);
        (archived ? new Toast(words["The segment is archived"], words["Undo"], Of(segment) + "/restore") : new Toast(words["The segment is in force again"])).Send(http);
        return Results.LocalRedirect(archived ? Path : Of(segment));
    }
}

/// <summary>What the editor's form holds.</summary>
/// <param name="Rule">As JSON.</param>
public sealed record SegmentForm([FromForm] string? Name, [FromForm] string? Description, [FromForm] string? Rule, [FromForm] string? Visitors);

/// <summary>Takes the editor's form.</summary>
internal sealed class SegmentForms(SaveSegment save, PreviewRule preview, ListSegments list, ICustomers customers, Words words)
{
    public async Task<IResult> SaveAsync(Guid? segment, SegmentForm form, HttpContext http, CancellationToken ct)
    {
        try
        {
            var id = await save.RunAsync(segment, new SegmentDraft(form.Name ?? "", form.Description ?? "", RuleJson.Read(form.Rule ?? ""), form.Visitors is not null), ct);
            new Toast(words["Saved; everybody is being asked"]).Send(http);
            return Results.LocalRedirect(SegmentRoutes.Of(id));
        }
        catch (ProblemException problem) when (problem.Status is StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict)
        {
            return Html.Page<SegmentEditor>(new { SegmentId = segment, Draft = form, Error = words.Problem(problem) }, problem.Status);
        }
    }

    public async Task<IResult> PreviewAsync(SegmentForm form, CancellationToken ct)
    {
        try
        {
            var rule = RuleJson.Read(form.Rule ?? "");
            var found = await preview.RunAsync(rule, form.Visitors is not null, ct);
            return Html.Part<SegmentPreview>(new { Rule = rule, Found = found, Names = await SegmentRoutes.NamesAsync(list, ct), Labels = await customers.LabelsAsync([.. found.Examples], ct) });
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status400BadRequest)
        {
            // Shown in the preview's place; htmx swaps nothing for another status.
            return Html.Part<SegmentPreview>(new { Error = words.Problem(problem) });
        }
    }
}
