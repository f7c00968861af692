using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;

namespace Wellmet.Platform.Webhooks;

internal static class WebhookRoutes
{
    public const string Path = "/console/settings/webhooks", Icon = "send";

    public static void MapWebhooks(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup(Path).RequirePermission(WebhookPermissions.Manage);
        group.MapGet("", async (ReadWebhooks read, CancellationToken ct) => Html.Page<WebhooksConsole>(new { Endpoints = await read.AllAsync(ct) }));
        group.MapGet("/{id:guid}", async (Guid id, string? state, ReadWebhooks read, WebhookCatalog catalog, CancellationToken ct) => Html.Page<WebhookPage>(new { Details = await read.OneAsync(id, StateOf(state), ct), catalog.Types, State = StateOf(state) }));
        group.MapPost("/{id:guid}", ChangeAsync).RequireRecentSignIn();
        group.MapPost("/{id:guid}/test", async (Guid id, TestWebhook test, HttpContext http, Words words, CancellationToken ct) => { await test.RunAsync(id, ct); return Back(http, id, words["A test message is on its way"]); });
        group.MapPost("/{id:guid}/replay", async (Guid id, [FromForm] Guid? message, ReplayWebhooks replay, HttpContext http, Words words, CancellationToken ct) =>
        {
            await replay.RunAsync(new(id, message), ct);
            return Back(http, id, words["It is sent again"]);
        });
        group.MapPost("/{id:guid}/on", async (Guid id, SwitchWebhook turn, HttpContext http, Words words, CancellationToken ct) => { await turn.RunAsync(id, true, ct); return Back(http, id, words["The endpoint is on"]); });
        group.MapPost("/{id:guid}/off", async (Guid id, SwitchWebhook turn, HttpContext http, Words words, CancellationToken ct) => { await turn.RunAsync(id, false, ct); return Back(http, id, words["The endpoint is off"]); });
        group.MapGet("/new", (WebhookCatalog catalog) => Html.Page<NewWebhookPage>(new { catalog.Types })).RequireRecentSignIn();
        group.MapPost("", CreateAsync).RequireRecentSignIn();
        group.MapPost("/{id:guid}/rotate", async (Guid id, RotateWebhook rotate, CancellationToken ct) => Html.Page<WebhookSecretPage>(new { Made = await rotate.RunAsync(id, ct), Rotated = true })).RequireRecentSignIn();
        group.MapPost("/{id:guid}/remove", async (Guid id, RemoveWebhook remove, HttpContext http, Words words, CancellationToken ct) =>
        {
            await remove.RunAsync(id, ct);
            new Toast(words["The endpoint is removed"]).Send(http);
            return Results.LocalRedirect(Path);
        }).RequireRecentSignIn();
    }

    private static WebhookState? StateOf(string? text) => EnumText.TryRead<WebhookState>(text, out var state) ? state : null;

    private static IResult Back(HttpContext http, Guid id, string said)
    {
        new Toast(said).Send(http);
        return Results.LocalRedirect($"{Path}/{id}");
    }

    private static async Task<IResult> CreateAsync(WebhookForm form, CreateWebhook create, WebhookCatalog catalog, CancellationToken ct)
    {
        try
        {
            return Html.Page<WebhookSecretPage>(new { Made = await create.RunAsync(new(form.Url, form.Name, form.Types), ct) });
        }
        catch (ProblemException problem) when (problem.Status is 400 or 409)
        {
            return Html.Page<NewWebhookPage>(new { catalog.Types, form.Url, form.Name, Chosen = form.Types, Problem = problem }, problem.Status);
        }
    }

    private static async Task<IResult> ChangeAsync(Guid id, WebhookForm form, ChangeWebhook change, ReadWebhooks read, WebhookCatalog catalog, HttpContext http, Words words, CancellationToken ct)
    {
        try
        {
            await change.RunAsync(new(id, form.Url, form.Name, form.Types), ct);
            return Back(http, id, words["Saved"]);
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status400BadRequest)
        {
            return Html.Page<WebhookPage>(new { Details = await read.OneAsync(id, null, ct), catalog.Types, Problem = problem }, problem.Status);
        }
    }

    /// <summary>What was typed and ticked; nothing is null, however little came.</summary>
    internal sealed record WebhookForm(string Url, string Name, string[] Types)
    {
        public static async ValueTask<WebhookForm> BindAsync(HttpContext http)
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            return new WebhookForm(form["url"].ToString(), form["name"].ToString(), [.. form["types"].OfType<string>()]);
        }
    }
}
