using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Schema;
using Wellmet.Customers.Traits;
using Wellmet.Platform;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Customers.Traits;

/// <summary>Which statement counts, whatever the order in which they arrive; and what a value is.</summary>
public sealed class TraitRunsTest
{
    private static readonly DateTimeOffset Day = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(TraitRule.Trusted)]
    [InlineData(TraitRule.Newest)]
    [InlineData(TraitRule.First)]
    [InlineData(TraitRule.Highest)]
    [InlineData(TraitRule.Lowest)]
    [InlineData(TraitRule.Staff)]
    public void What_counts_does_not_depend_on_the_order_of_arrival(TraitRule rule)
    {
        var definition = new TraitDefinition("points", "Points", TraitType.Number, TraitTelling.Clear, TraitDefinition.Everybody, rule);
        var several = 0;
        for (var seed = 1UL; seed <= 200; seed++)
        {
            var random = new SeededRandom(seed);
            var said = Enumerable.Range(0, 30).Select(i => Said(random, i)).ToList();
            var wanted = Oracle(definition, said);
            several += wanted is null ? 0 : 1;
            for (var order = 0; order < 3; order++)
            {
                IReadOnlyList<TraitRun> runs = [];
                foreach (var one in said.OrderBy(_ => random.Next(1_000_000)))
                {
                    runs = TraitRuns.Add(runs, one);
                }
                TraitChoice.Of(definition, runs)?.Value.ShouldBe(wanted, $"seed {seed}");
                (TraitChoice.Of(definition, runs) is null).ShouldBe(Oracle(definition, said) is null && !said.Any(s => TraitChoice.Counts(definition, s)));
            }
        }
        several.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void The_same_value_said_again_and_again_is_one_run_and_what_falls_between_parts_it()
    {
        IReadOnlyList<TraitRun> runs = [];
        foreach (var minute in new[] { 5, 1, 9, 3 })
        {
            runs = TraitRuns.Add(runs, At(minute, "\"gold\""));
        }
        runs.ShouldHaveSingleItem();
        (runs[0].First.At, runs[0].Last.At).ShouldBe((Day.AddMinutes(1), Day.AddMinutes(9)));

        runs = TraitRuns.Add(runs, At(4, "\"silver\""));
        runs.OrderBy(r => r.First).Select(r => r.Value).ShouldBe(["\"gold\"", "\"silver\"", "\"gold\""]);
        TraitRuns.Add(runs, At(4, "\"silver\"")).ShouldBeSameAs(runs);
    }

    [Fact]
    public void A_history_is_bounded_and_keeps_what_rules_choose()
    {
        IReadOnlyList<TraitRun> runs = [];
        foreach (var minute in Enumerable.Range(0, 300))
        {
            runs = TraitRuns.Bounded(TraitRuns.Add(runs, At(minute, minute switch { 40 => "999", 41 => "-5", _ => JsonSerializer.Serialize(minute % 7) })));
        }
        runs.Count.ShouldBe(TraitRuns.MostKept + 3);
        runs.Min(r => r.First).At.ShouldBe(Day);
        runs.Select(r => r.Value).ShouldContain("999");
        runs.Select(r => r.Value).ShouldContain("-5");
        runs.Max(r => r.Last).At.ShouldBe(Day.AddMinutes(299));
    }

    [Theory]
    [InlineData(TraitType.Number, "\"12.50\"", "12.5", null)]
    [InlineData(TraitType.Number, "1e3", "1000", null)]
    [InlineData(TraitType.Number, "\"many\"", null, "trait_not_number")]
    [InlineData(TraitType.Number, "1000000000", null, "trait_not_number")]
    [InlineData(TraitType.Boolean, "\"Yes\"", "true", null)]
    [InlineData(TraitType.Boolean, "\"maybe\"", null, "trait_not_boolean")]
    [InlineData(TraitType.Date, "\"2026-02-28\"", "2026-02-28", null)]
    [InlineData(TraitType.Date, "\"2026-02-28T23:30:00-02:00\"", "2026-03-01T01:30:00Z", null)]
    [InlineData(TraitType.Date, "\"28/02/2026\"", null, "trait_not_date")]
    [InlineData(TraitType.Date, "\"2026-02-30\"", null, "trait_not_date")]
    [InlineData(TraitType.Text, "7", "7", null)]
    [InlineData(TraitType.Text, "{\"a\":1}", null, "trait_not_text")]
    public void A_value_is_read_as_its_trait_is_defined(TraitType type, string json, string? text, string? problem)
    {
        var read = TraitValue.Read(new TraitDefinition("t", "T", type, TraitTelling.Clear, TraitDefinition.Everybody, TraitRule.Trusted), json, out var why);

        (read?.Text, why).ShouldBe((text, problem));
    }

    [Fact]
    public void Of_a_date_of_birth_the_year_is_never_told()
    {
        var birthday = new TraitDefinition("birthday", "Birthday", TraitType.Date, TraitTelling.MonthAndDay, TraitDefinition.Everybody, TraitRule.Trusted);

        TraitValue.Read(birthday, "\"1984-02-29\"", out _)!.Told(birthday.Telling).GetString().ShouldBe("--02-29");
        TraitValue.Read(birthday, "\"--12-24\"", out _)!.Told(birthday.Telling).GetString().ShouldBe("--12-24");
        TraitValue.Read(birthday, "\"--13-01\"", out _).ShouldBeNull();
    }

    private static TraitRun At(int minute, string? value) => TraitRun.Of(Guid.Empty, "points", TraitSource.Shop, Guid.Empty, Guid.Empty, new SaidAt(Day.AddMinutes(minute), [(byte)(minute % 256), (byte)(minute / 256)]), value);

    /// <summary>Few values and close times, so that runs meet and moments coincide.</summary>
    private static TraitRun Said(SeededRandom random, int number)
    {
        var source = (TraitSource)random.Next(4);
        var value = random.Next(8) == 0 ? null : random.Next(9) == 0 ? "\"many\"" : JsonSerializer.Serialize(random.Next(6));
        return TraitRun.Of(Guid.Empty, "points", source, Guid.Empty, source is TraitSource.Import ? new Guid(random.Next(3) + 1, 0, 0, new byte[8]) : Guid.Empty,
            new SaidAt(Day.AddMilliseconds(random.Next(25)), [(byte)number]), value);
    }

    /// <summary>As the rules are written for people, over all statements.</summary>
    private static string? Oracle(TraitDefinition definition, List<TraitRun> said)
    {
        var fit = said.Where(s => s.Value is null or not "\"many\"").ToList();
        var staff = fit.Where(s => s.Source is TraitSource.Staff).ToList();
        var others = fit.Where(s => s.Source is not TraitSource.Staff).ToList();
        var valued = others.Where(s => s.Value is not null).ToList();
        return definition.Rule switch
        {
            TraitRule.Newest => fit.MaxBy(s => s.First)?.Value,
            TraitRule.Trusted => (staff.Count > 0 ? staff : others.Exists(s => s.Source is not TraitSource.Visitor) ? others.FindAll(s => s.Source is not TraitSource.Visitor) : others).MaxBy(s => s.First)?.Value,
            _ when staff.Count > 0 => staff.MaxBy(s => s.First)!.Value,
            TraitRule.First => valued.OrderBy(s => s.First.At).ThenByDescending(s => s.First).FirstOrDefault()?.Value,
            TraitRule.Highest => valued.MaxBy(s => decimal.Parse(s.Value!, System.Globalization.CultureInfo.InvariantCulture))?.Value,
            TraitRule.Lowest => valued.MinBy(s => decimal.Parse(s.Value!, System.Globalization.CultureInfo.InvariantCulture))?.Value,
            _ => null,
        };
    }
}
