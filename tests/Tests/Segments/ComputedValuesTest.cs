using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Science.Statistics;
using Wellmet.Segments.ComputedTraits;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Tests.Segments;

/// <summary>Computed traits, worked out of packed histories, say what they say in words, and rules that ask them know until when.</summary>
public sealed class ComputedValuesTest
{
    private static readonly Guid Trait = Id.New();

    [Fact]
    public async Task Thousands_of_formulas_say_what_they_should_and_nothing_changes_sooner_than_they_say()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var (known, turned, changed) = (0, 0, 0);
        for (var seed = 0; seed < 2000; seed++)
        {
            var (made, random) = (new RandomRules(seed), new SeededRandom((ulong)seed));
            var (formula, facts) = (Formula(made, random), made.Facts());
            var rule = new ComputedTrait(Trait, TestOf(formula, random));
            var compiled = (CompiledComputed)(await shop.Get<SegmentBook>().CompileAsync([rule], Around(formula), default))[0];
            var moment = new Moment { Histories = await RulesTest.PackAsync(shop, facts, subjects: 1 + (seed % 3)), Now = Fact.Milliseconds(RandomRules.Now.AddDays(-random.Next(30))) };
            string Where() => $"seed {seed} at {Fact.Time(moment.Now):O}: {TraitFormulaJson.Write(formula)} {RuleJson.Write(rule)}";
            for (var step = 0; step < 6; step++)
            {
                var (value, verdict) = (compiled.Compute(moment), compiled.Ask(moment));
                Assert.True(value.Value == FormulaOracle.Value(formula, facts, moment.Now), Where());
                Assert.True(verdict.Holds == HoldsAt(rule, formula, facts, moment.Now), Where());
                Assert.Equal(verdict.Holds, compiled.Explain(moment).Holds);
                known += value.Value is null ? 0 : 1;
                var end = moment.Now + (long)TimeSpan.FromDays(60).TotalMilliseconds;
                Assert.True(value.ChangesAt > moment.Now && verdict.ChangesAt > moment.Now, Where());
                foreach (var at in Between(moment.Now, Math.Min(value.ChangesAt, end), random))
                {
                    Assert.True(value.Value == FormulaOracle.Value(formula, facts, at), $"value changed early, at {Fact.Time(at):O}: {Where()}");
                }
                foreach (var at in Between(moment.Now, Math.Min(verdict.ChangesAt, end), random))
                {
                    Assert.True(verdict.Holds == HoldsAt(rule, formula, facts, at), $"turned early, at {Fact.Time(at):O}: {Where()}");
                }
                if (verdict.ChangesAt == Verdict.Never)
                {
                    break;
                }
                // The very moment at which it turns is told, not only one before.
                moment.Now = verdict.ChangesAt;
                Assert.True(compiled.Ask(moment).Holds != verdict.Holds || TestOperators.DependsOnTime(rule.Test.Operator), Where());
                turned++;
                changed += compiled.Compute(moment).Value == value.Value ? 0 : 1;
            }
        }
        Assert.True(known > 1500 && turned > 500 && changed > 300, $"{known} known, {turned} turned, {changed} changed");
    }

    [Fact]
    public void Formulas_are_read_as_they_were_written()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var formula = Formula(new RandomRules(seed), new SeededRandom((ulong)seed));
            var (written, read) = (TraitFormulaJson.Write(formula), TraitFormulaJson.Read(TraitFormulaJson.Write(formula)));
            Assert.Equal((formula.Aggregation, formula.Of, formula.Last, formula.What.Kind, formula.What.Where.Count), (read.Aggregation, read.Of, read.Last, read.What.Kind, read.What.Where.Count));
            Assert.Equal(written, TraitFormulaJson.Write(read));
        }
        var rule = $$"""{"computed":"{{Trait}}","at_least":3}""";
        Assert.Equal(rule, RuleJson.Write(RuleJson.Read(rule)));
    }

    [Theory]
    [InlineData("""{"did":"A"}""", "exactly one of")]
    [InlineData("""{"did":"A","sum":"x","count":true}""", "exactly one of")]
    [InlineData("""{"did":"A","count":"x"}""", "'count' is true")]
    [InlineData("""{"did":"A","sum":true}""", "'sum' names a property")]
    [InlineData("""{"did":"A","first":""}""", "'first' is a name")]
    [InlineData("""{"did":"A","count":true,"window":{"since":"2026-01-01"}}""", "'since' is not known")]
    public void What_is_wrong_with_a_formula_is_said(string json, string what)
    {
        var wrong = Assert.Throws<ProblemException>(() => TraitFormulaJson.Read(json));
        Assert.Equal("rule_invalid", wrong.Code);
        Assert.Contains(what, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_distribution_counts_everybody_once()
    {
        var random = new SeededRandom(5);
        var numbers = Enumerable.Range(0, 300).Select(_ => Math.Round((decimal)Math.Pow(10, 3 * random.NextDouble()))).Distinct().ToDictionary(n => FactValue.Of(n), _ => 1L + random.Next(3));
        var ranges = TraitDistribution.Of(numbers, 0);
        Assert.Equal(DistributionKind.Ranges, ranges.Kind);
        Assert.Equal(numbers.Values.Sum(), ranges.Bars.Sum(b => b.Customers));
        Assert.All(ranges.Bars, b => Assert.Equal(numbers.Where(n => n.Key.Number >= b.From && !(n.Key.Number >= b.To)).Sum(n => n.Value), b.Customers));

        var texts = Enumerable.Range(0, 15).ToDictionary(i => FactValue.Of($"v{i:00}"), i => (long)i);
        var values = TraitDistribution.Of(texts, 0);
        Assert.Equal((DistributionKind.Values, 11, "v14", 0L + 4 + 3 + 2 + 1), (values.Kind, values.Bars.Count, values.Bars[0].Text, values.Bars[^1].Customers));

        // What one customer alone has may name them.
        var rare = TraitDistribution.Of(new Dictionary<FactValue, long> { [FactValue.Of("often")] = 2, [FactValue.Of("Ann Example")] = 1, [FactValue.Of("Bob Example")] = 1 }, 0);
        Assert.Equal([new DistributionBar(2, "often"), new DistributionBar(2)], rare.Bars);

        var now = Fact.Milliseconds(RandomRules.Now);
        var times = new[] { 0.5, 1.5, 40, 1000 }.ToDictionary(d => ComputedValue.Time(now - (long)(d * 86_400_000)), _ => 2L);
        var ages = TraitDistribution.Of(times, now);
        Assert.Equal((DistributionKind.Ages, "2 2 0 2 0 0 0 2"), (ages.Kind, string.Join(' ', ages.Bars.Select(b => b.Customers))));
    }

    private static TraitFormula Formula(RandomRules made, SeededRandom random)
    {
        var aggregation = (Aggregation)random.Next(Enum.GetValues<Aggregation>().Length);
        var of = aggregation switch
        {
            Aggregation.Count => null,
            Aggregation.First or Aggregation.Last => random.Next(2) == 0 ? null : "category",
            Aggregation.Different or Aggregation.MostFrequent => random.Next(2) == 0 ? "category" : "note",
            _ => "price",
        };
        return new TraitFormula(made.Filter(), aggregation, of, random.Next(4) == 0 ? null : TimeSpan.FromDays(1 + random.Next(50)));
    }

    private static Test TestOf(TraitFormula formula, SeededRandom random) => formula.Aggregation switch
    {
        Aggregation.First or Aggregation.Last when formula.Of is null => new Test(random.Next(2) == 0 ? TestOperator.InLastDays : TestOperator.MoreThanDaysAgo, [FactValue.Of((decimal)random.Next(30))]),
        Aggregation.First or Aggregation.Last or Aggregation.MostFrequent => new Test(random.Next(2) == 0 ? TestOperator.Is : TestOperator.Exists, random.Next(2) == 0 ? [FactValue.Of("tea")] : [FactValue.Of("Shoes"), FactValue.Of("note 1")]),
        Aggregation.Count or Aggregation.Different => new Test(random.Next(2) == 0 ? TestOperator.AtLeast : TestOperator.LessThan, [FactValue.Of((decimal)random.Next(4))]),
        _ => new Test(random.Next(2) == 0 ? TestOperator.MoreThan : TestOperator.AtMost, [FactValue.Of((decimal)random.Next(40))]),
    };

    private static bool HoldsAt(ComputedTrait rule, TraitFormula formula, IReadOnlyList<Fact> facts, long at) => ValueTest.At(rule.Test, FormulaOracle.Value(formula, facts, at), at).Holds;

    private static IEnumerable<long> Between(long now, long next, SeededRandom random) =>
        new[] { now + 1, now + (long)((next - now) * random.NextDouble()), (now + next) / 2, next - 1 }.Where(t => t > now && t < next);

    private static RuleSurroundings Around(TraitFormula formula) =>
        new(null, new Dictionary<Guid, ProductLabel?>(), new Dictionary<Guid, Rule>()) { Traits = new Dictionary<Guid, TraitFormula> { [Trait] = formula } };
}
