using FsCheck;
using FsCheck.Fluent;
using Wellmet.Platform.Purposes;
using Wellmet.Privacy.Consents;
using Wellmet.Privacy.Contract;
using Wellmet.Privacy.Rules;

namespace Wellmet.Tests.Privacy;

/// <summary>Laws of the rule, for any records: four people of whom any are joined, two addresses, eight days.</summary>
public sealed class ConsentStateTest
{
    private static readonly Guid[] People = [.. Enumerable.Range(1, 4).Select(i => new Guid(i, 0, 0, new byte[8]))];
    private static readonly string?[] Tokens = [null, "A", "B"];
    private static readonly Channel[] Channels = [Channel.Any, Channel.Email, Channel.Push];
    private static readonly ConsentDecision[] Decisions = [ConsentDecision.Given, ConsentDecision.NotRefused, ConsentDecision.Withdrawn, ConsentDecision.Lifted];

    [Fact]
    public void Any_order_of_arrival_gives_the_same_state() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(), ArbMap.Default.ArbFor<int>(), (records, seed) =>
        {
            var facts = Facts(records);
            // Kept as the database keeps them: the latest of each kind, whatever came first.
            return Questions().All(q => Ask(q, facts, People) == Ask(q, [.. Latest(facts.OrderBy(f => HashCode.Combine(f, seed)))], People));
        }));

    [Fact]
    public void Joining_customers_never_raises() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(), ArbMap.Default.ArbFor<int>(), (records, cut) =>
        {
            var facts = Facts(records);
            var sides = People.GroupBy(p => (cut >> p.ToByteArray()[0]) & 1).Select(side => side.ToArray()).ToArray();
            return Questions().Where(q => Ask(q, facts, People)).All(q => sides.Any(side => side.Contains(q.Subject) ? Ask(q, facts, side) : q.Token is not null && Ask(q, facts, side))
                && sides.All(side => !Withdrawn(q, facts, side)));
        }));

    [Fact]
    public void A_later_withdrawal_of_anybody_closes_the_channel_for_all() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(), ArbMap.Default.ArbFor<int>(), (records, who) =>
        {
            var facts = Facts(records).Append(new ConsentFact(People[(who & int.MaxValue) % People.Length], Channel.Any, ConsentDecision.Withdrawn, false, null, ConsentsInShop.Day.AddDays(8))).ToList();
            return Questions().All(q => !Ask(q, facts, People));
        }));

    private static IEnumerable<Question> Questions() =>
        from subject in People
        from rule in new[] { LegalBasis.Consent, LegalBasis.ConfirmedConsent, LegalBasis.OptOut, LegalBasis.LegitimateInterest }
        from asked in new[] { (Channel.Email, (string?)"A"), (Channel.Email, "B"), (Channel.Push, null) }
        select new Question(subject, new PurposeRule("*", Purpose.Marketing, asked.Item1, rule, SoftOptIn: true), asked.Item2);

    private static bool Ask(Question q, IReadOnlyCollection<ConsentFact> facts, Guid[] customer) => Decide(q, facts, customer).Allowed;

    private static bool Withdrawn(Question q, IReadOnlyCollection<ConsentFact> facts, Guid[] customer) => Decide(q, facts, customer).Basis is "withdrawn" or "objected";

    private static PurposeDecision Decide(Question q, IReadOnlyCollection<ConsentFact> facts, Guid[] customer) => ConsentState.Decide(
        q.Rule, new DataUse(Purpose.Marketing, q.Rule.Channel), q.Subject, [.. facts.Where(f => customer.Contains(f.SubjectId) && (f.Channel == Channel.Any || f.Channel == q.Rule.Channel))],
        q.Token, null, ConsentsInShop.Day.AddDays(20));

    private static IEnumerable<ConsentFact> Latest(IEnumerable<ConsentFact> facts) =>
        facts.GroupBy(f => f with { At = default }).Select(g => g.Aggregate((a, b) => b.At > a.At ? b : a));

    /// <summary>Each number is a record.</summary>
    private static List<ConsentFact> Facts(int[] records) => [.. records.Select(n => new Random32((uint)n)).Select(r =>
    {
        var channel = Channels[r.Next(3)];
        return new ConsentFact(People[r.Next(4)], channel, Decisions[r.Next(4)], r.Next(2) == 0, channel == Channel.Email ? Tokens[r.Next(3)] : null, ConsentsInShop.Day.AddDays(r.Next(8)));
    })];

    private sealed record Question(Guid Subject, PurposeRule Rule, string? Token);

    /// <summary>Spreads a generated number over the fields of a record.</summary>
    private sealed class Random32(uint seed)
    {
        private uint state = seed;

        public int Next(uint below)
        {
            state = (state * 2654435761u) + 12345u;
            return (int)((state >> 16) % below);
        }
    }
}
