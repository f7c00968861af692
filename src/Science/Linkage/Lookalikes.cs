namespace Wellmet.Science.Linkage;

/// <summary>
/// People who are not the same and yet agree on more than chance. They are classes of the mixture beside strangers and the same person; how many there are, and how often
/// they share what, is learned.
/// </summary>
internal static class Lookalikes
{
    public const int Neighbours = 0, Household = 1, Twins = 2, Namesakes = 3, Count = 4;

    /// <summary>The line of an explanation.</summary>
    public const string Name = "lookalikes";

    /// <summary>Weight of what is believed of sharing, in pairs.</summary>
    public const double SharedPriorPairs = 200;

    /// <summary>Twins for each pair of a household: known, and not learned, or slips in given names would be taken for twins.</summary>
    public const double TwinShare = 0.02;

    /// <summary>
    /// Pairs believed before any are seen: of one household two in any list and one more for two hundred records, of namesakes one and one more for a thousand. They keep
    /// people apart in a list that holds few of them.
    /// </summary>
    public static double PriorPairs(int lookalike, int records) => lookalike switch
    {
        Household => 2 + (0.005 * records),
        Namesakes => 1 + (0.001 * records),
        _ => 0,
    };

    /// <summary>
    /// How often people of the class are believed to agree on a field as one person would with themselves; otherwise they agree as strangers do. 0 is never. Names of one origin
    /// go together, so that namesakes are more than the shares of both names would make.
    /// </summary>
    public static double Shared(int lookalike, FieldKind kind) => (lookalike, kind) switch
    {
        (Namesakes, FieldKind.GivenName or FieldKind.Surname or FieldKind.Region) => 0.95,
        (Namesakes, _) => 0,
        (_, FieldKind.Locality or FieldKind.Postcode or FieldKind.Region) => 0.95,
        (Neighbours, _) => 0,
        (_, FieldKind.AddressLine or FieldKind.StreetNumber) => 0.95,
        (_, FieldKind.Surname) => 0.8,
        (_, FieldKind.Phone) => 0.5,
        (_, FieldKind.Email) => 0.3,
        (Twins, FieldKind.BirthDate) => 0.95,
        _ => 0,
    };
}
