using System.Text.RegularExpressions;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;

namespace Wellmet.Customers.Joining;

/// <summary>Values that identify nobody: what programs send where there is nothing to send, and the shop's own list.</summary>
public sealed partial class BlockedValues
{
    /// <summary>Most values of the shop's own list.</summary>
    public const int Most = 500;

    public static readonly BlockedValues BuiltIn = new([]);

    private readonly HashSet<string> exact;
    private readonly List<string> domains;

    /// <param name="own">Values in any writing; <c>*@domain</c> stands for every address of a domain.</param>
    public BlockedValues(IReadOnlyCollection<string> own)
    {
        Own = [.. own];
        domains = [.. own.Where(v => v.StartsWith("*@", StringComparison.Ordinal)).Select(v => IdentityText.Normalise(IdentityKind.Email, v)![1..])];
        exact = own.SelectMany(v => new[] { v.Trim(), IdentityText.Normalise(IdentityKind.Email, v), IdentityText.Normalise(IdentityKind.Phone, v) }).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The shop's own list, as it was written.</summary>
    public IReadOnlyList<string> Own { get; }

    /// <summary>Whether a value, normalised or not, identifies nobody.</summary>
    public bool IsNobody(IdentityKind kind, string value) => exact.Contains(value) || kind switch
    {
        IdentityKind.Email => NoAddress().IsMatch(value) || domains.Exists(d => value.EndsWith(d, StringComparison.OrdinalIgnoreCase)),
        IdentityKind.Phone => NoPhone().IsMatch(value),
        _ => NoId().IsMatch(value) || NoAddress().IsMatch(value),
    };

    /// <summary>Whether several people read the mailbox: it stays an address, but joins nobody.</summary>
    public static bool IsSharedInbox(string email) => SharedInbox().IsMatch(email);

    // No time limits: each reads the text once, and a limit in wall-clock time breaks on a busy machine.
    [GeneratedRegex(@"^(0[0-]+|-+1?|null|\(null\)|none|nil|undefined|nan|n/a|true|false|anonymous|guest|unknown|nobody|\[object .*\]|\{\{.*\}\}|\$\{.*\}|<%.*%>)$", RegexOptions.IgnoreCase, -1)]
    private static partial Regex NoId();

    [GeneratedRegex(@"^(guest|test|no-?_?reply|do-?_?not-?_?reply|null|none|undefined|anonymous|unknown|nobody)(\+[^@]*)?@", RegexOptions.IgnoreCase, -1)]
    private static partial Regex NoAddress();

    [GeneratedRegex(@"^\+?((\d)\2*|0?123456789?0?)$", RegexOptions.None, -1)]
    private static partial Regex NoPhone();

    [GeneratedRegex(@"^(info|office|sales|contact|support|service|admin|hello|mail|shop|store|orders|kontakt|bestellung|einkauf|purchasing|postmaster|webmaster)@", RegexOptions.IgnoreCase, -1)]
    private static partial Regex SharedInbox();
}
