namespace Wellmet.Science.Linkage;

/// <summary>
/// People who are not the same and yet agree on more than chance: those of one place, of one household, and twins. They are classes of the mixture
/// beside strangers and the same person; what they share is taken as written here, how many there are is learned.
/// </summary>
internal static class Lookalikes
{
    public const int Count = 3;

    /// <summary>The line of an explanation.</summary>
    public const string Name = "lookalikes";

    /// <summary>
    /// Pairs believed before any are seen, per record: of one household one in two hundred, twins one in five thousand. They keep people who live together apart in a
    /// list that holds few of them.
    /// </summary>
    public static ReadOnlySpan<double> PriorPerRecord => [0, 0.005, 0.0002];

    /// <summary>How often people of the class agree on a field as one person would with themselves; otherwise they agree as strangers do.</summary>
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
