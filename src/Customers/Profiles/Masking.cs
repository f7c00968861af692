using System.Globalization;

namespace Wellmet.Customers.Profiles;

/// <summary>Personal data for people who may not see it: enough to tell two rows apart, not enough to reach anybody.</summary>
public static class Masking
{
    private const string Hidden = "•••";

    /// <summary><c>Anna Berg</c> is <c>A••• B•••</c>.</summary>
    public static string Words(string value) =>
        string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(4).Select(Word));

    /// <summary>First character only.</summary>
    public static string Word(string value) => value.Length == 0 ? "" : StringInfo.GetNextTextElement(value) + Hidden;

    /// <summary><c>jane@doe.de</c> is <c>j•••@d•••.de</c>.</summary>
    public static string Email(string value)
    {
        var at = value.LastIndexOf('@');
        if (at < 1)
        {
            return Word(value);
        }
        var domain = value[(at + 1)..];
        var dot = domain.LastIndexOf('.');
        return Word(value[..at]) + "@" + (dot < 1 ? Word(domain) : Word(domain[..dot]) + domain[dot..]);
    }

    /// <summary>Last two digits only.</summary>
    public static string Phone(string value) => value.Length < 5 ? Hidden : Hidden + value[^2..];
}
