using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Tests.Segments;

/// <summary>Rules, asked of packed histories, say what they say in words, and know until when.</summary>
public sealed class RulesTest
{
    private static readonly RuleSurroundings Nowhere = new(null, new Dictionary<Guid, ProductLabel?>(), new Dictionary<Guid, Rule>());

    [Fact]
    public async Task Thousands_of_rules_hold_of_whom_they_should_and_change_no_sooner_than_they_say()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var (held, changes) = (0, 0);
        for (var seed = 0; seed < 3000; seed++)
        {
            var made = new RandomRules(seed);
            var (rule, facts) = (made.Rule(), made.Facts());
            var (compiled, moment) = (await CompileAsync(shop, rule), new Moment { Histories = await PackAsync(shop, facts, subjects: 1 + (seed % 3)), Now = Fact.Milliseconds(RandomRules.Now) });
            for (var step = 0; step < 6; step++)
            {
                var verdict = compiled.Ask(moment);
                Assert.True(verdict.Holds == RuleOracle.Holds(rule, facts, moment.Now), $"seed {seed}, step {step}: {RuleJson.Write(rule)}");
                Assert.Equal(verdict.Holds, compiled.Explain(moment).Holds);
                held += verdict.Holds ? 1 : 0;
                var next = Math.Min(verdict.ChangesAt, moment.Now + (long)TimeSpan.FromDays(40).TotalMilliseconds);
                Assert.True(verdict.ChangesAt > moment.Now || (verdict.ChangesAt == long.MinValue), $"seed {seed}");
                foreach (var at in new[] { moment.Now + 1, (moment.Now + next) / 2, next - 1 }.Where(t => t > moment.Now && t < next))
                {
                    Assert.True(verdict.Holds == RuleOracle.Holds(rule, facts, at), $"seed {seed}, step {step}: changed before {Fact.Time(next):O}, at {Fact.Time(at):O}: {RuleJson.Write(rule)}");
                }
                if (verdict.ChangesAt == Verdict.Never)
                {
                    break;
                }
                moment.Now = verdict.ChangesAt;
                changes++;
            }
        }
        Assert.InRange(held, 1500, 6000);
        Assert.True(changes > 1000, $"{changes} changes by time");
    }

    [Theory, InlineData(Measure.Count), InlineData(Measure.Sum)]
    public async Task Counts_and_sums_know_the_very_moment_at_which_they_turn(Measure measure)
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var turned = 0;
        for (var seed = 0; seed < 500; seed++)
        {
            var made = new RandomRules(seed);
            var (rule, facts) = (made.Did(measure), made.Facts());
            var (compiled, moment) = (await CompileAsync(shop, rule), new Moment { Histories = await PackAsync(shop, facts, 1), Now = Fact.Milliseconds(RandomRules.Now) });
            while (compiled.Ask(moment) is { ChangesAt: not Verdict.Never } verdict)
            {
                moment.Now = verdict.ChangesAt;
                Assert.True(compiled.Ask(moment).Holds != verdict.Holds, $"seed {seed}: {RuleJson.Write(rule)}");
                turned++;
            }
        }
        Assert.True(turned > (measure == Measure.Count ? 60 : 30), $"{turned}");
    }

    [Fact]
    public void Rules_are_read_as_they_were_written()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var written = RuleJson.Write(new RandomRules(seed).Rule(3));
            Assert.Equal(written, RuleJson.Write(RuleJson.Read(written)));
        }
    }

    [Theory]
    [InlineData("[]", "/", "A rule is an object")]
    [InlineData("{", "/", "not JSON")]
    [InlineData("""{"all":[{"did":"A","at_lest":3}]}""", "/all/0", "'at_lest' is not known")]
    [InlineData("""{"any":[]}""", "/", "at least one")]
    [InlineData("""{"did":"A","sum":"total"}""", "/", "compares it once")]
    [InlineData("""{"did":"A","at_least":1,"at_most":2}""", "/", "compares it once")]
    [InlineData("""{"did":"A","between":[3,2]}""", "/between", "the lower one first")]
    [InlineData("""{"did":"A","window":{"last":"30 days"}}""", "/window/last", "30d, 12h or 90m")]
    [InlineData("""{"did":"A","window":{"last":"5d","before":"9d"}}""", "/window", "ends before it begins")]
    [InlineData("""{"sequence":[{"did":"A"}]}""", "/", "two to 5 steps")]
    [InlineData("""{"sequence":[{"did":"A"},{"not":"B","within":"3d"},{"did":"C","within":"1d"}]}""", "/", "Only the last step")]
    [InlineData("""{"sequence":[{"did":"A"},{"did":"B"}]}""", "/sequence/1", "'within' what time")]
    [InlineData("""{"trait":"country"}""", "/", "exactly one of")]
    [InlineData("""{"trait":"country","is":[]}""", "/", "'is' has 1 to 500 values")]
    [InlineData("""{"trait":"born","before":"31.12.1999"}""", "/before", "yyyy-MM-dd")]
    [InlineData("""{"trait":"born","in_last_days":-1}""", "/in_last_days", "from 0 to 3660")]
    [InlineData("""{"trait":"points","at_least":1e300}""", "/at_least", "not a number")]
    [InlineData("""{"segment":"vip"}""", "/", "names no segment")]
    [InlineData("""{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"did":"A"}}}}}}}}}""", "/not/not/not/not/not/not/not/not", "at most 8 deep")]
    public void What_is_wrong_with_a_rule_is_said_and_where(string json, string place, string what)
    {
        var wrong = Assert.Throws<ProblemException>(() => RuleJson.Read(json));
        Assert.Equal("rule_invalid", wrong.Code);
        Assert.StartsWith($"At {place}: ", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(what, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_says_what_was_put_into_it()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var vocabulary = shop.Get<Vocabulary>();
        for (var seed = 0; seed < 200; seed++)
        {
            var facts = new RandomRules(seed).Facts(60);
            var packed = Assert.Single(await PackAsync(shop, facts, 1));
            var read = PackedHistory.Unpack(packed).ConvertAll(f => $"{vocabulary.Word(f.Kind)} {f.At} {f.KnownAt} {f.Seq} {f.Import}");
            Assert.Equal(facts.Select(f => $"{f.Kind} {f.At} {f.KnownAt} {f.Seq} 0").Order(), read.Order());
            Assert.Equal(packed, PackedHistory.Pack(PackedHistory.Unpack(packed)));
        }
    }

    private static async Task<CompiledRule> CompileAsync(TestShop shop, Rule rule) => (await shop.Get<SegmentBook>().CompileAsync([rule], Nowhere, default))[0];

    /// <summary>Facts of one customer, dealt out to some subjects.</summary>
    internal static async Task<IReadOnlyList<byte[]>> PackAsync(TestShop shop, IReadOnlyList<Fact> facts, int subjects)
    {
        // Some texts have numbers, some stand as they are.
        var words = await shop.Database.WriteAsync(tx => shop.Get<Vocabulary>().AddAsync(tx,
            [.. facts.SelectMany(f => f.Properties.Select(p => p.Name).Append(f.Kind)), .. facts.SelectMany(f => f.Properties).Where(p => p.Name == "category").Select(p => p.Value.Text!)], default), default);
        return [.. facts.Select((f, i) => (Fact: f, Subject: i % subjects)).GroupBy(f => f.Subject).Select(g => PackedHistory.Pack(g.Select(f =>
            new PackedFact(words[f.Fact.Kind], f.Fact.At, f.Fact.KnownAt, f.Fact.Seq, 0, PackedProperties.Pack(f.Fact.Properties, words)))))];
    }
}
