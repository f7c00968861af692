using Wellmet.Science.Statistics;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Rules;

namespace Wellmet.Tests.Segments;

/// <summary>Makes up people and rules about them, such that both answers are common.</summary>
internal sealed class RandomRules(int seed)
{
    public static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Kinds = ["Product Viewed", "Product Added", "Order Placed"];
    private static readonly string[] Categories = ["Shoes", "lamps", "Tea"];
    private static readonly long Day = (long)TimeSpan.FromDays(1).TotalMilliseconds;
    private readonly SeededRandom random = new((ulong)seed);

    public List<Fact> Facts(int most = 25)
    {
        var facts = new List<Fact>();
        for (var i = random.Next(most); i >= 0; i--)
        {
            // Half of them at full hours, so that windows end in the same moment; some in the future.
            var at = Fact.Milliseconds(Now) + ((random.Next(84) - 80) * Day) + (random.Next(2) == 0 ? 0 : random.Next((int)Day));
            var properties = new List<FactProperty>();
            if (random.Next(6) > 0)
            {
                properties.Add(new("category", FactValue.Of(Pick(Categories))));
            }
            if (random.Next(6) > 0)
            {
                properties.Add(new("price", FactValue.Of((1 + random.Next(39)) / (random.Next(2) == 0 ? 1m : 4m))));
            }
            if (random.Next(3) == 0)
            {
                properties.Add(new("note", FactValue.Of("note " + random.Next(5))));
            }
            facts.Add(new Fact(Pick(Kinds), at, at, i, null, properties));
        }
        foreach (var (name, values) in new[] { ("country", new[] { "DE", "FR", "CN" }), ("birthday", ["1980-02-29", "1990-06-16", "1971-12-31", "2001-03-01"]), ("member_until", ["2026-06-20", "2026-06-14T12:00:00Z", "2026-05-01"]) })
        {
            for (var i = random.Next(3); i > 0; i--)
            {
                facts.Add(new Fact(FactKinds.Trait + name, Fact.Milliseconds(Now) - random.Next(50) * Day, 0, 100 + i, null,
                    [.. random.Next(5) > 0 ? [new FactProperty(FactKinds.Value, FactValue.Of(Pick(values)))] : Array.Empty<FactProperty>(), new(FactKinds.Weight, FactValue.Of((decimal)random.Next(3)))]));
            }
        }
        return facts;
    }

    public Rule Rule(int depth = 2) => random.Next(depth > 0 ? 7 : 4) switch
    {
        0 => Trait(),
        1 => Sequence(),
        2 or 3 => Did(),
        4 => new Not(Rule(depth - 1)),
        5 => new AllOf(Rules(depth - 1)),
        _ => new AnyOf(Rules(depth - 1)),
    };

    private List<Rule> Rules(int depth) => [.. Enumerable.Range(0, (1 + random.Next(3))).Select(_ => Rule(depth))];

    public Did Did(Measure? wanted = null)
    {
        var measure = wanted ?? Pick(Enum.GetValues<Measure>());
        var comparison = Pick(Enum.GetValues<Comparison>());
        var (of, value) = measure switch
        {
            Measure.Count => (null, random.Next(5)),
            Measure.First or Measure.Last => (null, 1),
            Measure.Different => ("category", random.Next(4)),
            _ => ("price", (decimal)random.Next(60)),
        };
        return measure is Measure.First or Measure.Last
            ? new Did(Filter(), measure, null, Comparison.AtLeast, 1, null, Window())
            : new Did(Filter(), measure, of, comparison, value, comparison == Comparison.Between ? value + random.Next(4) : null, Window());
    }

    private Sequence Sequence()
    {
        var steps = new List<SequenceStep> { new(Filter(), TimeSpan.Zero) };
        for (var i = (1 + random.Next(2)); i > 0; i--)
        {
            steps.Add(new SequenceStep(Filter(), TimeSpan.FromDays((1 + random.Next(19))), Happens: true));
        }
        if (random.Next(2) == 0)
        {
            steps[^1] = steps[^1] with { Happens = false };
        }
        return new Sequence(steps, random.Next(3) == 0 ? "category" : null, Window());
    }

    private Trait Trait() => random.Next(3) switch
    {
        0 => new Trait("country", new Test(Pick([TestOperator.Is, TestOperator.IsNot, TestOperator.StartsWith]), [FactValue.Of("de"), FactValue.Of("C")])),
        1 => new Trait("birthday", random.Next(2) == 0 ? new Test(TestOperator.AnniversaryInDays, [FactValue.Of((decimal)random.Next(40))]) : new Test(TestOperator.Before, [FactValue.Of("1981-01-01")])),
        _ => new Trait("member_until", Pick([new Test(TestOperator.InLastDays, [FactValue.Of(3m)]), new Test(TestOperator.InNextDays, [FactValue.Of((decimal)random.Next(10))]),
            new Test(TestOperator.MoreThanDaysAgo, [FactValue.Of((decimal)random.Next(30))]), new Test(TestOperator.Exists, []), new Test(TestOperator.Missing, [])])),
    };

    public FactFilter Filter() => new(Pick(Kinds), [.. Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(4) switch
    {
        0 => new PropertyTest("category", new Test(TestOperator.Is, [FactValue.Of("SHOES"), FactValue.Of(Pick(Categories))])),
        1 => new PropertyTest("category", Pick([new Test(TestOperator.IsNot, [FactValue.Of("tea")]), new Test(TestOperator.Missing, []), new Test(TestOperator.Exists, [])])),
        2 => new PropertyTest("note", new Test(Pick([TestOperator.EndsWith, TestOperator.Contains, TestOperator.DoesNotContain]), [FactValue.Of("2"), FactValue.Of("3")])),
        _ => new PropertyTest("price", new Test(Pick([TestOperator.AtLeast, TestOperator.LessThan]), [FactValue.Of((decimal)random.Next(20))])),
    })]);

    private Window Window() => random.Next(6) switch
    {
        0 => Wellmet.Segments.Rules.Window.Ever,
        1 => new Window(Before: TimeSpan.FromDays((1 + random.Next(39)))),
        2 => new Window(Last: TimeSpan.FromDays((41 + random.Next(39))), Before: TimeSpan.FromDays((1 + random.Next(39)))),
        3 => new Window(Since: Now.AddDays(-(10 + random.Next(60))), Until: Now.AddDays((-9 + random.Next(14)))),
        _ => new Window(Last: TimeSpan.FromDays((1 + random.Next(59)))),
    };

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
