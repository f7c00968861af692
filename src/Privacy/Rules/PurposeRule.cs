using Wellmet.Platform;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;

namespace Wellmet.Privacy.Rules;

/// <summary>On what a use of personal data may stand.</summary>
public enum LegalBasis
{
    Contract,
    LegalObligation,

    /// <summary>Allowed until the person objects.</summary>
    LegitimateInterest,

    /// <summary>Allowed until the person opts out, as some markets' laws say for advertising.</summary>
    OptOut,
    Consent,

    /// <summary>Consent that was confirmed by a double opt-in.</summary>
    ConfirmedConsent,
    Forbidden,
}

/// <summary>The rule of a market for a use.</summary>
/// <param name="Market">Code of the market; <see cref="RuleBook.Everywhere"/> for all that have no rule of their own.</param>
/// <param name="SoftOptIn">Own customers who could refuse at a purchase and did not count as if they had consented.</param>
/// <param name="SoftOptInDays">For how long after that purchase; null for ever.</param>
public sealed record PurposeRule(string Market, Purpose Purpose, Channel Channel, LegalBasis Basis, bool SoftOptIn = false, int? SoftOptInDays = null)
{
    /// <summary>One cannot object to what a contract or the law demands.</summary>
    public bool MayObject => Basis is not (LegalBasis.Contract or LegalBasis.LegalObligation);

    public bool NeedsConsent => Basis is LegalBasis.Consent or LegalBasis.ConfirmedConsent;
}

/// <summary>The rules of all markets, as the shop set them.</summary>
public sealed class RuleBook
{
    public const string Everywhere = "*";

    private readonly Dictionary<(string, Purpose, Channel), PurposeRule> rules;
    private readonly Dictionary<string, string> marketOf;

    private RuleBook(IEnumerable<PurposeRule> rules, Dictionary<string, string> marketOf)
    {
        this.rules = rules.ToDictionary(r => (r.Market, r.Purpose, r.Channel));
        this.marketOf = marketOf;
    }

    public IReadOnlyCollection<PurposeRule> All => rules.Values;

    public IEnumerable<string> Markets => marketOf.Values.Distinct().Order(StringComparer.Ordinal).Prepend(Everywhere);

    /// <summary>Whether where somebody lives makes a difference for the purpose.</summary>
    public bool DiffersByMarket(Purpose purpose) => rules.Keys.Any(k => k.Item1 != Everywhere && k.Item2 == purpose);

    /// <summary>The nearest rule, for a country by its code or name: of the market before everywhere's, of the channel before that of any; forbidden where there is none.</summary>
    public PurposeRule Find(DataUse use)
    {
        var market = CountryCode.Of(use.Country) is { } country ? marketOf.GetValueOrDefault(country, Everywhere) : Everywhere;
        return Of(market, use.Channel) ?? Of(market, Channel.Any) ?? Of(Everywhere, use.Channel) ?? Of(Everywhere, Channel.Any)
            ?? new PurposeRule(Everywhere, use.Purpose, use.Channel, LegalBasis.Forbidden);

        PurposeRule? Of(string where, Channel channel) => rules.GetValueOrDefault((where, use.Purpose, channel));
    }

    internal static async Task<RuleBook> ReadAsync(Session session, CancellationToken ct)
    {
        var rules = await session.QueryAsync("select market, purpose, channel, legal_basis, soft_opt_in, soft_opt_in_days from privacy_rules", null,
            r => new PurposeRule(r.Text(0), r.Enum<Purpose>(1), r.Enum<Channel>(2), r.Enum<LegalBasis>(3), r.Bool(4), (int?)r.LongOrNull(5)), ct);
        var markets = await session.QueryAsync("select country, market from privacy_markets", null, r => (Country: r.Text(0), Market: r.Text(1)), ct);
        return new RuleBook(rules, markets.ToDictionary(m => m.Country, m => m.Market));
    }
}
