using Wellmet.Science.Linkage;

namespace Wellmet.Bench.Identity;

/// <summary>
/// The floor: what shops do without weights. Two records are one person if their cleaned values are exactly the same in an identifier, in the e-mail address, or in
/// given name, surname and one of date of birth, phone and postcode.
/// </summary>
internal static class PlainRules
{
    private static readonly FieldKind[][] Rules =
    [
        [FieldKind.Identifier], [FieldKind.Email],
        [FieldKind.GivenName, FieldKind.Surname, FieldKind.BirthDate],
        [FieldKind.GivenName, FieldKind.Surname, FieldKind.Phone],
        [FieldKind.GivenName, FieldKind.Surname, FieldKind.Postcode],
    ];

    /// <summary>The group of each record.</summary>
    public static int[] Groups(PersonRecords records)
    {
        var leader = Enumerable.Range(0, records.Count).ToArray();
        foreach (var rule in Keys(records))
        {
            var first = new Dictionary<string, int>();
            for (var record = 0; record < records.Count; record++)
            {
                if (rule(record) is { } key && !first.TryAdd(key, record))
                {
                    leader[Find(leader, record)] = Find(leader, first[key]);
                }
            }
        }
        return [.. Enumerable.Range(0, records.Count).Select(r => Find(leader, r))];
    }

    /// <summary>Pairs between two lists, of one group each.</summary>
    public static IEnumerable<(int First, int Second)> Links(int[] groups, int secondFrom)
    {
        var second = Enumerable.Range(secondFrom, groups.Length - secondFrom).ToLookup(r => groups[r]);
        return Enumerable.Range(0, secondFrom).SelectMany(first => second[groups[first]].Select(other => (first, other)));
    }

    private static IEnumerable<Func<int, string?>> Keys(PersonRecords records)
    {
        var fields = records.Fields;
        foreach (var rule in Rules)
        {
            var columns = rule.Select(kind => Enumerable.Range(0, fields.Count).Where(f => fields[f].Kind == kind).ToArray()).ToArray();
            if (columns.All(c => c.Length > 0))
            {
                yield return record => columns.Select(c => records.Value(record, c[0])).ToArray() is var values && values.All(v => v.Length > 0) ? string.Join('|', values) : null;
            }
        }
    }

    private static int Find(int[] leader, int record)
    {
        while (leader[record] != record)
        {
            record = leader[record] = leader[leader[record]];
        }
        return record;
    }
}
