using System.Globalization;
using System.Text;
using System.Text.Json;
using Wellmet.Platform;

namespace Wellmet.Commerce.Mappings;

/// <summary>Reads paths and conditions (RFC 9535, sections 2.1 to 2.5): by recursive descent, with bounded depth.</summary>
internal sealed class JsonPathParser(string text)
{
    private const int Deepest = 8;
    private static readonly string[] Operators = ["==", "!=", "<=", ">=", "<", ">"];
    private int at;
    private int depth, filters;

    public JsonPath Path()
    {
        DemandLength();
        var path = ReadPath();
        Blanks();
        return at == text.Length ? path : throw new ProblemException("path_invalid", "Character {0}: nothing was expected here.", 422, at + 1);
    }

    public ICondition Condition()
    {
        DemandLength();
        var condition = ReadEither();
        Blanks();
        return at == text.Length ? condition : throw new ProblemException("path_invalid", "Character {0}: nothing was expected here.", 422, at + 1);
    }

    private void DemandLength()
    {
        if (text.Length > JsonPath.LongestText)
        {
            throw new ProblemException("path_invalid", "A path has at most {0} characters.", 422, JsonPath.LongestText);
        }
    }

    private JsonPath ReadPath()
    {
        Blanks();
        var start = at;
        var absolute = Take('$');
        if (!absolute && !Take('@'))
        {
            throw new ProblemException("path_invalid", "Character {0}: a path begins with $ or @.", 422, at + 1);
        }
        var selectors = new List<JsonPath.ISelector>();
        while (at < text.Length && text[at] is '.' or '[')
        {
            selectors.Add(Take('.') ? ReadName() : ReadBracket());
        }
        return JsonPath.Of(absolute, selectors, text[start..at]);
    }

    private JsonPath.ISelector ReadName()
    {
        if (Take('*'))
        {
            return new JsonPath.Each();
        }
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_' || text[at] > '\u007f'))
        {
            at++;
        }
        return at > start && !char.IsAsciiDigit(text[start]) ? new JsonPath.Member(text[start..at])
            : throw new ProblemException("path_invalid", "Character {0}: a name was expected here; one with other signs than letters, digits and _ stands in brackets: ['name'].", 422, at + 1);
    }

    private JsonPath.ISelector ReadBracket()
    {
        at++;
        Blanks();
        JsonPath.ISelector selector = at >= text.Length ? throw new ProblemException("path_invalid", "Character {0}: a bracket is not closed.", 422, at + 1)
            : Take('*') ? new JsonPath.Each()
            : Take('?') ? ReadFilter()
            : text[at] is '\'' or '"' ? new JsonPath.Member(ReadText())
            : ReadIndex();
        Blanks();
        return Take(']') ? selector : throw new ProblemException("path_invalid", "Character {0}: a bracket is not closed.", 422, at + 1);
    }

    /// <summary>One within another would be asked for each pair of things in the payload.</summary>
    private JsonPath.Where ReadFilter()
    {
        if (++filters > 1)
        {
            throw new ProblemException("path_invalid", "Character {0}: a condition cannot stand within that of another bracket.", 422, at + 1);
        }
        var condition = ReadEither();
        filters--;
        return new JsonPath.Where(condition);
    }

    private JsonPath.At ReadIndex()
    {
        var start = at;
        Take('-');
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }
        return int.TryParse(text.AsSpan(start, at - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index) ? new JsonPath.At(index)
            : throw new ProblemException("path_invalid", "Character {0}: in brackets stands a number, a name in quotation marks, * or a condition after ?.", 422, at + 1);
    }

    private ICondition ReadEither()
    {
        if (++depth > Deepest)
        {
            throw new ProblemException("path_invalid", "Character {0}: a condition is nested too deep.", 422, at + 1);
        }
        var condition = ReadBoth();
        while (TakeWord("||"))
        {
            condition = new Either(condition, ReadBoth());
        }
        depth--;
        return condition;
    }

    private ICondition ReadBoth()
    {
        var condition = ReadOne();
        while (TakeWord("&&"))
        {
            condition = new Both(condition, ReadOne());
        }
        return condition;
    }

    private ICondition ReadOne()
    {
        Blanks();
        if (Take('!'))
        {
            Blanks();
            return at < text.Length && text[at] is '(' or '$' or '@' ? new Not(text[at] == '(' ? ReadGroup() : new Exists(ReadPath())) : throw new ProblemException("path_invalid", "Character {0}: a path or a bracket was expected here.", 422, at + 1);
        }
        if (at < text.Length && text[at] == '(')
        {
            return ReadGroup();
        }
        var first = ReadComparable();
        Blanks();
        if (Operators.FirstOrDefault(o => string.CompareOrdinal(text, at, o, 0, o.Length) == 0) is not { } compared)
        {
            return first.Path is { } path ? new Exists(path) : throw new ProblemException("path_invalid", "Character {0}: a comparison was expected here.", 422, at + 1);
        }
        at += compared.Length;
        return new Compared(first, compared, ReadComparable());
    }

    private ICondition ReadGroup()
    {
        at++;
        var inner = ReadEither();
        Blanks();
        return Take(')') ? inner : throw new ProblemException("path_invalid", "Character {0}: a bracket is not closed.", 422, at + 1);
    }

    private Comparable ReadComparable()
    {
        Blanks();
        if (at >= text.Length)
        {
            throw new ProblemException("path_invalid", "Character {0}: a path or a value was expected here.", 422, at + 1);
        }
        if (text[at] is '$' or '@')
        {
            return new Comparable(null, ReadPath());
        }
        if (text[at] is '\'' or '"')
        {
            return new Comparable(JsonSerializer.SerializeToElement(ReadText()), null);
        }
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '+' or '.'))
        {
            at++;
        }
        var word = text[start..at];
        try
        {
            return word is "true" or "false" or "null" || (word.Length > 0 && (char.IsAsciiDigit(word[0]) || word[0] == '-')) ? new Comparable(JsonElement.Parse(word), null) : throw new ProblemException("path_invalid", "Character {0}: a path or a value was expected here.", 422, at + 1);
        }
        catch (JsonException)
        {
            throw new ProblemException("path_invalid", "Character {0}: this is not a number.", 422, at + 1);
        }
    }

    private string ReadText()
    {
        var (quote, read) = (text[at++], new StringBuilder());
        while (at < text.Length && text[at] != quote)
        {
            if (text[at] == '\\' && ++at >= text.Length)
            {
                break;
            }
            read.Append(text[at++]);
        }
        return Take(quote) ? read.ToString() : throw new ProblemException("path_invalid", "Character {0}: a quotation mark is not closed.", 422, at + 1);
    }

    private void Blanks()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\r')
        {
            at++;
        }
    }

    private bool Take(char sign)
    {
        if (at >= text.Length || text[at] != sign)
        {
            return false;
        }
        at++;
        return true;
    }

    private bool TakeWord(string word)
    {
        Blanks();
        if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0)
        {
            return false;
        }
        at += word.Length;
        return true;
    }
}
