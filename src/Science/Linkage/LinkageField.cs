namespace Wellmet.Science.Linkage;

/// <summary>What a column of person records holds; it decides how the column is cleaned, compared and looked up by.</summary>
public enum FieldKind
{
    /// <summary>Given and family name in one column, in either order; taken apart into a <see cref="GivenName"/> and a <see cref="Surname"/>.</summary>
    FullName,
    GivenName,
    Surname,

    /// <summary>A day: year first, or day and month before the year.</summary>
    BirthDate,
    Phone,
    Email,

    /// <summary>The number of a house or flat.</summary>
    StreetNumber,

    /// <summary>A line of an address: street, building, district.</summary>
    AddressLine,

    /// <summary>Town, suburb.</summary>
    Locality,
    Postcode,

    /// <summary>State, province, country.</summary>
    Region,

    /// <summary>A number or code that nobody else should have: a social security number, a loyalty card.</summary>
    Identifier,

    /// <summary>One of a few values, such as a gender.</summary>
    Category,
}

/// <summary>A column of person records.</summary>
/// <param name="Name">How explanations name it.</param>
public sealed record LinkageField(string Name, FieldKind Kind);

/// <summary>How two values of a field agree: the levels of the comparison, in rising order of agreement.</summary>
public enum Agreement : byte
{
    /// <summary>One of the records has no value: this says nothing.</summary>
    Missing,
    Different,

    /// <summary>Alike: sounds the same, an initial, two of the three parts of a date.</summary>
    Similar,

    /// <summary>The value stands in a neighbouring field of the other record (given name and surname, lines of an address), or a date has its day and month swapped.</summary>
    Moved,

    /// <summary>A slip of the pen apart.</summary>
    Close,
    Exact,
}

/// <summary>What follows from kinds, in one place.</summary>
internal static class FieldKinds
{
    public const int Levels = 6;

    /// <summary>Fields whose values get into each other's columns.</summary>
    public static bool AreNeighbours(FieldKind one, FieldKind other) => Group(one) is var group and > 0 && group == Group(other);

    /// <summary>Fields of one group share a table of values; 0 for none.</summary>
    public static int Group(FieldKind kind) => kind switch
    {
        FieldKind.GivenName or FieldKind.Surname => 1,
        FieldKind.AddressLine or FieldKind.Locality => 2,
        _ => 0,
    };
}
