using Microsoft.Extensions.Logging;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Emails;

namespace Wellmet.Recommendations.Suggestions;

/// <summary>The list that was made for a customer as a letter: the products as an e-mail shows them, as HTML and as plain text. Only of whom it may be sent to.</summary>
public sealed class SuggestionLetter(SuggestionRecipient recipient, ReadSuggestions read, ICatalog products, WordCatalog catalog, IServiceProvider services, ILoggerFactory loggers, CurrentActor actor)
{
    /// <param name="Customer">The customer, or any of its subjects.</param>
    /// <param name="Language">One of <see cref="Viewer.Languages"/>.</param>
    public sealed record Request(Guid Customer, string Language, EmailLinks Links);

    /// <param name="Html">A fragment, at most 600 pixels wide.</param>
    /// <param name="Text">The same for those who read no HTML.</param>
    public sealed record Letter(string Html, string Text, SuggestionList List);

    /// <exception cref="ProblemException"><c>suggestions_none</c> (409); and those of <see cref="SuggestionRecipient.DemandAsync"/>.</exception>
    public async Task<Letter> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        var list = await read.RunAsync(await recipient.DemandAsync(request.Customer, ct), ct);
        if (list.Suggestions.Count == 0)
        {
            throw None();
        }
        var viewer = Viewer.Reading(request.Language);
        var words = new Words(catalog, viewer);
        var known = await products.LinksAsync([.. list.Suggestions.Select(s => s.Product.Product.ProductId)], ct);
        var lines = list.Suggestions.Select(s => EmailBlock.LineOf(s.Product, request.Links.Of(s.Product.Product, known.GetValueOrDefault(s.Product.Product.ProductId)), viewer, words)).ToList();
        return new Letter(await EmailBlock.RenderAsync(lines, viewer, services, loggers), EmailProduct.TextOf(lines), list);
    }

    internal static ProblemException None() => new("suggestions_none", "Nothing is picked out for this customer. Pick out products first.", 409);
}
