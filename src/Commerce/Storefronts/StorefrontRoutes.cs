using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;

namespace Wellmet.Commerce.Storefronts;

internal static class StorefrontRoutes
{
    public const string Path = "/console/settings/storefronts";

    public static void MapStorefronts(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup(Path).RequirePermission(CommercePermissions.EditStorefronts);
        group.MapGet("", async (ListStorefronts list, CancellationToken ct) => Html.Page<StorefrontsConsole>(new { Storefronts = (IReadOnlyList<Storefront>)await list.RunAsync(ct) }));
        group.MapGet("/new", () => Html.Page<StorefrontPage>());
        group.MapGet("/{id:guid}", async (Guid id, ListStorefronts list, CancellationToken ct) => Html.Page<StorefrontPage>(new { Storefront = await FindAsync(id, list, ct) }));
        group.MapPost("", (StorefrontForm form, SaveStorefront save, Words words, CancellationToken ct) => SaveAsync(null, form, save, words, ct));
        group.MapPost("/{id:guid}", (Guid id, StorefrontForm form, SaveStorefront save, Words words, CancellationToken ct) => SaveAsync(id, form, save, words, ct));
    }

    private static async Task<Storefront> FindAsync(Guid id, ListStorefronts list, CancellationToken ct) =>
        (await list.RunAsync(ct)).Find(s => s.StorefrontId == id) ?? throw new ProblemException("storefront_unknown", "There is no such storefront.", 404);

    private static async Task<IResult> SaveAsync(Guid? id, StorefrontForm form, SaveStorefront save, Words words, CancellationToken ct)
    {
        try
        {
            await save.RunAsync(new(id, form.Name, form.Domain, form.Currency, form.Locale, form.TimeZone), ct);
            return Results.LocalRedirect(Path);
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status422UnprocessableEntity)
        {
            var kept = new Storefront(id ?? Guid.Empty, form.Name, form.Domain, form.Currency, form.Locale, form.TimeZone);
            return Html.Page<StorefrontPage>(new { Storefront = kept, Error = words.Problem(problem) }, problem.Status);
        }
    }

    /// <summary>What was typed; nothing is null, however little came.</summary>
    internal sealed record StorefrontForm(string Name, string Domain, string Currency, string Locale, string TimeZone)
    {
        public static async ValueTask<StorefrontForm> BindAsync(HttpContext http)
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            return new StorefrontForm(form["name"].ToString(), form["domain"].ToString(), form["currency"].ToString(), form["locale"].ToString(), form["time_zone"].ToString());
        }
    }
}
