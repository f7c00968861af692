using System.Globalization;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Storefronts;

/// <summary>
/// Makes a storefront, or changes one. Currency and time zone of one that has orders stay as they are: its files were read, and its days counted, by them.
/// </summary>
public sealed class SaveStorefront(Database database, AuditLog audit, TimeProvider time, CurrentActor actor)
{
    private const int Longest = 100;

    /// <param name="StorefrontId">Null for a new one.</param>
    public sealed record Request(Guid? StorefrontId, string Name, string? Domain, string Currency, string Locale, string TimeZone);

    /// <exception cref="ProblemException"><c>storefront_name</c>, <c>currency_unknown</c>, <c>locale_unknown</c>, <c>time_zone_unknown</c>, <c>storefront_taken</c>, <c>storefront_unknown</c>, <c>storefront_fixed</c>.</exception>
    public Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditStorefronts);
        var wanted = Check(request);
        return database.WriteAsync(async tx =>
        {
            if (await tx.CountAsync("select count(*) from commerce_storefronts where name = @Name and storefront_id <> @StorefrontId", new { wanted.Name, wanted.StorefrontId }, ct) > 0)
            {
                throw new ProblemException("storefront_taken", "Another storefront has this name.", 422);
            }
            await (request.StorefrontId is null ? InsertAsync(tx, wanted, ct) : UpdateAsync(tx, wanted, ct));
            await audit.RecordAsync(tx, "storefront.saved", $"storefront:{wanted.StorefrontId}", reason: null, ct);
        }, ct);
    }

    private static Storefront Check(Request request)
    {
        var name = Clean(request.Name) is { Length: > 0 and <= Longest } given ? given : throw new ProblemException("storefront_name", "Give the storefront a name of at most {0} characters.", 422, Longest);
        var currency = request.Currency.Trim().ToUpperInvariant() is { Length: 3 } code && !code.AsSpan().ContainsAnyExceptInRange('A', 'Z')
            ? code : throw new ProblemException("currency_unknown", "The currency is a code of three letters, such as EUR.", 422);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(request.TimeZone.Trim(), out _))
        {
            throw new ProblemException("time_zone_unknown", "The time zone is a name such as Europe/Berlin.", 422);
        }
        var domain = Clean(request.Domain ?? "");
        return new Storefront(request.StorefrontId ?? Id.New(), name, domain.Length is 0 or > 253 ? null : domain, currency, LocaleOf(request.Locale.Trim()), request.TimeZone.Trim());
    }

    private static string LocaleOf(string text) =>
        CultureInfo.GetCultures(CultureTypes.AllCultures).FirstOrDefault(c => c.Name.Length > 0 && c.Name.Equals(text, StringComparison.OrdinalIgnoreCase))?.Name
        ?? throw new ProblemException("locale_unknown", "The language is a code such as en-GB.", 422);

    private static string Clean(string text) => text.Trim().Replace("\0", "", StringComparison.Ordinal);

    private Task InsertAsync(Transaction tx, Storefront s, CancellationToken ct) => tx.ExecuteAsync("""
        insert into commerce_storefronts (storefront_id, name, domain, currency, locale, time_zone, created_at) values (@StorefrontId, @Name, @Domain, @Currency, @Locale, @TimeZone, @now)
        """, new { s.StorefrontId, s.Name, s.Domain, s.Currency, s.Locale, s.TimeZone, now = time.GetUtcNow() }, ct);

    private static async Task UpdateAsync(Transaction tx, Storefront s, CancellationToken ct)
    {
        var stands = await tx.FirstAsync($"select {Storefront.Columns} from commerce_storefronts where storefront_id = @StorefrontId and not demo", new { s.StorefrontId }, Storefront.Of, ct)
            ?? throw new ProblemException("storefront_unknown", "There is no such storefront.", 404);
        if ((stands.Currency != s.Currency || stands.TimeZone != s.TimeZone)
            && await tx.CountAsync("select count(*) from (select 1 from commerce_order_numbers where storefront_id = @StorefrontId limit 1) x", new { s.StorefrontId }, ct) > 0)
        {
            throw new ProblemException("storefront_fixed",
                "Currency and time zone cannot be changed once there are orders: they were read by them. Undo the import first, or make another storefront.", 422);
        }
        await tx.ExecuteAsync("""
            update commerce_storefronts set name = @Name, domain = @Domain, currency = @Currency, locale = @Locale, time_zone = @TimeZone, import_id = null
            where storefront_id = @StorefrontId
            """, new { s.StorefrontId, s.Name, s.Domain, s.Currency, s.Locale, s.TimeZone }, ct);
    }
}
