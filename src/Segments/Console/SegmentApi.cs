using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Idempotency;
using Wellmet.Platform.Ui;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Lists;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Console;

/// <summary>Segments for programs: <c>/v1/segments</c>.</summary>
internal static class SegmentApi
{
    private const string Path = "/v1/segments";

    private static readonly ApiParameter<Guid?> Id = ApiParameter.Id("id", "The segment's id.") with { InPath = true };
    private static readonly ApiParameter<Guid?> Customer = ApiParameter.Id("customer", "The customer's id, or that of any of its subjects.");
    private static readonly ApiParameter<DateTimeOffset?> At = ApiParameter.Time("at", "A moment of the past; now where it is left out.");

    private static readonly Guid Example = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8070"), Ann = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");
    private static readonly DateTimeOffset Then = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);
    private static readonly ApiProblem Unknown = new("segment_missing", 404, "There is no such segment.");

    private static readonly ApiProblem[] ListProblems =
    [
        new("json_unexpected", 400, "The body has a field that is not known, or a value that does not fit; `detail` says where."),
        new("list_members_many", 400, "There is no customer, or more than 1,000."), new("list_missing", 404, "There is no such list; a segment by rule is none."), new("list_archived", 409, "The list is archived."),
    ];

    private static readonly ApiOperation List = new("list_segments", ApiGroups.Customers, "List segments", "All segments in force with their size, by name.")
    {
        Answer = ApiContent.Of(new SegmentList([new(Example, "Big spenders", "", 311, 0.072, "live", SegmentKind.Rule)])),
    };

    private static readonly ApiOperation Members = new("list_segment_members", ApiGroups.Customers, "List the customers of a segment",
        "Who belongs now, the latest who came first, page by page. A membership is a fact about a person; before you act on it, ask what their data may be used for.")
    {
        Parameters = [Id, ApiParameter.Limit, ApiParameter.Cursor],
        Answer = ApiContent.Of(new ApiPage<SegmentMemberItem>([new(Ann, Then)], null)),
        Problems = [Unknown],
    };

    private static readonly ApiOperation Why = new("explain_membership", ApiGroups.Customers, "Explain why a customer belongs to a segment",
        "Whether the rule holds of the customer, now or at a moment of the past, and of each part what it found: the same rule, asked of the same facts, that decides who belongs.")
    {
        Parameters = [Id, Customer, At],
        Answer = ApiContent.Of(new WhyAnswer(Ann, Then, 1, true, Then, [new(0, "net in sum at least 500", true, 612.4m, null, [Then], null)])),
        Problems = [Unknown, new("customer_unknown", 404, "There was no such customer at that moment.")],
    };

    private static readonly ApiOperation Add = new("add_list_members", ApiGroups.Customers, "Put customers on a list",
        "By the ids of customers or of any of their subjects, up to 1,000. It holds when the answer comes. Whoever is on the list already stays; ids of nobody are told. Segments by rule take nobody in by hand.")
    {
        Parameters = [Id],
        Body = ApiContent.Of(new ListMembersBody([Ann])),
        Answer = ApiContent.Of(new ListMembersAnswer([Ann], [])),
        Problems = ListProblems,
    };

    private static readonly ApiOperation Remove = new("remove_list_members", ApiGroups.Customers, "Take customers off a list", "Likewise. Whoever is not on the list is left as they are.")
    {
        Parameters = [Id],
        Body = ApiContent.Of(new ListMembersBody([Ann])),
        Answer = ApiContent.Of(new ListMembersAnswer([Ann], [])),
        Problems = ListProblems,
    };

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost(Path + "/{id}/members", (HttpRequest request, ApiQuery query, IOptions<JsonOptions> json, ChangeList change, CancellationToken ct) => ChangeAsync(on: true, request, query, json, change, ct))
            .RequireKey(SegmentsPermissions.Edit).RequireIdempotencyKey().Describe(Add);
        app.MapDelete(Path + "/{id}/members", (HttpRequest request, ApiQuery query, IOptions<JsonOptions> json, ChangeList change, CancellationToken ct) => ChangeAsync(on: false, request, query, json, change, ct))
            .RequireKey(SegmentsPermissions.Edit).RequireIdempotencyKey().Describe(Remove);
        app.MapGet(Path, async (ApiQuery _, ListSegments list, CancellationToken ct) => Results.Json(new SegmentList([.. (await list.RunAsync(false, ct)).Select(s =>
            new SegmentItem(s.SegmentId, s.Name, s.Description, s.Size, s.Share is { } share ? Math.Round(share, 4) : null, Platform.Storage.EnumText.Of(s.State), s.Kind))])))
            .RequirePermission(SegmentsPermissions.Read).AcceptKeys().Describe(List);
        app.MapGet(Path + "/{id}/members", MembersAsync).RequirePermission(SegmentsPermissions.Read).AcceptKeys().Describe(Members);
        app.MapGet(Path + "/{id}/why", WhyAsync).RequirePermission(SegmentsPermissions.Read).AcceptKeys().Describe(Why);
    }

    private static async Task<IResult> MembersAsync(ApiQuery query, ListSegments list, ListMembers members, CancellationToken ct)
    {
        var segment = await list.OneAsync(query.Read(Id)!.Value, ct) ?? throw SaveSegment.Missing();
        var page = await members.RunAsync(segment.SegmentId, query.Place(), null, query.Read(ApiParameter.Limit), ct);
        return Results.Json(query.Page([.. page.Rows.Select(m => new SegmentMemberItem(m.CustomerId, m.EnteredAt))], page.Next));
    }

    private static async Task<IResult> ChangeAsync(bool on, HttpRequest request, ApiQuery query, IOptions<JsonOptions> json, ChangeList change, CancellationToken ct)
    {
        var body = await ApiBody.ReadAsync<ListMembersBody>(request.Body, json.Value.SerializerOptions, ct);
        var result = await change.RunAsync(query.Read(Id)!.Value, body.Customers, on, "api", ct);
        return Results.Json(new ListMembersAnswer(result.Changed, result.Unknown));
    }

    private static async Task<IResult> WhyAsync(ApiQuery query, ListSegments list, ExplainMembership explain, Words words, Viewer viewer, CancellationToken ct)
    {
        var segment = await list.OneAsync(query.Read(Id)!.Value, ct) ?? throw SaveSegment.Missing();
        var customer = query.Read(Customer) ?? throw new Platform.ProblemException("parameter_malformed", "The parameter {0} is not an id.", 400, Customer.Name) { Parameter = Customer.Name };
        var why = await explain.RunAsync(segment.SegmentId, customer, query.Read(At), ct) ?? throw new Platform.ProblemException("customer_unknown", "This customer does not exist, or was erased.", 404);
        var texts = new RuleWords(words, viewer, await SegmentRoutes.NamesAsync(list, ct));
        return Results.Json(new WhyAnswer(why.CustomerId, why.At, why.Version, why.Why.Holds, why.Since, [.. PartsOf(why.Why, texts, 0)]));
    }

    private static IEnumerable<WhyPart> PartsOf(Explanation why, RuleWords texts, int level) =>
        why.Children.SelectMany(c => PartsOf(c, texts, level + 1)).Prepend(new WhyPart(level, texts.Line(why.Rule), why.Holds, why.Measured, why.Value, why.When, why.ChangesAt));
}

