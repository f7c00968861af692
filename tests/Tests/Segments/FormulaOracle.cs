using System.Globalization;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Rules;

namespace Wellmet.Tests.Segments;

/// <summary>Says what a computed trait is in the plainest way: every fact is looked at, one moment at a time.</summary>
internal static class FormulaOracle
{
    public static FactValue? Value(TraitFormula formula, IReadOnlyList<Fact> facts, long now)
    {
        var counted = facts.Where(f => RuleOracle.Fits(formula.What, f) && f.At <= now && (formula.Last is not { } last || now < f.At + (long)last.TotalMilliseconds)).OrderBy(f => f.At).ThenBy(f => f.Seq).ToList();
        var said = formula.Of is { } of ? counted.Select(f => RuleOracle.Property(f, of)).OfType<FactValue>().ToList() : [];
        var numbers = said.Where(v => v.Number is not null).Select(v => v.Number!.Value).ToList();
        static FactValue? Time(Fact? fact) => fact is null ? null : FactValue.Of(Fact.Time(fact.At).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        static FactValue? Number(decimal? number) => number is { } n ? FactValue.Of(n) : null;
        return formula.Aggregation switch
        {
            Aggregation.Count => Number(counted.Count),
            Aggregation.Sum => Number(numbers.Sum()),
            Aggregation.Average => Number(numbers.Count == 0 ? null : numbers.Average()),
            Aggregation.Smallest => Number(numbers.Count == 0 ? null : numbers.Min()),
            Aggregation.Largest => Number(numbers.Count == 0 ? null : numbers.Max()),
            Aggregation.Different => Number(said.Select(v => v.ToString()).Distinct().Count()),
            Aggregation.First => formula.Of is null ? Time(counted.FirstOrDefault()) : said.Count == 0 ? null : said[0],
            Aggregation.Last => formula.Of is null ? Time(counted.LastOrDefault()) : said.Count == 0 ? null : said[^1],
            _ => said.Count == 0 ? null : said.Select((v, i) => (v, i)).GroupBy(p => p.v).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Max(p => p.i)).First().Key,
        };
    }
}
