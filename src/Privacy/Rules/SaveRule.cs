using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Rules;

/// <summary>Changes on what a use stands in a market, or adds such a rule; it holds at the next question, on other nodes within two seconds.</summary>
public sealed class SaveRule(Database database, CurrentRules current, CurrentActor actor, AuditLog audit)
{
    private const int MostDays = 3660;

    /// <exception cref="ProblemException">
    /// <c>market_unknown</c>, <c>rule_fixed</c>: serving, and handing people their own data, stand on what no setting changes; <c>days_out_of_range</c>.
    /// </exception>
    public async Task RunAsync(PurposeRule rule, CancellationToken ct)
    {
        actor.Demand(PrivacyPermissions.EditRules);
        Demand(rule);
        await database.WriteAsync(async tx =>
        {
            var book = await RuleBook.ReadAsync(tx, ct);
            if (!book.Markets.Contains(rule.Market))
            {
                throw new ProblemException("market_unknown", "There is no such market.");
            }
            await tx.ExecuteAsync("""
                insert into privacy_rules (market, purpose, channel, legal_basis, soft_opt_in, soft_opt_in_days) values (@Market, @Purpose, @Channel, @Basis, @SoftOptIn, @SoftOptInDays)
                on conflict (market, purpose, channel) do update set legal_basis = excluded.legal_basis, soft_opt_in = excluded.soft_opt_in, soft_opt_in_days = excluded.soft_opt_in_days
                """, new { rule.Market, rule.Purpose, rule.Channel, rule.Basis, rule.SoftOptIn, SoftOptInDays = (long?)rule.SoftOptInDays }, ct);
            tx.AfterCommit(current.Forget);
            await audit.RecordAsync(tx, "consent.rule_changed", $"rule:{rule.Market}", null, ct,
                $"{EnumText.Of(rule.Purpose)} {EnumText.Of(rule.Channel)} {EnumText.Of(rule.Basis)}{(rule.SoftOptIn ? " soft_opt_in" : "")}{(rule.SoftOptInDays is { } days ? $" {days}" : "")}");
        }, ct);
    }

    private static void Demand(PurposeRule rule)
    {
        if (rule.Purpose is Purpose.Service or Purpose.Access || !rule.MayObject)
        {
            throw new ProblemException("rule_fixed", "This stands on a contract or the law; no setting changes it.");
        }
        if (rule.SoftOptInDays is < 1 or > MostDays)
        {
            throw new ProblemException("days_out_of_range", "Enter 1 to {0} days, or nothing for no limit.", 400, MostDays);
        }
    }
}
