using Wellmet.Platform.Ui;

namespace Wellmet.Customers.Joining;

/// <summary>Kinds and reasons in words.</summary>
internal static class JoiningWords
{
    /// <summary>A kind of the shop's own is called as the shop calls it.</summary>
    public static string Kind(Words words, string kind) => kind == JoinRules.Email ? words["E-mail address"]
        : kind == JoinRules.Phone ? words["Phone"]
        : kind == JoinRules.Browser ? words["Browser"]
        : kind switch
        {
            JoinRules.Device => words["Device"],
            KnownEvidence.Account => words["Number in the shop"],
            _ => kind,
        };

    public static string Reason(Words words, HoldReason reason) => reason switch
    {
        HoldReason.OtherAccount => words["Another account was there first"],
        HoldReason.Limit => words["More than the limit"],
        HoldReason.TwoAccounts => words["Two accounts: people decide"],
        HoldReason.SharedValue => words["Belongs to too many accounts"],
        HoldReason.SharedAccount => words["The account has too many browsers"],
        HoldReason.NotAllowed => words["Its kind does not join by itself"],
        _ => words["Decided by staff"],
    };
}
