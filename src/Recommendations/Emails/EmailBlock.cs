using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Idempotency;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Effects;
using Wellmet.Recommendations.Experiments;
using Wellmet.Recommendations.Placements;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Emails;

/// <summary>
/// A placement as a block of an e-mail, as HTML that mail programs show and as the same in plain text. What stands there, and for whom, is decided as everywhere (<see cref="ServePlacement"/>): who does not want personal
/// recommendations gets what the placement shows to such people. Nothing counts as shown unless it is sent: a draft is no letter.
/// </summary>
public sealed class EmailBlock(ServePlacement serve, EmailCount count, IdempotentRequest once, ICatalog products, WordCatalog catalog, IServiceProvider services, ILoggerFactory loggers, CurrentActor actor)
{
    /// <summary>So many products stand in a block, where nothing else is said.</summary>
    public const int Usual = 4;

    /// <param name="Question">The placement, and for whom or beside what.</param>
    /// <param name="Language">One of <see cref="Viewer.Languages"/>.</param>
    public sealed record Request(ServePlacement.Request Question, string Language, EmailLinks Links);

    /// <param name="Html">A fragment, at most 600 pixels wide; empty where there is nothing to show.</param>
    /// <param name="Text">The same for those who read no HTML; empty where there is nothing to show.</param>
    public sealed record Block(string Html, string Text, RecommendedProducts Answer);

    /// <inheritdoc cref="ServePlacement.RunAsync" path="/exception"/>
    public async Task<Block> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        var answer = await serve.RunAsync(request.Question, ct);
        var viewer = Viewer.Reading(request.Language);
        var words = new Words(catalog, viewer);
        var known = await products.LinksAsync([.. answer.Products.Select(p => p.Product.ProductId)], ct);
        var lines = answer.Products.Select(p => LineOf(p, request.Links.Of(p.Product, known.GetValueOrDefault(p.Product.ProductId)), viewer, words)).ToList();
        return new Block(await RenderAsync(lines, viewer, services, loggers), EmailProduct.TextOf(lines), answer);
    }

    /// <summary>The block of a letter that goes out now: its products count as shown at the placement, once for each letter, however often it is asked for.</summary>
    /// <inheritdoc cref="ServePlacement.RunAsync" path="/exception"/>
    public async Task<Block> SendAsync(Request request, CancellationToken ct)
    {
        // It says that something happened, as a page's event does.
        actor.Demand(AccessPermissions.WriteEvents);
        var block = await RunAsync(request, ct);
        // Counted after the letter's key is kept: who repeats a request that broke off in between loses a count, and none counts twice.
        await once.OnceAsync(_ => Task.FromResult(true), ct);
        if (!once.Replayed)
        {
            await count.RunAsync(request.Question, block.Answer, ct);
        }
        return block;
    }

    internal static EmailProduct LineOf(RecommendedProduct recommended, (string? Page, string? Picture) links, Viewer viewer, Words words) =>
        new(recommended.Product.Name, ProductPrice.Of(recommended.Product) is { } price ? viewer.Money(price) : null, ReasonText.Of(recommended.Reason, words), links.Page, links.Picture);

    internal static async Task<string> RenderAsync(IReadOnlyList<EmailProduct> products, Viewer viewer, IServiceProvider services, ILoggerFactory loggers)
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(EmailTable.Products)] = products, [nameof(EmailTable.Language)] = viewer.Language, [nameof(EmailTable.Direction)] = viewer.Culture.TextInfo.IsRightToLeft ? "rtl" : "ltr",
        });
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<EmailTable>(parameters)).ToHtmlString().Trim());
    }
}

/// <summary>Counts what a letter shows, and who was shown a variant of an experiment; <see cref="TellShown"/> does it for pages.</summary>
public sealed class EmailCount(ShownCounter counter, CountVariant variant, IPurposeGate gate)
{
    internal async Task RunAsync(ServePlacement.Request question, RecommendedProducts answer, CancellationToken ct)
    {
        Guid[] shown = [.. answer.Products.Select(p => p.Product.ProductId)];
        counter.Count(question.Placement, shown, chosen: null);
        if (answer.Variant is { } running && Guid.TryParse(question.Customer, out var customer)
            && (await gate.AskAsync(new DataUse(Purpose.Measurement, Channel.Email), [customer], ct))[customer].Allowed)
        {
            await variant.RunAsync(new(running.ExperimentId, question.Placement, customer, shown, null)
            {
                GivenCodes = answer.Products.Where(p => p.GivenCode is not null).ToDictionary(p => p.Product.ProductId, p => p.GivenCode!),
            }, ct);
        }
    }
}
