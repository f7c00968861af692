using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;

namespace Wellmet.Commerce.Catalog;

/// <summary>Says what a product is. What a person set is not inferred again.</summary>
public sealed class EditProduct(Platform.Storage.Database database, AuditLog audit, CurrentActor actor)
{
    private const int LongestName = 100;

    /// <param name="Kind">The noun it is; null or empty for none.</param>
    /// <param name="Category">By name, made where it is new; null or empty for none.</param>
    public sealed record Request(Guid ProductId, ProductType Type, string? Kind, string? Category, bool Active);

    /// <exception cref="ProblemException"><c>product_unknown</c>, <c>name_too_long</c>.</exception>
    public Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditProducts);
        string? kind = Clean(request.Kind)?.ToLowerInvariant(), category = Clean(request.Category);
        return database.WriteAsync(async tx =>
        {
            var db = tx.Use<CommerceDb>();
            var product = await db.Products.FindAsync([request.ProductId], ct) ?? throw ReadProduct.Unknown();
            product.SetType(request.Type);
            product.SetKind(kind);
            product.Active = request.Active;
            product.CategoryId = category is null ? null : await db.CategoryAsync(category, ct);
            await audit.RecordAsync(tx, "product.edited", $"product:{request.ProductId}", reason: null, ct, Platform.Storage.EnumText.Of(request.Type));
        }, ct);
    }

    private static string? Clean(string? text) => text?.Trim().Replace("\0", "", StringComparison.Ordinal) switch
    {
        null or "" => null,
        { Length: > LongestName } => throw new ProblemException("name_too_long", "A name may have at most {0} characters.", 422, LongestName),
        var clean => clean,
    };
}
