using System.Globalization;
using Wellmet.Commerce.Contract;
using Wellmet.Insights.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Home;

/// <summary>What is shown: the sales, and the period they fall into.</summary>
/// <param name="Others">Other currencies in the same days, which the figures leave out: their revenue of known customers.</param>
public sealed record HomeChoice(SalesScope Scope, Period Period, IReadOnlyList<Money> Others, IReadOnlyList<StorefrontLabel> Storefronts);

/// <summary>
/// Reads an address as a period of days. Periods end today, or with the last sale where that is more than 30 days ago: an old file
/// that was imported is shown, too. The currency is the one of most orders.
/// </summary>
public sealed class ChoosePeriod(Database database, IStorefronts storefronts, CurrentActor actor, TimeProvider time)
{
    private const int MaxPoints = 800;

    /// <returns>Null where there is no sale yet.</returns>
    /// <exception cref="ProblemException"><c>period_invalid</c>, <c>storefront_unknown</c>.</exception>
    public async Task<HomeChoice?> RunAsync(HomeQuery query, CancellationToken ct)
    {
        actor.Demand(InsightsPermissions.Read);
        var shops = await storefronts.AllAsync(ct);
        var shop = query.Storefront is { Length: > 0 } asked
            ? shops.FirstOrDefault(s => s.StorefrontId.ToString() == asked) ?? throw new ProblemException("storefront_unknown", "There is no such storefront.", 404)
            : null;
        var without = shop is null ? await storefronts.LeftOutAsync(ct) ?? Guid.Empty : Guid.Empty;
        var totals = await TotalsAsync(null, shop?.StorefrontId, without, ct);
        if (totals.Count == 0)
        {
            return null;
        }
        var main = totals[0];
        var period = Choose(query, main.Days, Today(shop ?? (shops.Count > 0 ? shops[0] : null)));
        var others = totals.Count == 1 ? [] : (await TotalsAsync(period.Range, shop?.StorefrontId, without, ct)).Where(t => t.Revenue.Currency != main.Revenue.Currency);
        return new HomeChoice(new SalesScope(period.Range, shop?.StorefrontId, main.Revenue.Currency) { Without = without }, period, [.. others.Select(o => o.Revenue)], shops);
    }

    /// <summary>Each currency, the one of most orders first, over all days or those of the range.</summary>
    private Task<List<(Money Revenue, DayRange Days)>> TotalsAsync(DayRange? range, Guid? storefront, Guid without, CancellationToken ct) =>
        database.ReadAsync(s => s.QueryAsync("""
            select currency, sum(revenue_minor), min(day), max(day) from insights_daily
            where day between @from and @to and storefront_id <> @without and (@every or storefront_id = @storefront) and orders + anonymous_orders > 0
            group by currency order by sum(orders + anonymous_orders) desc, currency
            """, new { from = range?.From ?? DateOnly.MinValue, to = range?.To ?? DateOnly.MaxValue, without, every = storefront is null, storefront = storefront ?? Guid.Empty },
            r => (new Money(r.Long(1), r.Text(0)), new DayRange(r.Day(2), r.Day(3))), ct), ct);

    private DateOnly Today(StorefrontLabel? shop) =>
        new Sales.ShopDays(shop is null ? [] : [shop]).Of(shop?.StorefrontId ?? Guid.Empty, time.GetUtcNow());

    private static Period Choose(HomeQuery query, DayRange data, DateOnly today)
    {
        var old = data.To < today.AddDays(-Period.OldAfterDays);
        var end = old || data.To > today ? data.To : today;
        var custom = query is { From.Length: > 0 } or { To.Length: > 0 };
        var key = custom ? "custom" : query.Period is { Length: > 0 } named ? named : old ? "all" : "30d";
        var range = key switch
        {
            "custom" => Custom(query, data, end),
            "7d" => new DayRange(end.AddDays(-6), end),
            "30d" => new DayRange(end.AddDays(-29), end),
            "90d" => new DayRange(end.AddDays(-89), end),
            "12m" => new DayRange(end.AddYears(-1).AddDays(1), end),
            "all" => new DayRange(data.From, end),
            _ => throw new ProblemException("period_invalid", "'{0}' is not a period: 7d, 30d, 90d, 12m or all.", 400, key),
        };
        return new Period(key, range, Before(range, key, data), Cut(query.By, range), data, old);
    }

    private static DayRange Custom(HomeQuery query, DayRange data, DateOnly end)
    {
        var range = new DayRange(Day(query.From, data.From), Day(query.To, end));
        return range.Days > 0 ? range : throw new ProblemException("period_invalid", "The period ends before it begins.");
    }

    private static DateOnly Day(string? text, DateOnly otherwise) => string.IsNullOrEmpty(text) ? otherwise
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1900 and <= 2200 ? day
        : throw new ProblemException("period_invalid", "'{0}' is not a date such as 2026-01-31.", 400, text.Length > 40 ? text[..40] : text);

    private static DayRange? Before(DayRange range, string key, DayRange data)
    {
        var from = key == "12m" ? range.From.AddYears(-1) : range.From.DayNumber >= range.Days ? range.From.AddDays(-range.Days) : DateOnly.MinValue;
        return key != "all" && from >= data.From ? new DayRange(from, range.From.AddDays(-1)) : null;
    }

    /// <summary>As asked, or so that a picture has some thirty points; coarser where there would be too many.</summary>
    private static Granularity Cut(string? asked, DayRange range)
    {
        var by = asked switch
        {
            "day" => Granularity.Day,
            "week" => Granularity.Week,
            "month" => Granularity.Month,
            _ => range.Days switch { <= 45 => Granularity.Day, <= 190 => Granularity.Week, _ => Granularity.Month },
        };
        return by == Granularity.Day && range.Days > MaxPoints ? Granularity.Week : by;
    }
}
