using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Definitions;

namespace Wellmet.Segments.Console;

/// <summary>Segments in the console: the list, a segment with its members, and why somebody belongs.</summary>
internal static class SegmentRoutes
{
    public const string Path = "/console/segments";

    public static string Of(Guid segmentId) => $"{Path}/{segmentId}";

    public static void Map(IEndpointRouteBuilder app)
    {
        var read = app.MapGroup(Path).RequirePermission(SegmentsPermissions.Read);
        read.MapGet("", async (bool? archived, ListSegments list, CancellationToken ct) =>
            Html.Page<SegmentsConsole>(new { Segments = await list.RunAsync(archived is true, ct), Archived = archived is true }));
        read.MapGet("/list", async (bool? archived, ListSegments list, CancellationToken ct) =>
            Html.Part<SegmentsList>(new { Segments = await list.RunAsync(archived is true, ct), Archived = archived is true }));
        read.MapGet("/{id:guid}", (Guid id, string? after, string? before, SegmentView view, CancellationToken ct) => view.PageAsync(id, after, before, null, StatusCodes.Status200OK, ct));
        read.MapGet("/{id:guid}/why", WhyAsync);
        app.MapGet(Path + "/{id:guid}/members.csv", (Guid id, ListMembers members, CancellationToken ct) =>
            Results.Stream(stream => members.ExportAsync(id, stream, ct), "text/csv; charset=utf-8", "segment.csv")).RequirePermission(CustomersPermissions.Export);
        var edit = app.MapGroup(Path).RequirePermission(SegmentsPermissions.Edit);
        edit.MapPost("/templates/{key}", UseTemplateAsync);
        edit.MapPost("/{id:guid}/archive", ArchiveAsync);
        edit.MapPost("/{id:guid}/restore", RestoreAsync);
    }

    internal static async Task<SegmentRow> OneAsync(ListSegments list, Guid id, CancellationToken ct) => await list.OneAsync(id, ct) ?? throw SaveSegment.Missing();

    /// <summary>What rules call the segments and computed traits that they name.</summary>
    internal static async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(ListSegments list, CancellationToken ct) =>
        (await list.RunAsync(archived: false, ct)).Select(s => (Id: s.SegmentId, s.Name)).Concat((await list.TraitNamesAsync(ct)).Select(t => (Id: t.Key, Name: t.Value))).ToDictionary(n => n.Id, n => n.Name);

    /// <param name="customer">Id of a customer.</param>
    /// <param name="q">Or the beginning of their name, e-mail address or number.</param>
    /// <param name="at">A moment of the past in the viewer's time zone, as the browser's picker writes it; empty for now.</param>
    private static async Task<IResult> WhyAsync(Guid id, Guid? customer, string? q, string? at, ListSegments list, CurrentActor actor, Viewer viewer, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Read);
        var segment = await OneAsync(list, id, ct);
        var moment = MomentOf(at, viewer.TimeZone);
        return Html.Page<WhyPage>(new
        {
            Segment = segment, Asked = customer, Query = q, At = moment is null ? null : at, Moment = moment,
            Names = await NamesAsync(list, ct),
        });
    }

    private static DateTimeOffset? MomentOf(string? text, TimeZoneInfo zone) =>
        DateTime.TryParseExact(text, ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is >= 1970 and < 2200
            ? new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime() : null;

    /// <summary>Used twice, it leads to the segment that it made, whatever that is called now and in whichever language it was made.</summary>
    private static async Task<IResult> UseTemplateAsync(string key, ListSegments list, SaveSegment save, HttpContext http, Words words, CancellationToken ct)
    {
        var template = SegmentTemplates.All(words).FirstOrDefault(t => t.Key == key) ?? throw SaveSegment.Missing();
        var there = (await list.RunAsync(archived: false, ct)).FirstOrDefault(s => s.Template == key || s.Name.Equals(template.Name, StringComparison.OrdinalIgnoreCase));
        var id = there?.SegmentId ?? await save.RunAsync(null, new SegmentDraft(template.Name, template.Description, template.Rule) { Template = key }, ct);
        new Toast(there is null ? words["The segment was made. Change its rule as you like."] : words["There is this segment already."]).Send(http);
        return Results.LocalRedirect(Of(id));
    }

    /// <param name="even">Although others name it.</param>
    private static async Task<IResult> ArchiveAsync(Guid id, [FromForm] bool? even, ArchiveSegment archive, ListSegments list, HttpContext http, Words words, CancellationToken ct)
    {
        try
        {
            await archive.RunAsync(id, archived: true, ct, even is true);
        }
        catch (ProblemException problem) when (problem.Code == "segment_named")
        {
            return Html.Page<ArchiveNamed>(new { Segment = await OneAsync(list, id, ct), Named = await list.NamedByAsync(id, ct) }, problem.Status);
        }
        new Toast(words["Archived"], words["Undo"], Of(id) + "/restore").Send(http);
        return Results.LocalRedirect(Of(id));
    }

    private static async Task<IResult> RestoreAsync(Guid id, ArchiveSegment archive, HttpContext http, Words words, CancellationToken ct)
    {
        await archive.RunAsync(id, archived: false, ct);
        new Toast(words["It is in force again."]).Send(http);
        return Results.LocalRedirect(Of(id));
    }
}
