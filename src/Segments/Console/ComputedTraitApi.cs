using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Ui;
using Wellmet.Science.Lifecycles;
using Wellmet.Segments.ComputedTraits;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Lifecycles;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Console;

/// <summary>Computed traits for programs: <c>/v1/computed-traits</c>, and what they and the last scoring say of a customer.</summary>
internal static class ComputedTraitApi
{
    private const string Path = "/v1/computed-traits";

    private static readonly ApiParameter<Guid?> Customer = ApiParameter.Id("customer", "Id of the customer, or of any of its subjects.");

    private static readonly Guid Example = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8071"), Ann = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");
    private static readonly DateTimeOffset Then = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);

    private static readonly ApiOperation List = new("list_computed_traits", ApiGroups.Customers, "List computed traits", "All computed traits in force, by name, with how each is worked out.")
    {
        Answer = ApiContent.Of(new ComputedTraitList([new(Example, "Spent this year", "", "Sum of net, placed orders, in the last 365 days", 1, [])])),
    };

    private static readonly ApiOperation Values = new("read_computed_traits", ApiGroups.Customers, "Read a customer's computed traits",
        "What each computed trait says of the customer now, worked out when it is asked; and how the last daily scoring found them: the stage of the lifecycle, and recency, frequency and monetary value from 1 to 5. "
        + "Of somebody who was not scored yet `scores` is null. Before you act on it, ask what their data may be used for.")
    {
        Parameters = [Customer],
        Answer = ApiContent.Of(new TraitValuesAnswer(Ann, [new(Example, "Spent this year", 612.4m, null, 5, [Then], Then.AddDays(365))], new(LifecycleStage.Active, 32.5, Then, 5, 4, 5, RfmGroup.Champions))),
    };

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async (ApiQuery _, ListComputedTraits list, Words words, Viewer viewer, CancellationToken ct) => Results.Json(new ComputedTraitList([.. (await list.RunAsync(false, ct)).Select(t =>
            new ComputedTraitItem(t.TraitId, t.Name, t.Description, TextsOf(words, viewer).Line(t.Formula), t.Version, [.. t.UsedBy.Select(u => u.SegmentId)]))])))
            .RequirePermission(SegmentsPermissions.Read).AcceptKeys().Describe(List);
        app.MapGet(Path + "/values", ValuesAsync).RequirePermission(SegmentsPermissions.Read).AcceptKeys().Describe(Values);
    }

    private static RuleWords TextsOf(Words words, Viewer viewer) => new(words, viewer, new Dictionary<Guid, string>());

    private static async Task<IResult> ValuesAsync(ApiQuery query, ComputeTraits compute, ReadScores scores, CancellationToken ct)
    {
        var customer = query.Read(Customer) ?? throw new ProblemException("parameter_malformed", "The parameter {0} is not an id.", 400, Customer.Name) { Parameter = Customer.Name };
        var values = await compute.RunAsync(customer, ct);
        var score = await scores.OneAsync(customer, ct);
        return Results.Json(new TraitValuesAnswer(score?.CustomerId ?? customer, [.. values.Select(v => new TraitValueItem(v.Trait.TraitId, v.Trait.Name, v.Computed.Value?.Number, v.Computed.Value is { Number: null } said ? said.ToString() : null,
            v.Computed.Facts, [.. v.Computed.When.Select(Fact.Time)], v.Computed.ChangesAt == Verdict.Never ? null : Fact.Time(v.Computed.ChangesAt)))],
            score is null ? null : new ScoreItem(score.Stage, score.RhythmDays is { } rhythm ? Math.Round(rhythm, 1) : null, score.LastOrderAt, score.Recency, score.Frequency, score.Monetary, score.Group)));
    }
}

/// <param name="Text">How it is worked out, in the language of <c>Accept-Language</c>.</param>
/// <param name="UsedBy">Segments in force that ask it.</param>
internal sealed record ComputedTraitItem(Guid Id, string Name, string Description, string Text, int Version, IReadOnlyList<Guid> UsedBy);

internal sealed record ComputedTraitList(IReadOnlyList<ComputedTraitItem> ComputedTraits);

/// <param name="Number">The value where it is a number.</param>
/// <param name="Value">The value where it is a text or a time.</param>
/// <param name="Facts">How many facts it rests on.</param>
/// <param name="When">The latest of them, the latest first.</param>
/// <param name="ChangesAt">When time alone may change it.</param>
internal sealed record TraitValueItem(Guid Id, string Name, decimal? Number, string? Value, int Facts, IReadOnlyList<DateTimeOffset> When, DateTimeOffset? ChangesAt);

/// <param name="UsualDays">Days that usually pass until their next purchase.</param>
internal sealed record ScoreItem(LifecycleStage Stage, double? UsualDays, DateTimeOffset? LastOrderAt, int? Recency, int? Frequency, int? Monetary, RfmGroup? Group);

internal sealed record TraitValuesAnswer(Guid CustomerId, IReadOnlyList<TraitValueItem> Values, ScoreItem? Scores);
