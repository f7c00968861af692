using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Catalog;

/// <summary>A person says what a product is and whether there is any. What a person set is not inferred again.</summary>
public sealed class EditProduct(Database database, AuditLog audit, CurrentActor actor)
{
    /// <exception cref="ProblemException"><c>product_unknown</c>, <c>price_currency</c>, and those of <see cref="ProductFacts.Checked"/>.</exception>
    public Task RunAsync(Guid productId, ProductFacts said, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditProducts);
        var facts = said.Checked();
        return database.WriteAsync(async tx =>
        {
            var product = await tx.Use<CommerceDb>().Products.FindAsync([productId], ct) ?? throw ReadProduct.Unknown();
            if (facts.Price.Value is { } price && !product.Takes(price))
            {
                throw ProductFacts.OtherCurrency();
            }
            var category = facts.Category.Value is { } name ? (await CategoryNames.IdsAsync(tx, [name], null, ct))[name] : (Guid?)null;
            product.Tell(facts, category);
            await audit.RecordAsync(tx, "product.edited", $"product:{productId}", reason: null, ct, EnumText.Of(product.Type));
        }, ct);
    }
}
