using System.Buffers;
using System.Globalization;
using System.Text;

namespace Wellmet.Science.Linkage;

/// <summary>
/// Brings what people write about themselves into one form: case, accents, full-width forms, marks and spaces do not matter. No script is
/// assumed: what is not Latin stays as it is. An empty text means that nothing is known.
/// </summary>
public static class PersonText
{
    private const int MaxLength = 200, PhoneDigits = 9, FewestPhoneDigits = 5, DateDigits = 8, Months = 12;

    /// <summary>What forms and exports write for nothing.</summary>
    private static readonly HashSet<string> Nothing = new(StringComparer.Ordinal)
    {
        "na", "n a", "nan", "null", "none", "nil", "unknown", "not known", "not available", "not given", "undefined", "anonymous", "test", "xxx", "无", "未知", "不详",
    };

    /// <summary>Family names of two characters; all other Chinese ones have one.</summary>
    private static readonly HashSet<string> LongChineseSurnames = new(StringComparer.Ordinal)
    {
        "欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "东方", "東方", "皇甫", "尉迟", "尉遲", "公孙", "公孫", "慕容", "司徒", "令狐", "夏侯", "长孙", "長孫", "宇文", "端木", "南宫", "南宮", "独孤", "獨孤",
    };

    private static readonly SearchValues<char> Stops = SearchValues.Create("/.- ");

    /// <summary>The form in which values of this kind are compared. A <see cref="FieldKind.FullName"/> is taken apart by <see cref="SplitName"/>.</summary>
    public static string Normalise(FieldKind kind, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return "";
        }

