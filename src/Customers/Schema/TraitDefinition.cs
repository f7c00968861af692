using System.Text.RegularExpressions;
using Wellmet.Customers.Contract;

namespace Wellmet.Customers.Schema;

/// <summary>Who says a trait.</summary>
public enum TraitSource
{
    /// <summary>A browser, which can claim anything.</summary>
    Visitor,

    /// <summary>The shop's server, or a browser with its proof.</summary>
    Shop,
    Import,
    Staff,
}

/// <summary>Which of several statements counts.</summary>
public enum TraitRule
{
    /// <summary>What staff say, then what the shop and files say, then what a browser claims; among them the newest.</summary>
    Trusted,

    /// <summary>The newest, whoever says it.</summary>
    Newest,

    /// <summary>What staff say, then the first that was ever said.</summary>
    First,

    /// <summary>What staff say, then the highest number or latest date.</summary>
    Highest,

    /// <summary>What staff say, then the lowest number or earliest date.</summary>
    Lowest,

    /// <summary>Only what staff say.</summary>
    Staff,
}

/// <summary>What the shop says of one of its traits.</summary>
/// <param name="Name">In snake_case, as sources write it.</param>
/// <param name="Sources">Who may say it. By <see cref="TraitRule.Staff"/> only staff may.</param>
/// <param name="Archived">It is kept, and counts as if it were not defined.</param>
/// <param name="Revised">State of the schema in which it last changed what is told of the trait; 0 where it never did.</param>
public sealed partial record TraitDefinition(
    string Name, string Label, TraitType Type, TraitTelling Telling, IReadOnlySet<TraitSource> Sources, TraitRule Rule, bool Archived = false, long Revised = 0)
{
    public const int LongestName = 60, LongestLabel = 100, Most = 200;

    /// <summary>The fields of the profile and the names under which segments know other things.</summary>
    private static readonly HashSet<string> Taken = ["name", "email", "phone", "country", "locale", "anonymous", "first_seen", "next_order_chance", "next_type", "id", "user_id"];

    public static readonly IReadOnlySet<TraitSource> Everybody = Enum.GetValues<TraitSource>().ToHashSet();

    /// <summary>A trait that nobody defined: sealed, of any kind, from anybody.</summary>
    public static TraitDefinition Undefined(string name) => new(name, name, TraitType.Text, TraitTelling.Sealed, Everybody, TraitRule.Trusted) { IsDefined = false };

    /// <summary>False for a trait that nobody defined.</summary>
    public bool IsDefined { get; private init; } = true;

    public bool IsTold => !Archived && Telling is not TraitTelling.Sealed;

    public bool Accepts(TraitSource source) => Rule is TraitRule.Staff ? source is TraitSource.Staff : Sources.Contains(source);

    /// <summary>Whether a trait can have the name.</summary>
    public static bool IsName(string name) => name.Length <= LongestName && NamePattern().IsMatch(name);

    /// <summary>Whether the name means something else already.</summary>
    public static bool IsTaken(string name) => Taken.Contains(name) || name.StartsWith("consent_", StringComparison.Ordinal);

    /// <summary>Whether something else follows from the other definition than from this one for what is told.</summary>
    public bool TellsOtherwise(TraitDefinition other) => (IsTold || other.IsTold)
        && (IsTold != other.IsTold || Telling != other.Telling || Type != other.Type || Rule != other.Rule || !Sources.SetEquals(other.Sources));

    [GeneratedRegex("^[a-z][a-z0-9_]*$", RegexOptions.None, -1)]
    private static partial Regex NamePattern();
}