/// <param name="Share">Of all who could belong when everybody was asked last, 0 to 1.</param>
/// <param name="State">live, or filling while everybody is being asked.</param>
/// <param name="Kind">By what somebody belongs: a rule, or because they were put on the list.</param>
internal sealed record SegmentItem(Guid Id, string Name, string Description, long Size, double? Share, string State, SegmentKind Kind);

/// <param name="Customers">Ids of customers, or of any of their subjects.</param>
internal sealed record ListMembersBody(IReadOnlyList<Guid> Customers);

/// <param name="Changed">Customers who were put on the list, or taken off it.</param>
/// <param name="Unknown">Ids of nobody, or of somebody who was erased.</param>
internal sealed record ListMembersAnswer(IReadOnlyList<Guid> Changed, IReadOnlyList<Guid> Unknown);

internal sealed record SegmentList(IReadOnlyList<SegmentItem> Segments);

internal sealed record SegmentMemberItem(Guid CustomerId, DateTimeOffset Since);

/// <param name="Version">Of the rule that was in force.</param>
/// <param name="Since">From when on the customer belonged; null where they did not.</param>
/// <param name="Why">The rule and its parts, each before its own parts.</param>
internal sealed record WhyAnswer(Guid CustomerId, DateTimeOffset At, int Version, bool Belongs, DateTimeOffset? Since, IReadOnlyList<WhyPart> Why);

/// <param name="Level">0 is the rule itself, 1 its parts, and so on.</param>
/// <param name="Text">The part of the rule, in the language of <c>Accept-Language</c>.</param>
/// <param name="Found">What was counted or added up.</param>
/// <param name="Value">What is known of the person.</param>
/// <param name="When">The latest facts that count, the latest first.</param>
/// <param name="ChangesAt">When time alone may change it.</param>
internal sealed record WhyPart(int Level, string Text, bool Holds, decimal? Found, string? Value, IReadOnlyList<DateTimeOffset> When, DateTimeOffset? ChangesAt);