        var text = value.Length > MaxLength ? value[..MaxLength] : value;
        return kind switch
        {
            FieldKind.Email => Email(text),
            FieldKind.Phone => Phone(text),
            FieldKind.BirthDate => Date(text),
            FieldKind.Identifier or FieldKind.Postcode or FieldKind.StreetNumber => Code(text),
            FieldKind.GivenName or FieldKind.Surname or FieldKind.FullName => Known(Fold(text, keepDigits: false)),
            _ => Known(Fold(text, keepDigits: true)),
        };
    }

    /// <summary>
    /// Given name and family name of a whole name: what stands before a comma, else the last word, is the family name; of a Chinese, Japanese or Korean
    /// name without spaces it is the first character, or the first two of the few long ones.
    /// </summary>
    public static (string Given, string Surname) SplitName(string? value)
    {
        var whole = Normalise(FieldKind.FullName, value);
        var comma = whole.Length == 0 ? -1 : value!.AsSpan().IndexOfAny(',', '，');
        if (comma >= 0 && Normalise(FieldKind.FullName, value![..comma]) is { Length: > 0 } before && Normalise(FieldKind.FullName, value[(comma + 1)..]) is { Length: > 0 } behind)
        {
            return (behind, before);
        }

        if (whole.LastIndexOf(' ') is var space and > 0)
        {
            return (whole[..space], whole[(space + 1)..]);
        }

        if (whole.Length < 2 || !IsUnspaced(whole[0]))
        {
            return ("", whole);
        }

        var length = whole.Length > 2 && LongChineseSurnames.Contains(whole[..2]) ? 2 : 1;
        return (whole[length..], whole[..length]);
    }

    /// <summary>Whether the script of this character writes words without spaces between them.</summary>
    internal static bool IsUnspaced(char letter) => letter is (>= '\u3040' and <= '\u30ff') or (>= '\u3400' and <= '\u9fff') or (>= '\uac00' and <= '\ud7af') or (>= '\uf900' and <= '\ufaff');

    private static string Known(string text) => Nothing.Contains(text) ? "" : text;

    /// <summary>Lower case, without accents; words parted by one space.</summary>
    private static string Fold(string text, bool keepDigits)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var letter in Decomposed(text))
        {
            _ = letter switch
            {
                'ß' => folded.Append("ss"),
                'æ' => folded.Append("ae"),
                'œ' => folded.Append("oe"),
                'ø' => folded.Append('o'),
                'đ' or 'ð' => folded.Append('d'),
                'ł' => folded.Append('l'),
                'ı' => folded.Append('i'),
                '\'' or '’' or '`' or 'ʼ' => folded,
                _ when CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark => folded,
                _ when char.IsLetter(letter) || char.IsSurrogate(letter) || (keepDigits && char.IsDigit(letter)) => folded.Append(letter),
                _ => folded.Length > 0 && folded[^1] != ' ' ? folded.Append(' ') : folded,
            };
        }

        // Korean syllables came apart and are put together again.
        return folded.ToString().TrimEnd().Normalize(NormalizationForm.FormC);
    }

    private static string Decomposed(string text)
    {
        var lower = text.ToLowerInvariant();
        if (Ascii.IsValid(lower))
        {
            return lower;
        }

        // Half a surrogate pair cannot be normalised.
        return Encoding.Unicode.GetString(Encoding.Unicode.GetBytes(lower)).Normalize(NormalizationForm.FormKD).ToLowerInvariant();
    }

    /// <summary>Letters and digits alone. A row of one and the same digit is no code.</summary>
    private static string Code(string text)
    {
        var code = Fold(text, keepDigits: true).Replace(" ", "", StringComparison.Ordinal);
        return Nothing.Contains(code) || (code.Length > 3 && !code.AsSpan().ContainsAnyExcept(code[0])) ? "" : code;
    }

    /// <summary>The last nine digits: the same with a country's code, with a zero in its place, or with neither.</summary>
    private static string Phone(string text)
    {
        var digits = string.Concat(text.Normalize(NormalizationForm.FormKC).Where(char.IsAsciiDigit));
        digits = digits.Length > PhoneDigits ? digits[^PhoneDigits..] : digits.TrimStart('0');
        return digits.Length < FewestPhoneDigits || !digits.AsSpan().ContainsAnyExcept(digits[0]) ? "" : digits;
    }

    /// <summary>Lower case, without what mailboxes ignore: a tag behind a plus sign, and dots at Gmail.</summary>
    private static string Email(string text)
    {
        var address = text.Trim().ToLowerInvariant();
        var at = address.LastIndexOf('@');
        if (at <= 0 || at == address.Length - 1 || address.AsSpan().ContainsAny(' ', '\t', ','))
        {
            return "";
        }

        var (box, domain) = (address[..at], address[(at + 1)..]);
        box = box.IndexOf('+', StringComparison.Ordinal) is var plus and > 0 ? box[..plus] : box;
        return domain is "gmail.com" or "googlemail.com" ? box.Replace(".", "", StringComparison.Ordinal) + "@gmail.com" : $"{box}@{domain}";
    }

    /// <summary>Year, month and day as eight digits; other digits are kept as they are, since they may be a mistyped date.</summary>
    private static string Date(string text)
    {
        var date = text.AsSpan().Trim();
        date = date.IndexOfAny('T', ':') is var time and > 0 ? date[..time] : date;
        Span<int> parts = stackalloc int[3];
        var count = 0;
        foreach (var range in date.SplitAny(Stops))
        {
            if (count == parts.Length || !int.TryParse(date[range], NumberStyles.None, CultureInfo.InvariantCulture, out var part) || part > 9999)
            {
                count = count == parts.Length ? count : 0;
                break;
            }

            parts[count++] = part;
        }

        if (count == parts.Length)
        {
            var (year, month, day) = parts[0] > 31 ? (parts[0], parts[1], parts[2]) : parts[1] > Months ? (parts[2], parts[0], parts[1]) : (parts[2], parts[1], parts[0]);
            return $"{year:0000}{month:00}{day:00}";
        }

        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        return digits.Length is < 4 or > DateDigits || !digits.AsSpan().ContainsAnyExcept(digits[0]) ? "" : digits;
    }
}
