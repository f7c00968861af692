namespace Wellmet.Science.Linkage;

/// <summary>
/// People who are not the same and yet agree on more than chance: those of one place, of one household, and twins. They are classes of the mixture
/// beside strangers and the same person; how many there are, and how often they share what, is learned.
/// </summary>
internal static class Lookalikes
{
    public const int Count = 3;

    /// <summary>The line of an explanation.</summary>
    public const string Name = "lookalikes";

    /// <summary>Weight of what is believed of sharing, in pairs.</summary>
    public const double SharedPriorPairs = 200;

    /// <summary>Twins for each pair of a household: known, and not learned, or slips in given names would be taken for twins.</summary>
    public const double TwinShare = 0.02;

    /// <summary>
    /// Pairs of one household believed before any are seen: two in any list, and one more for two hundred records. They keep people who live together apart in a list
    /// that holds few of them.
    /// </summary>
    public static double PriorHouseholdPairs(int records) => 2 + (0.005 * records);

    /// <summary>How often people of the class are believed to agree on a field as one person would with themselves; otherwise they agree as strangers do. 0 is never.</summary>
    public static double Shared(int lookalike, FieldKind kind) => kind switch
    {
        FieldKind.Locality or FieldKind.Postcode or FieldKind.Region => 0.95,
        FieldKind.AddressLine or FieldKind.StreetNumber when lookalike > 0 => 0.95,
        FieldKind.Surname when lookalike > 0 => 0.8,
        FieldKind.Phone when lookalike > 0 => 0.5,
        FieldKind.Email when lookalike > 0 => 0.3,
        FieldKind.BirthDate when lookalike == 2 => 0.95,
        _ => 0,
    };
}
