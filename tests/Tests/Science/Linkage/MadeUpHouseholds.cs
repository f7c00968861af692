using System.Globalization;
using Wellmet.Science.Linkage;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Linkage;

/// <summary>People, two to a household half of the time, and for a part of them a second record with slips. The same seed makes the same people.</summary>
internal sealed class MadeUpHouseholds
{
    public static readonly LinkageField[] Fields =
    [
        new("given_name", FieldKind.GivenName), new("surname", FieldKind.Surname), new("birth_date", FieldKind.BirthDate), new("street", FieldKind.AddressLine),
        new("postcode", FieldKind.Postcode), new("phone", FieldKind.Phone), new("email", FieldKind.Email),
    ];

    private const string Letters = "bdfgklmnprstvz", Vowels = "aeiou";
    private readonly SeededRandom random;
    private readonly PersonRecordsBuilder builder = new(Fields);

    public MadeUpHouseholds(int people, ulong seed = 1)
    {
        random = new SeededRandom(seed);
        string[]? before = null;
        for (var person = 0; person < people; person++)
        {
            before = Person(random.NextDouble() < 0.5 ? before : null);
            Add(before, person);
            if (random.NextDouble() < 0.2)
            {
                Add(Again(before), person);
            }
        }
        Records = builder.Build();
    }

    public PersonRecords Records { get; }

    /// <summary>The person of each record.</summary>
    public List<int> Truth { get; } = [];

    /// <summary>Given names among the second records that were changed, and second records.</summary>
    public (int ChangedNames, int Copies) Slips { get; private set; }

    /// <summary>Pairs of one person that were found, those found at all, and those that there are.</summary>
    public (int Right, int Found, int True) Compare(int[] entities)
    {
        var pairs = (Right: 0, Found: 0, True: 0);
        foreach (var group in Enumerable.Range(0, Truth.Count).GroupBy(r => entities[r]))
        {
            pairs.Found += group.Count() * (group.Count() - 1) / 2;
            pairs.Right += group.CountBy(r => Truth[r]).Sum(t => t.Value * (t.Value - 1) / 2);
        }
        return pairs with { True = Truth.CountBy(t => t).Sum(t => t.Value * (t.Value - 1) / 2) };
    }

    private void Add(string[] record, int person)
    {
        builder.Add(record);
        Truth.Add(person);
    }

    private string[] Person(string[]? housemate)
    {
        string given = Word(300), surname = housemate?[1] ?? Word(2_000), birth = new DateOnly(1940, 1, 1).AddDays(random.Next(25_000)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return [given, surname, birth, housemate?[3] ?? $"{Word(500)}{Word(500)} street {random.Next(90)}", housemate?[4] ?? (10_000 + random.Next(200)).ToString(CultureInfo.InvariantCulture),
            housemate?[5] ?? random.Next(900_000_000).ToString("000000000", CultureInfo.InvariantCulture), housemate is not null && random.Next(2) == 0 ? housemate[6] : $"{given}{random.Next(1000)}@example.com"];
    }

    private string[] Again(string[] person)
    {
        var copy = (string[])person.Clone();
        foreach (var field in new[] { random.Next(copy.Length), random.Next(copy.Length) })
        {
            copy[field] = random.Next(4) == 0 ? "" : copy[field].Length > 3 ? copy[field].Remove(random.Next(copy[field].Length), 1) : copy[field];
        }
        Slips = (Slips.ChangedNames + (copy[0].Length > 0 && copy[0] != person[0] ? 1 : 0), Slips.Copies + (copy[0].Length > 0 ? 1 : 0));
        return copy;
    }

    /// <summary>Of so many, the first are common.</summary>
    private string Word(int words)
    {
        var letters = new SeededRandom((ulong)(words + (words * Math.Pow(random.NextDouble(), 2))));
        return string.Concat(Enumerable.Range(0, 2 + letters.Next(2)).Select(_ => $"{Letters[letters.Next(Letters.Length)]}{Vowels[letters.Next(Vowels.Length)]}")) + Letters[letters.Next(Letters.Length)];
    }
}
