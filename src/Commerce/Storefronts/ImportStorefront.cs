using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Storefronts;

/// <summary>Finds the storefront that an import or an event is of; makes the shop's first one where there is none.</summary>
internal sealed class ImportStorefront(Database database, TimeProvider time)
{
    private const string FirstName = "Main shop";

    /// <param name="wanted">Null for the first storefront; the demo shop is none.</param>
    /// <exception cref="ProblemException"><c>storefront_unknown</c>, <c>storefront_demo</c>.</exception>
    public async Task<Storefront> RunAsync(Guid? wanted, string currency, Guid importId, CancellationToken ct)
    {
        if (await database.ReadAsync(s => FindAsync(s, wanted, ct), ct) is { } found)
        {
            return !found.Demo ? found : throw new ProblemException("storefront_demo", "Nothing can be imported into the demo shop.", 422);
        }
        return wanted is null
            ? await database.WriteAsync(tx => CreateAsync(tx, currency, importId, time.GetUtcNow(), ct), ct)
            : throw new ProblemException("storefront_unknown", "There is no such storefront.", 404);
    }

    /// <summary>Makes the first one for an event, which cannot be turned away any more.</summary>
    public Task<Storefront> FirstAsync(Transaction tx, string currency, CancellationToken ct) => CreateAsync(tx, currency, null, time.GetUtcNow(), ct);

    private static Task<Storefront?> FindAsync(Session session, Guid? wanted, CancellationToken ct) => session.FirstAsync(
        $"select {Storefront.Columns} from commerce_storefronts where (@any and not demo) or storefront_id = @wanted order by created_at, storefront_id limit 1",
        new { any = wanted is null, wanted = wanted ?? Guid.Empty }, Storefront.Of, ct);

    private static async Task<Storefront> CreateAsync(Transaction tx, string currency, Guid? importId, DateTimeOffset now, CancellationToken ct)
    {
        var made = new Storefront(Id.New(), FirstName, null, currency, "en-GB", "Etc/UTC");
        await tx.ExecuteAsync("""
            insert into commerce_storefronts (storefront_id, name, domain, currency, locale, time_zone, created_at, import_id)
            values (@StorefrontId, @Name, @Domain, @Currency, @Locale, @TimeZone, @now, @importId)
            """, new { made.StorefrontId, made.Name, made.Domain, made.Currency, made.Locale, made.TimeZone, now, importId }, ct);
        return made;
    }
}
