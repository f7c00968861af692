using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Rules;

/// <summary>The settings page of the rules.</summary>
internal static class RuleRoutes
{
    public const string Path = "/console/settings/consent";

    public static void MapRules(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup(Path).RequirePermission(PrivacyPermissions.EditRules);
        group.MapGet("", ShowAsync);
        group.MapPost("", SaveAsync);
    }

    /// <param name="use">With the channel, the rule to begin with in the form.</param>
    private static async Task<IResult> ShowAsync(string? market, string? use, string? channel, ReadRules read, CancellationToken ct)
    {
        var rules = await read.RunAsync(ct);
        var shown = rules.Markets.FirstOrDefault(m => m == market, RuleBook.Everywhere);
        var rule = rules.All.FirstOrDefault(r => r.Market == shown && EnumText.Of(r.Purpose) == use && EnumText.Of(r.Channel) == channel);
        return Html.Page<RulesConsole>(new { Rules = rules, Market = shown, Rule = rule });
    }

    private static async Task<IResult> SaveAsync([AsParameters] RuleForm form, SaveRule save, ReadRules read, HttpContext http, Words words, CancellationToken ct)
    {
        var market = form.Market ?? RuleBook.Everywhere;
        try
        {
            await save.RunAsync(form.ToRule(), ct);
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status400BadRequest)
        {
            return Html.Page<RulesConsole>(new { Rules = await read.RunAsync(ct), Market = market, Error = words.Problem(problem) }, problem.Status);
        }
        new Toast(words["Saved"]).Send(http);
        return Results.LocalRedirect($"{Path}?market={Uri.EscapeDataString(market)}");
    }

    internal sealed record RuleForm(
        [FromForm] string? Market, [FromForm] string? Purpose, [FromForm] string? Channel, [FromForm] string? Basis, [FromForm] string? Soft, [FromForm] string? Days)
    {
        /// <exception cref="ProblemException"><c>purpose_unknown</c>, <c>days_out_of_range</c>.</exception>
        public PurposeRule ToRule() =>
            EnumText.TryRead<Purpose>(Purpose, out var purpose) && EnumText.TryRead<Channel>(Channel, out var channel) && EnumText.TryRead<LegalBasis>(Basis, out var basis)
                ? new PurposeRule(Market ?? RuleBook.Everywhere, purpose, channel, basis, Soft is not null, string.IsNullOrWhiteSpace(Days) ? null
                    : int.TryParse(Days, NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : 0)
                : throw new ProblemException("purpose_unknown", "Choose what the data is used for.");
    }
}
