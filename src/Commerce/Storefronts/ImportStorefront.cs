using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Storefronts;

/// <summary>Finds the storefront that an import writes to; makes the shop's first one where there is none.</summary>
internal sealed class ImportStorefront(Database database, TimeProvider time)
{
    private const string FirstName = "Main shop";

    /// <param name="wanted">Null for the first storefront.</param>
    /// <exception cref="ProblemException"><c>storefront_unknown</c>.</exception>
    public async Task<Storefront> RunAsync(Guid? wanted, string currency, Guid importId, CancellationToken ct)
    {
        var found = await database.ReadAsync(s => s.FirstAsync(
            $"select {Storefront.Columns} from commerce_storefronts where @any or storefront_id = @wanted order by created_at, storefront_id limit 1",
            new { any = wanted is null, wanted = wanted ?? Guid.Empty }, Storefront.Of, ct), ct);
        if (found is not null)
        {
            return found;
        }
        return wanted is null
            ? await CreateAsync(currency, importId, ct)
            : throw new ProblemException("storefront_unknown", "There is no such storefront.", 404);
    }

    private async Task<Storefront> CreateAsync(string currency, Guid importId, CancellationToken ct)
    {
        var made = new Storefront(Id.New(), FirstName, null, currency, "en-GB", "Etc/UTC");
        await database.WriteAsync(tx => tx.ExecuteAsync($"""
            insert into commerce_storefronts ({Storefront.Columns}, created_at, import_id)
            values (@StorefrontId, @Name, @Domain, @Currency, @Locale, @TimeZone, @now, @importId)
            """, new { made.StorefrontId, made.Name, made.Domain, made.Currency, made.Locale, made.TimeZone, now = time.GetUtcNow(), importId }, ct), ct);
        return made;
    }
}
