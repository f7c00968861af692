using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Idempotency;

namespace Wellmet.Customers.Schema;

/// <summary>The shop's own traits for programs: <c>/v1/traits</c>.</summary>
internal static class TraitApi
{
    private static readonly TraitAnswer Tier = new("loyalty_tier", "Loyalty tier", true, TraitType.Text, TraitTelling.Clear, [TraitSource.Shop, TraitSource.Import, TraitSource.Staff], TraitRule.Trusted, false, 1250);

    private static readonly ApiOperation List = new("list_traits", ApiGroups.Customers, "List traits",
        "The traits that the shop defined, and those that are said of customers without a definition (`defined` is false): these are kept sealed, and their `type` means nothing.")
    {
        Answer = ApiContent.Of(new TraitList([Tier, new("shoe_size", "shoe_size", false, TraitType.Text, TraitTelling.Sealed, [.. Enum.GetValues<TraitSource>()], TraitRule.Trusted, false, 12)])),
    };

    private static readonly ApiOperation Define = new("define_trait", ApiGroups.Customers, "Define a trait",
        "Defines a trait, or changes its definition; a field that is left out has its default. Values that stand already follow in the background: with `telling` `clear` they are told to segments, with `sealed` they are taken back.")
    {
        Body = ApiContent.Of(new TraitBody("loyalty_tier", "Loyalty tier", TraitType.Text, TraitTelling.Clear, [TraitSource.Shop, TraitSource.Import, TraitSource.Staff])),
        Answer = ApiContent.Of(new DefinedAnswer("loyalty_tier", true)),
        Problems =
        [
            new("json_unexpected", 400, "The body has a field that is not known, or a value that does not fit; `detail` says where."),
            new("trait_name_invalid", 400, "Not lower-case letters, digits and underscores, beginning with a letter, at most 60."), new("trait_name_taken", 400, "The name means something else already, such as `email`."),
            new("trait_label_invalid", 400, "No label, or one of more than 100 characters."), new("trait_telling_invalid", 400, "`month_and_day` of something that is no date."),
            new("trait_rule_invalid", 400, "`highest` or `lowest` of something that is neither number nor date."), new("trait_sources_missing", 400, "Nobody may say the trait."),
            new("traits_many", 409, "200 traits are defined already."),
        ],
    };

    public static void MapTraitApi(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/traits", async (ApiQuery _, ListTraits list, CancellationToken ct) =>
        {
            var traits = await list.RunAsync(ct);
            return Results.Json(new TraitList([.. traits.Defined.Concat(traits.Seen).Select(TraitAnswer.Of)]));
        }).RequirePermission(CustomersPermissions.Read).AcceptKeys().Describe(List);
        app.MapPost("/v1/traits", async (HttpRequest request, IOptions<JsonOptions> json, DefineTrait define, CancellationToken ct) =>
        {
            var body = await ApiBody.ReadAsync<TraitBody>(request.Body, json.Value.SerializerOptions, ct);
            return Results.Json(new DefinedAnswer(body.Name, await define.RunAsync(body.Definition, ct)));
        }).RequireKey(CustomersPermissions.DefineTraits).RequireIdempotencyKey().Describe(Define);
    }
}

/// <param name="Traits">The defined ones first.</param>
internal sealed record TraitList(IReadOnlyList<TraitAnswer> Traits);

/// <summary>A trait in the API.</summary>
internal sealed record TraitAnswer(
    [property: Description("In snake_case, as sources write it.")] string Name,
    string Label,
    [property: Description("False for one that is said of customers and was never defined.")] bool Defined,
    TraitType Type,
    [property: Description("`sealed`: personal. `clear`: not personal, segments can ask it. `month_and_day`: of a date they can ask these.")] TraitTelling Telling,
    [property: Description("Who may say it.")] IReadOnlyList<TraitSource> Sources,
    [property: Description("Which of several statements counts.")] TraitRule Rule,
    [property: Description("Not in force.")] bool Archived,
    [property: Description("Of whom anything was said of it; counted every few seconds.")] long Customers)
{
    public static TraitAnswer Of(TraitUse use) => new(use.Definition.Name, use.Definition.Label, use.Definition.IsDefined, use.Definition.Type, use.Definition.Telling, [.. use.Definition.Sources.Order()],
        use.Definition.Rule, use.Definition.Archived, use.Customers);
}

/// <param name="Sources">All of them where it is left out.</param>
internal sealed record TraitBody(
    string Name, string Label, TraitType Type = TraitType.Text, TraitTelling Telling = TraitTelling.Sealed, IReadOnlyList<TraitSource>? Sources = null, TraitRule Rule = TraitRule.Trusted)
{
    internal TraitDefinition Definition => new(Name, Label, Type, Telling, Sources?.ToHashSet() ?? TraitDefinition.Everybody, Rule);
}

/// <param name="Added">False where it was defined already and changed.</param>
internal sealed record DefinedAnswer(string Name, bool Added);
