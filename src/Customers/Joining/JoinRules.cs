using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Joining;

/// <summary>Whether an identifier of a kind joins its subject to an account without anybody being asked.</summary>
public enum JoinWhen
{
    /// <summary>People decide, with the proposals.</summary>
    Never,

    /// <summary>Where the shop's server says it, or signed for it.</summary>
    Verified,
}

/// <summary>What holds for one kind of identifier.</summary>
/// <param name="Kind">As <see cref="JoinRules.BuiltIn"/> names it, or a kind of the shop's own.</param>
/// <param name="Most">How many an account may bring within <paramref name="Days"/>; the next ones are held back.</param>
/// <param name="Days">Days of the window, which slides with the evidence.</param>
public sealed record KindRule(string Kind, JoinWhen Joins, int Most, int Days);

/// <summary>
/// The rules by which subjects are joined to accounts. An account (a user id) is never joined to another one by itself: one user id for each customer. Where a call names
/// several identifiers, the user id goes before all others; kinds stand in the order in which they count.
/// </summary>
/// <param name="MostAccounts">A browser, address or number that more accounts than this say is theirs belongs to nobody.</param>
/// <param name="MostBrowsers">An account that is told of more than so many browsers, addresses and numbers within <paramref name="BrowserDays"/> is no person: a value that a script repeats.</param>
public sealed record JoinRules(IReadOnlyList<KindRule> Kinds, int MostAccounts, int MostBrowsers, int BrowserDays)
{
    public const string Device = "device";

    /// <summary>Most kinds of the shop's own, and their longest name.</summary>
    public const int MostOwn = 10, LongestKind = 30;

    public static readonly string Email = EnumText.Of(IdentityKind.Email), Phone = EnumText.Of(IdentityKind.Phone), Browser = EnumText.Of(IdentityKind.AnonymousId);

    /// <summary>Every shop has these, and they cannot be removed.</summary>
    public static readonly IReadOnlyList<string> BuiltIn = [Email, Phone, Device, Browser];

    public static readonly JoinRules Default = new(
        [new(Email, JoinWhen.Verified, 5, 365), new(Phone, JoinWhen.Never, 3, 365), new(Device, JoinWhen.Never, 10, 365), new(Browser, JoinWhen.Verified, 10, 30)],
        MostAccounts: 5, MostBrowsers: 50, BrowserDays: 30);

    /// <summary>Null for a kind that the shop does not know.</summary>
    public KindRule? Of(string kind) => Kinds.FirstOrDefault(k => k.Kind == kind);

    public bool Joins(string kind) => Of(kind) is { Joins: JoinWhen.Verified };

    /// <summary>Kinds that calls may name in <c>context.externalIds</c>, and the device's own id.</summary>
    public IEnumerable<KindRule> Told => Kinds.Where(k => k.Joins == JoinWhen.Verified && (k.Kind == Device || !BuiltIn.Contains(k.Kind)));
}

/// <summary>Why what a source proved was not made a merge. A code, in the order in which they are looked for.</summary>
public enum HoldReason
{
    /// <summary>Staff merged or parted it before: that stays.</summary>
    Decided,

    /// <summary>It is an account itself, and two accounts are only merged by people.</summary>
    TwoAccounts,

    /// <summary>The rule of the kind says that it never joins by itself.</summary>
    NotAllowed,

    /// <summary>More accounts use it than one person has: a kiosk, a shared mailbox.</summary>
    SharedValue,

    /// <summary>The account is told of more browsers than one person has: a user id that a script repeats.</summary>
    SharedAccount,

    /// <summary>Another account was there first: somebody else uses the same device.</summary>
    OtherAccount,

    /// <summary>The account brought the most that its kind allows within the window.</summary>
    Limit,
}
