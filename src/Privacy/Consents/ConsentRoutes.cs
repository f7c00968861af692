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

namespace Wellmet.Privacy.Consents;

/// <summary>The page of a customer's consents.</summary>
internal static class ConsentRoutes
{
    private const string Customers = "/console/customers";

    public static string Of(Guid customerId) => $"{Customers}/{customerId}/consents";

    public static void MapConsents(this IEndpointRouteBuilder app)
    {
        app.MapGet(Customers + "/{id:guid}/consents", async (Guid id, ReadConsents read, CancellationToken ct) =>
            Html.Page<ConsentsPage>(new { Consents = await read.RunAsync(id, ct) })).RequirePermission(PrivacyPermissions.Read);
        app.MapPost(Customers + "/{id:guid}/consents", RecordByStaffAsync).RequirePermission(PrivacyPermissions.Write);
    }

    private static async Task<IResult> RecordByStaffAsync(
        Guid id, [AsParameters] StaffConsentForm form, RecordConsentByStaff record, ReadConsents read, HttpContext http, Words words, CancellationToken ct)
    {
        try
        {
            await record.RunAsync(form.ToRequest(id), ct);
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status400BadRequest)
        {
            return Html.Page<ConsentsPage>(new { Consents = await read.RunAsync(id, ct), Typed = form, Error = words.Problem(problem) }, problem.Status);
        }
        new Toast(words["Recorded; it holds at once"]).Send(http);
        return Results.LocalRedirect(Of(id));
    }
}

/// <summary>The form on the page of consents.</summary>
/// <param name="Use">Purpose and channel, with a space between.</param>
public sealed record StaffConsentForm(
    [FromForm] string? Use, [FromForm] string? Decision, [FromForm] string? Address, [FromForm] string? Method, [FromForm] string? Note)
{
    /// <exception cref="ProblemException"><c>purpose_unknown</c>.</exception>
    public RecordConsentByStaff.Request ToRequest(Guid customerId)
    {
        var use = (Use ?? "").Split(' ');
        return use.Length == 2 && EnumText.TryRead<Purpose>(use[0], out var purpose) && EnumText.TryRead<Channel>(use[1], out var channel) && EnumText.TryRead<ConsentDecision>(Decision, out var decision)
            ? new RecordConsentByStaff.Request(customerId, purpose, channel, decision, Address, Method, Note)
            : throw new ProblemException("purpose_unknown", "Choose what the data is used for.");
    }
}
