using System.Globalization;
using Wellmet.Science.Linkage;
using Wellmet.Science.Statistics;

namespace Wellmet.Bench.Identity;

/// <summary>
/// People of syllables, some of whom live together, and records of them: a fifth are second and third records with slips of the pen, values that are missing, moved
/// house or stand in the wrong field. The same seed makes the same people.
/// </summary>
internal sealed class MadeUpPeople(ulong seed)
{
    private const int Letters = 26;

    public static readonly IReadOnlyList<LinkageField> Fields =
    [
        new("given_name", FieldKind.GivenName), new("surname", FieldKind.Surname), new("date_of_birth", FieldKind.BirthDate), new("street_number", FieldKind.StreetNumber),
        new("street", FieldKind.AddressLine), new("city", FieldKind.Locality), new("postcode", FieldKind.Postcode), new("phone", FieldKind.Phone), new("email", FieldKind.Email),
    ];

    private const int Given = 0, Surname = 1, Birth = 2, Number = 3, Street = 4, City = 5, Postcode = 6, Phone = 7, Email = 8;
    private static readonly string[] Starts = ["b", "br", "d", "f", "g", "h", "j", "k", "kl", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "w"];
    private static readonly string[] Vowels = ["a", "e", "i", "o", "u", "ai", "ea", "ie"];
    private static readonly string[] Ends = ["", "", "l", "n", "r", "s", "nd", "th", "ck", "m"];
    private readonly SeededRandom random = new(seed);
    private readonly List<string> truth = [];

    /// <summary>Who each record is, filled while <see cref="Records"/> is read.</summary>
    public IReadOnlyList<string> Truth => truth;

    public IEnumerable<string[]> Records(int count)
    {
        string[]? before = null;
        for (var person = 0; truth.Count < count; person++)
        {
            before = Person(before is not null && random.NextDouble() < 0.35 ? before : null, count);
            var name = "p" + person.ToString(CultureInfo.InvariantCulture);
            truth.Add(name);
            yield return before;
            for (var again = random.NextDouble(); again < 0.2 && truth.Count < count; again = random.NextDouble() * 1.5)
            {
                truth.Add(name);
                yield return Again(before, count);
            }
        }
    }

    /// <param name="housemate">Somebody of the same household.</param>
    private string[] Person(string[]? housemate, int count)
    {
        var person = new string[Fields.Count];
        (person[Given], person[Surname]) = (Word(1_500, 11), Word(40_000, 23));
        (person[Birth], person[Phone]) = (Day(), random.NextDouble() < 0.75 ? Digits(9) : "");
        if (housemate is not null)
        {
            person[Surname] = random.NextDouble() < 0.8 ? housemate[Surname] : person[Surname];
            person[Phone] = random.NextDouble() < 0.4 ? housemate[Phone] : person[Phone];
            housemate.AsSpan(Number, Postcode - Number + 1).CopyTo(person.AsSpan(Number));
        }
        else
        {
            Move(person, count);
        }
        person[Email] = random.NextDouble() < 0.7 ? $"{person[Given]}.{person[Surname]}{random.Next(100)}@{Word(40, 31)}.example" : "";
        return person;
    }

    /// <summary>Towns grow in number with the people.</summary>
    private void Move(string[] person, int count)
    {
        var town = Skewed(50 + (count / 500));
        person[Number] = (1 + Skewed(200)).ToString(CultureInfo.InvariantCulture);
        person[Street] = Word(2_000, 41) + (random.Next(3) switch { 0 => " street", 1 => " road", _ => " avenue" });
        (person[City], person[Postcode]) = (WordOf(town, 53), (10_000 + (town * 3) + random.Next(3)).ToString(CultureInfo.InvariantCulture));
    }

    private string[] Again(string[] person, int count)
    {
        var copy = (string[])person.Clone();
        if (random.NextDouble() < 0.1)
        {
            Move(copy, count);
        }
        if (random.NextDouble() < 0.05)
        {
            (copy[Given], copy[Surname]) = (copy[Surname], copy[Given]);
        }
        for (var slip = random.Next(5); slip > 0; slip--)
        {
            var field = random.Next(copy.Length);
            copy[field] = random.NextDouble() < 0.25 ? "" : Slip(copy[field]);
        }
        return copy;
    }

    /// <summary>One letter or digit replaced, dropped, doubled or swapped with the next.</summary>
    private string Slip(string text)
    {
        if (text.Length < 2)
        {
            return text;
        }
        var at = random.Next(text.Length - 1);
        return random.Next(4) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, text[at].ToString()),
            2 => $"{text[..at]}{text[at + 1]}{text[at]}{text[(at + 2)..]}",
            _ => $"{text[..at]}{(char.IsAsciiDigit(text[at]) ? (char)('0' + random.Next(10)) : (char)('a' + random.Next(Letters)))}{text[(at + 1)..]}",
        };
    }

    private string Word(int words, ulong kind) => WordOf(Skewed(words), kind);

    /// <summary>The first are common, the last rare.</summary>
    private int Skewed(int count) => (int)(count * Math.Pow(random.NextDouble(), 2.5));

    private static string WordOf(int number, ulong kind)
    {
        var letters = new SeededRandom((kind * 1_000_003) + (ulong)number);
        var syllables = 2 + letters.Next(2);
        return string.Concat(Enumerable.Range(0, syllables).Select(_ => Starts[letters.Next(Starts.Length)] + Vowels[letters.Next(Vowels.Length)])) + Ends[letters.Next(Ends.Length)];
    }

    private string Day() => new DateOnly(1930, 1, 1).AddDays(random.Next(80 * 365)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(i => (char)('0' + (i == 0 ? 1 + random.Next(9) : random.Next(10)))));
}
