using Wellmet.Commerce.CatalogueFiles;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Idempotency;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Catalog;

/// <summary>
/// Takes what the shop's server says of its products, by their codes: new ones are made, known ones changed. A row that cannot be taken is refused and stops no other. A product that was
/// told is the shop's own from then on: an import that brought it is taken back without it.
/// </summary>
public sealed class SaveProducts(IdempotentRequest once, AuditLog audit, WriteProducts write, CurrentActor actor)
{
    public const int Most = 500;

    /// <summary>What became of a row.</summary>
    /// <param name="ProductId">Null where it was refused.</param>
    /// <param name="Problem">Why it was refused; else null.</param>
    public sealed record Saved(string Sku, Guid? ProductId, bool IsNew, ProblemException? Problem = null);

    /// <returns>One for each row, in their order.</returns>
    /// <exception cref="ProblemException"><c>products_many</c>.</exception>
    public async Task<IReadOnlyList<Saved>> RunAsync(IReadOnlyList<SaidProduct> rows, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditProducts);
        if (rows.Count > Most)
        {
            throw Many();
        }
        var read = rows.Select(Check).ToList();
        var taken = read.Where(r => r.Problem is null).Select(r => r.Said).ToList();
        var main = await write.CurrencyAsync(ct);
        var outcomes = new Queue<Outcome>((await once.OnceAsync(async tx => new Outcomes(await TakeAsync(tx, taken, main, ct)), ct)).Rows);
        return [.. read.Select(r => r.Problem is null ? SavedOf(r.Said.Sku, outcomes.Dequeue()) : new Saved(r.Said.Sku, null, false, r.Problem))];
    }

    internal static ProblemException Many() => new("products_many", "Send 1 to {0} products as an array named products.", 400, Most);

    private static (SaidProduct Said, ProblemException? Problem) Check(SaidProduct said)
    {
        try
        {
            return (said.Checked(), null);
        }
        catch (ProblemException problem)
        {
            return (said, problem);
        }
    }

    private static Saved SavedOf(string sku, Outcome outcome) => outcome.Result switch
    {
        WriteResult.NameMissing => new(sku, null, false, ProductFacts.NameMissing()),
        WriteResult.OtherCurrency => new(sku, null, false, ProductFacts.OtherCurrency()),
        _ => new(sku, outcome.ProductId, outcome.Result == WriteResult.Added),
    };

    private async Task<List<Outcome>> TakeAsync(Transaction tx, List<SaidProduct> rows, string main, CancellationToken ct)
    {
        var written = await write.RunAsync(tx, rows, main, importId: null, ct);
        await OwnAsync(tx, [.. written.Select(w => w.ProductId).OfType<Guid>().Distinct()], ct);
        // How many pieces there are is told all day long, and is nobody's decision.
        if (written.Exists(w => w.Result == WriteResult.Added || (w.Before is { } before && before != w.After! with { Stock = before.Stock })))
        {
            await audit.RecordAsync(tx, "products.told", "products", reason: null, ct, $"{written.Count(w => w.ProductId is not null)}");
        }
        return written.ConvertAll(w => new Outcome(w.ProductId, w.Result));
    }

    /// <summary>No import has them any more; those of the demo shop stay its own.</summary>
    private static async Task OwnAsync(Transaction tx, IReadOnlyList<Guid> products, CancellationToken ct)
    {
        await CatalogueWords.ForgetAsync(tx, products, ct);
        await tx.ExecuteAsync("""
            update commerce_products set import_id = null where product_id in @products and import_id is not null
              and not exists (select 1 from commerce_storefronts f where f.demo and f.import_id = commerce_products.import_id)
            """, new { products }, ct);
    }

    private sealed record Outcome(Guid? ProductId, WriteResult Result);

    /// <summary>What a repeated request is answered with.</summary>
    private sealed record Outcomes(IReadOnlyList<Outcome> Rows);
}
