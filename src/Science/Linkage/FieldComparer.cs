namespace Wellmet.Science.Linkage;

/// <summary>How two records agree, field by field. Safe for any number of threads.</summary>
internal sealed class FieldComparer(PersonRecords records)
{
    private const double CloseNames = 0.93, SimilarNames = 0.86, CloseLines = 0.95, SimilarLines = 0.88;
    private const int DateDigits = 8, YearDigits = 4, ShortestBox = 5;

    private readonly int[][] _neighbours = [.. Enumerable.Range(0, records.Columns.Length).Select(f => Enumerable.Range(0, records.Columns.Length)
        .Where(g => g != f && FieldKinds.AreNeighbours(records.Fields[f].Kind, records.Fields[g].Kind)).ToArray())];

    /// <param name="agreements">One place per field of the records.</param>
    public void Compare(int one, int other, Span<Agreement> agreements)
    {
        var columns = records.Columns;
        for (var field = 0; field < columns.Length; field++)
        {
            var (first, second) = (columns[field].ValueOf[one], columns[field].ValueOf[other]);
            agreements[field] = first == 0 || second == 0 ? Agreement.Missing
                : first == second ? Agreement.Exact
                : HasMoved(field, one, other) ? Agreement.Moved
                : Levels(columns[field].Field.Kind, columns[field].Values[first], columns[field].Values[second]);
        }
    }

    /// <summary>Whether the value of one record stands in a neighbouring field of the other.</summary>
    private bool HasMoved(int field, int one, int other)
    {
        var columns = records.Columns;
        foreach (var neighbour in _neighbours[field])
        {
            if (columns[field].ValueOf[one] == columns[neighbour].ValueOf[other] || columns[field].ValueOf[other] == columns[neighbour].ValueOf[one])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of two values that differ.</summary>
    internal static Agreement Levels(FieldKind kind, ReadOnlySpan<char> one, ReadOnlySpan<char> other) => kind switch
    {
        FieldKind.GivenName or FieldKind.Surname => Names(one, other),
        FieldKind.BirthDate => Dates(one, other),
        FieldKind.Email => Emails(one, other),
        FieldKind.AddressLine or FieldKind.Locality => Lines(one, other),
        FieldKind.Category => Agreement.Different,
        FieldKind.StreetNumber => Shorter(one, other) >= 2 ? Edits(one, other, close: 1, similar: 1) : Agreement.Different,
        FieldKind.Region => Shorter(one, other) >= 3 ? Edits(one, other, close: 1, similar: 1) : Agreement.Different,
        _ => Shorter(one, other) >= 4 ? Edits(one, other, close: 1, similar: 2) : Agreement.Different,
    };

    private static int Shorter(ReadOnlySpan<char> one, ReadOnlySpan<char> other) => Math.Min(one.Length, other.Length);

    private static Agreement Edits(ReadOnlySpan<char> one, ReadOnlySpan<char> other, int close, int similar) =>
        TextSimilarity.IsWithin(one, other, close) ? Agreement.Close : similar > close && TextSimilarity.IsWithin(one, other, similar) ? Agreement.Similar : Agreement.Different;

    private static Agreement Names(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        var shorter = Shorter(one, other);
        if (shorter >= 3 && TextSimilarity.IsWithin(one, other, 1))
        {
            return Agreement.Close;
        }

        // An initial, or the first of several given names.
        if (shorter == one.CommonPrefixLength(other) && (shorter == 1 || (one.Length > other.Length ? one : other)[shorter] == ' '))
        {
            return Agreement.Similar;
        }

        return TextSimilarity.JaroWinkler(one, other) switch
        {
            >= CloseNames => Agreement.Close,
            >= SimilarNames => Agreement.Similar,
            _ => shorter >= 3 && SoundCode.Of(one) == SoundCode.Of(other) ? Agreement.Similar : Agreement.Different,
        };
    }

    private static Agreement Dates(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        if (one.Length != DateDigits || other.Length != DateDigits)
        {
            return Shorter(one, other) >= YearDigits && one.CommonPrefixLength(other) >= YearDigits ? Agreement.Similar : Edits(one, other, close: 1, similar: 1);
        }

        var (year, month, day) = (one[..4].SequenceEqual(other[..4]), one[4..6].SequenceEqual(other[4..6]), one[6..].SequenceEqual(other[6..]));
        if (year && one[4..6].SequenceEqual(other[6..]) && one[6..].SequenceEqual(other[4..6]))
        {
            return Agreement.Moved;
        }

        return TextSimilarity.IsWithin(one, other, 1) ? Agreement.Close : (year ? 1 : 0) + (month ? 1 : 0) + (day ? 1 : 0) == 2 ? Agreement.Similar : Agreement.Different;
    }

    private static Agreement Emails(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        if (TextSimilarity.IsWithin(one, other, 2))
        {
            // People of one name tell their mailboxes apart by a number.
            return HaveSameDigits(one, other) ? Agreement.Close : Agreement.Different;
        }

        var box = one[..one.LastIndexOf('@')];
        var otherBox = other[..other.LastIndexOf('@')];
        return box.Length >= ShortestBox && box.SequenceEqual(otherBox) ? Agreement.Similar : Agreement.Different;
    }

    private static bool HaveSameDigits(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        while (true)
        {
            var first = one.IndexOfAnyInRange('0', '9');
            var second = other.IndexOfAnyInRange('0', '9');
            if (first < 0 || second < 0 || one[first] != other[second])
            {
                return first < 0 && second < 0;
            }

            one = one[(first + 1)..];
            other = other[(second + 1)..];
        }
    }

    private static Agreement Lines(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        if (Shorter(one, other) >= 6 && TextSimilarity.IsWithin(one, other, 2))
        {
            return Agreement.Close;
        }

        // Jaro and Winkler cannot reach the threshold where one text is much longer: (1 + ratio + 1) / 3, raised by at most four tenths of the rest.
        var ratio = (double)Shorter(one, other) / Math.Max(one.Length, other.Length);
        return (2 + ratio) / 3 * 0.6 < SimilarLines - 0.4 ? Agreement.Different : TextSimilarity.JaroWinkler(one, other) switch
        {
            >= CloseLines => Agreement.Close,
            >= SimilarLines => Agreement.Similar,
            _ => Agreement.Different,
        };
    }
}
