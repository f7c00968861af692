using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform.Access.Keys;

/// <summary>Keys for tests, made by the use case.</summary>
internal static class KeyShop
{
    public static async Task<IssuedKey> MakeKeyAsync(this WebShop shop, params string[] scopes)
    {
        IssuedKey? key = null;
        await shop.UseAsync<CreateAccessKey>(async u => key = await u.RunAsync(new(AccessKeyKind.Secret, "Test", scopes), CancellationToken.None));
        return key!;
    }

    /// <summary>A write key of a new storefront.</summary>
    public static async Task<IssuedKey> MakeWriteKeyAsync(this WebShop shop)
    {
        var site = await AddStorefrontAsync(shop.Database);
        IssuedKey? key = null;
        await shop.UseAsync<CreateAccessKey>(async u => key = await u.RunAsync(new(AccessKeyKind.Write, "Test", [], site), CancellationToken.None));
        return key!;
    }

    public static async Task<Guid> AddStorefrontAsync(Database database)
    {
        var id = Id.New();
        await database.WriteAsync(tx => tx.ExecuteAsync("""
            insert into commerce_storefronts (storefront_id, name, domain, currency, locale, time_zone, created_at) values (@id, @name, null, 'EUR', 'en-GB', 'Etc/UTC', @now)
            """, new { id, name = $"Shop {id:N}", now = DateTimeOffset.UnixEpoch }), CancellationToken.None);
        return id;
    }
}
