using Microsoft.Extensions.Logging;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Emails;

namespace Wellmet.Recommendations.Suggestions;

/// <summary>The list that was made for a customer as a letter: the products as an e-mail shows them, as HTML and as plain text, and where it may go. Only of whom it may be sent to.</summary>
public sealed class SuggestionLetter(SuggestionRecipient recipient, ReadSuggestions read, ICatalog products, WordCatalog catalog, IServiceProvider services, ILoggerFactory loggers, CurrentActor actor)
{
    /// <param name="Customer">The customer, or any of its subjects.</param>
    /// <param name="Language">One of <see cref="Viewer.Languages"/>.</param>
    public sealed record Request(Guid Customer, string Language, EmailLinks Links);

    /// <param name="Html">A fragment, at most 600 pixels wide.</param>
    /// <param name="Text">The same for those who read no HTML.</param>
    /// <param name="Emails">The addresses of the customer that may be written to, and no others; null for who may not see personal data.</param>
    public sealed record Letter(string Html, string Text, SuggestionList List, IReadOnlyList<string>? Emails);

    /// <exception cref="ProblemException"><c>suggestions_none</c> (409); and those of <see cref="SuggestionRecipient.DemandAsync"/>.</exception>
    public async Task<Letter> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Letters);
        var to = await recipient.DemandAsync(request.Customer, ct);
        var list = await read.OfAsync(to.CustomerId, ct);
        if (list.Suggestions.Count == 0)
        {
            throw new ProblemException("suggestions_none", "Nothing is picked out for this customer. Pick out products first.", 409);
        }
        var viewer = Viewer.Reading(request.Language);
        var words = new Words(catalog, viewer);
        var known = await products.LinksAsync([.. list.Suggestions.Select(s => s.Product.Product.ProductId)], ct);
        var lines = list.Suggestions.Select(s => EmailBlock.LineOf(s.Product, request.Links.Of(s.Product.Product, known.GetValueOrDefault(s.Product.Product.ProductId)), viewer, words)).ToList();
        return new Letter(await EmailBlock.RenderAsync(lines, viewer, services, loggers), EmailProduct.TextOf(lines), list, actor.May(CustomersPermissions.ReadPersonal) ? to.Emails : null);
    }
}
