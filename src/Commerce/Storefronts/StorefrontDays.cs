using Wellmet.Commerce.Contract;

namespace Wellmet.Commerce.Storefronts;

/// <summary>The moments between which days of the storefronts lie; those in one time zone together.</summary>
/// <param name="Storefronts">In this time zone.</param>
/// <param name="From">Included; the beginning of time where no first day is asked for.</param>
/// <param name="To">Not included.</param>
internal sealed record StorefrontDays(IReadOnlyList<Guid> Storefronts, DateTimeOffset From, DateTimeOffset To)
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    public static List<StorefrontDays> Of(IEnumerable<StorefrontLabel> storefronts, DateOnly? from, DateOnly? to) => [.. storefronts.GroupBy(s => s.TimeZone).Select(g =>
    {
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(g.Key, out var known) ? known : TimeZoneInfo.Utc;
        return new StorefrontDays([.. g.Select(s => s.StorefrontId)], from is { } first ? StartOf(first, zone) : DateTimeOffset.UnixEpoch.AddYears(-70),
            to is { } last ? StartOf(last.AddDays(1), zone) : DateTimeOffset.UnixEpoch.AddYears(230));
    })];

    /// <summary>Where the clock goes forward over midnight, a day begins later; where it goes back over it, with the first of the two.</summary>
    private static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local))
        {
            local += Step;
        }
        return new DateTimeOffset(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
