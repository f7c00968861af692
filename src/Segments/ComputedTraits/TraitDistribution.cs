using System.Globalization;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.ComputedTraits;

/// <summary>What the bars of a distribution stand for.</summary>
public enum DistributionKind
{
    /// <summary>Texts, or few different numbers: each its own bar, of texts the most frequent.</summary>
    Values,

    /// <summary>Numbers from one bound up to, not including, the next; the last bar holds all that are higher.</summary>
    Ranges,

    /// <summary>Times, by how many days ago: up to the bound.</summary>
    Ages,
}

/// <summary>How many customers have a value, or one in a range.</summary>
/// <param name="Text">Of <see cref="DistributionKind.Values"/>; null for all other texts together.</param>
/// <param name="From">Lower end of a range; of ages the days that are more than it, null for none.</param>
/// <param name="To">Upper end; null where there is none.</param>
public sealed record DistributionBar(long Customers, string? Text = null, decimal? From = null, decimal? To = null);

/// <summary>How many customers have which value of a trait, in at most eleven bars.</summary>
public sealed record TraitDistribution(DistributionKind Kind, IReadOnlyList<DistributionBar> Bars)
{
    private const int MostBars = 10;

    /// <summary>Fewest customers of a text that is shown: one that a single customer has may name them.</summary>
    private const int Fewest = 2;

    /// <summary>Days; who did something longer ago stands in a bar of its own.</summary>
    private static readonly int[] Ages = [1, 7, 30, 90, 180, 365, 730];

    /// <param name="values">How many customers have each value.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    public static TraitDistribution Of(IReadOnlyDictionary<FactValue, long> values, long now)
    {
        if (values.Count > 0 && values.Keys.All(v => v.Number is not null))
        {
            return OfNumbers([.. values.Select(v => (v.Key.Number!.Value, v.Value)).OrderBy(v => v.Item1)]);
        }
        if (values.Count > 0 && values.Keys.All(v => ComputedValue.TimeOf(v) is not null))
        {
            return OfTimes(values, now);
        }
        var ordered = values.OrderByDescending(v => v.Value).ThenBy(v => v.Key.ToString(), StringComparer.Ordinal).ToList();
        var bars = ordered.Take(MostBars).Where(v => v.Value >= Fewest).Select(v => new DistributionBar(v.Value, v.Key.ToString())).ToList();
        return new TraitDistribution(DistributionKind.Values, ordered.Count == bars.Count ? bars : [.. bars, new DistributionBar(ordered.Skip(bars.Count).Sum(v => v.Value))]);
    }

    private static TraitDistribution OfNumbers(List<(decimal Value, long Customers)> sorted)
    {
        if (sorted.Count <= MostBars)
        {
            return new TraitDistribution(DistributionKind.Values, [.. sorted.Select(v => new DistributionBar(v.Customers, v.Value.ToString("G29", CultureInfo.InvariantCulture)))]);
        }
        // Up to where nineteen of twenty customers are: few have by far the most, and would leave all others in one bar.
        var (all, low) = (sorted.Sum(v => v.Customers), sorted[0].Value);
        var (seen, high) = (0L, low);
        foreach (var (value, customers) in sorted)
        {
            high = value;
            if ((seen += customers) >= all * 0.95)
            {
                break;
            }
        }
        var width = Round((high - low) / MostBars);
        var from = Math.Floor(low / width) * width;
        var bars = Enumerable.Range(0, MostBars).Select(i => (From: from + (i * width), To: i == MostBars - 1 ? (decimal?)null : from + ((i + 1) * width)))
            .Select(b => new DistributionBar(sorted.Where(v => v.Value >= b.From && (b.To is not { } to || v.Value < to)).Sum(v => v.Customers), null, b.From, b.To)).ToList();
        return new TraitDistribution(DistributionKind.Ranges, bars);
    }

    /// <summary>The next number of the kind 1, 2, 5, 10 …: bounds that people can read.</summary>
    private static decimal Round(decimal width)
    {
        if (width <= 0)
        {
            return 1;
        }
        var power = (decimal)Math.Pow(10, Math.Floor(Math.Log10((double)width)));
        return new[] { 1m, 2m, 5m, 10m }.First(n => n * power >= width || n == 10) * power;
    }

    private static TraitDistribution OfTimes(IReadOnlyDictionary<FactValue, long> values, long now)
    {
        var days = values.Select(v => (Days: (now - Fact.Milliseconds(ComputedValue.TimeOf(v.Key)!.Value)) / 86_400_000.0, v.Value)).ToList();
        var bars = new List<DistributionBar>();
        for (var i = 0; i <= Ages.Length; i++)
        {
            var (from, to) = (i == 0 ? (int?)null : Ages[i - 1], i == Ages.Length ? (int?)null : Ages[i]);
            bars.Add(new DistributionBar(days.Where(d => (from is null || d.Days > from) && (to is null || d.Days <= to)).Sum(d => d.Value), null, from, to));
        }
        return new TraitDistribution(DistributionKind.Ages, bars);
    }
}
