using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;
using Wellmet.Science.Lifecycles;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Lifecycles;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Console;

/// <summary>RFM and lifecycle in the console: the figures, who is behind each, and a segment of those.</summary>
internal static class LifecycleRoutes
{
    public const string Path = "/console/lifecycle", CustomersPath = Path + "/customers";

    private const int PageSize = 50;

    public static string CellPath(int recency, int value) => $"{CustomersPath}?of={recency}-{value}";

    public static string GroupPath(RfmGroup group) => $"{CustomersPath}?of={EnumText.Of(group)}";

    public static string StagePath(LifecycleStage stage) => $"{CustomersPath}?of=stage-{EnumText.Of(stage)}";

    public static void Map(IEndpointRouteBuilder app)
    {
        var read = app.MapGroup(Path).RequirePermission(SegmentsPermissions.Read);
        read.MapGet("", async (ReadScores scores, CancellationToken ct) => Html.Page<LifecyclePage>(new { Scoring = await scores.RunAsync(ct), History = await scores.StagesAsync(ct) }));
        read.MapGet("/customers", CustomersAsync);
        var edit = app.MapGroup(Path).RequirePermission(SegmentsPermissions.Edit);
        edit.MapPost("/score", async (AskForScores ask, HttpContext http, Words words, CancellationToken ct) =>
        {
            await ask.RunAsync(ct);
            new Toast(words["Everybody is being scored."]).Send(http);
            return Results.LocalRedirect(Path);
        });
        edit.MapPost("/segment", MakeSegmentAsync);
    }

    /// <param name="of">Which ones: a cell (<c>5-4</c>), a group (<c>champions</c>) or a stage (<c>stage-lost</c>).</param>
    private static async Task<IResult> CustomersAsync(string? of, string? after, string? before, ReadScores scores, CurrentActor actor, Words words, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Read);
        var chosen = ChosenCustomers.Of(of, words);
        var page = await scores.ListAsync(new(chosen.Stage, chosen.Cells, after, before, PageSize), ct);
        return Html.Page<LifecycleCustomers>(new { Chosen = chosen, Page = page, (await scores.RunAsync(ct)).Figures?.Currency });
    }

    /// <summary>Used twice, it leads to the segment that it made.</summary>
    private static async Task<IResult> MakeSegmentAsync([FromForm] string? of, ListSegments list, SaveSegment save, Words words, CancellationToken ct)
    {
        var chosen = ChosenCustomers.Of(of, words);
        var there = (await list.RunAsync(archived: false, ct)).FirstOrDefault(s => s.Name.Equals(chosen.Name, StringComparison.OrdinalIgnoreCase));
        return Results.LocalRedirect(SegmentRoutes.Of(there?.SegmentId ?? await save.RunAsync(null, new SegmentDraft(chosen.Name, words["From RFM and lifecycle"], chosen.Rule), ct)));
    }
}

/// <summary>Those whom a figure counts.</summary>
/// <param name="Key">As addresses name them.</param>
/// <param name="Rule">That holds of them as segments ask it.</param>
public sealed record ChosenCustomers(string Key, string Name, LifecycleStage? Stage, IReadOnlyList<int>? Cells, Rule Rule)
{
    /// <exception cref="ProblemException"><c>score_unknown</c> (404).</exception>
    public static ChosenCustomers Of(string? key, Words words)
    {
        var text = key ?? "";
        if (text.StartsWith("stage-", StringComparison.Ordinal) && EnumText.TryRead<LifecycleStage>(text[6..], out var stage))
        {
            return new(text, words["Lifecycle: {0}", LifecycleWords.Of(stage, words)], stage, null, Is(CustomerScore.StageTrait, FactValue.Of(EnumText.Of(stage))));
        }
        if (EnumText.TryRead<RfmGroup>(text, out var group))
        {
            var cells = Enumerable.Range(1, QuantileScores.Highest).SelectMany(r => Enumerable.Range(1, QuantileScores.Highest).Where(v => RfmGroups.Of(r, v) == group).Select(v => r * 10 + v));
            return new(text, words["RFM: {0}", LifecycleWords.Of(group, words)], null, [.. cells], Is(CustomerScore.GroupTrait, FactValue.Of(EnumText.Of(group))));
        }
        if (text is [>= '1' and <= '5' and var r, '-', >= '1' and <= '5' and var v])
        {
            var (recency, value) = (r - '0', v - '0');
            return new(text, words["RFM: recency {0}, value {1}", recency.ToString(CultureInfo.InvariantCulture), value.ToString(CultureInfo.InvariantCulture)], null, [recency * 10 + value],
                new AllOf([Is(CustomerScore.RecencyTrait, FactValue.Of((decimal)recency)), Is(CustomerScore.ValueTrait, FactValue.Of((decimal)value))]));
        }
        throw new ProblemException("score_unknown", "There is no such group of customers.", 404);
    }

    private static Trait Is(string trait, FactValue value) => new(trait, new Test(TestOperator.Is, [value]));
}
