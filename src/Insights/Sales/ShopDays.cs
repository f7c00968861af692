using System.Collections.Frozen;
using Wellmet.Commerce.Contract;

namespace Wellmet.Insights.Sales;

/// <summary>Calendar days of the storefronts, each in its own time zone; UTC where a storefront or its zone is unknown.</summary>
internal sealed class ShopDays
{
    private readonly FrozenDictionary<Guid, TimeZoneInfo> zones;

    public ShopDays(IEnumerable<StorefrontLabel> storefronts) => zones = storefronts.ToFrozenDictionary(s => s.StorefrontId,
        s => TimeZoneInfo.TryFindSystemTimeZoneById(s.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc);

    public DateOnly Of(Guid storefront, DateTimeOffset moment) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zones.GetValueOrDefault(storefront, TimeZoneInfo.Utc)).DateTime);
}
