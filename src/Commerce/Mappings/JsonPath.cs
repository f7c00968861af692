using System.Text.Json;
using Wellmet.Platform;

namespace Wellmet.Commerce.Mappings;

/// <summary>
/// A query into a JSON value: RFC 9535 without descendants (<c>..</c>), slices, lists of selectors and functions. <c>$</c> is the whole payload; <c>@</c> is the thing that is being read (one of
/// many orders of a payload, a line of an order), which the standard knows in filters only.
/// </summary>
internal sealed class JsonPath
{
    public const int LongestText = 500, MostNodes = 2500;

    private readonly bool absolute;
    private readonly IReadOnlyList<ISelector> selectors;

    private JsonPath(bool absolute, IReadOnlyList<ISelector> selectors, string text) => (this.absolute, this.selectors, Text) = (absolute, selectors, text);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public static JsonPath Of(bool absolute, IReadOnlyList<ISelector> selectors, string text) => new(absolute, selectors, text);

    /// <exception cref="ProblemException"><c>path_invalid</c> (422), with the character at which it is.</exception>
    public static JsonPath Parse(string text) => new JsonPathParser(text).Path();

    /// <summary>What it finds, in the order of the payload; at most <see cref="MostNodes"/>.</summary>
    public IEnumerable<JsonElement> Find(JsonScope scope)
    {
        IEnumerable<JsonElement> found = [absolute ? scope.Root : scope.Current];
        foreach (var selector in selectors)
        {
            found = found.SelectMany(e => selector.Select(e, scope));
        }
        return found.Take(MostNodes);
    }

    internal interface ISelector
    {
        IEnumerable<JsonElement> Select(JsonElement from, JsonScope scope);
    }

    /// <summary><c>.name</c> or <c>['name']</c>.</summary>
    internal sealed record Member(string Name) : ISelector
    {
        public IEnumerable<JsonElement> Select(JsonElement from, JsonScope scope) => from.ValueKind == JsonValueKind.Object && from.TryGetProperty(Name, out var value) ? [value] : [];
    }

    /// <summary><c>[0]</c>; <c>[-1]</c> is the last.</summary>
    internal sealed record At(int Index) : ISelector
    {
        public IEnumerable<JsonElement> Select(JsonElement from, JsonScope scope)
        {
            if (from.ValueKind != JsonValueKind.Array)
            {
                return [];
            }
            var place = Index < 0 ? from.GetArrayLength() + Index : Index;
            return place >= 0 && place < from.GetArrayLength() ? [from[place]] : [];
        }
    }

    /// <summary><c>[*]</c>: each element, or each member's value.</summary>
    internal sealed record Each : ISelector
    {
        public IEnumerable<JsonElement> Select(JsonElement from, JsonScope scope) => ChildrenOf(from, scope);
    }

    /// <summary><c>[?…]</c>: those of which it holds; <c>@</c> within is one of them.</summary>
    internal sealed record Where(ICondition Condition) : ISelector
    {
        public IEnumerable<JsonElement> Select(JsonElement from, JsonScope scope) => ChildrenOf(from, scope).Where(e => Condition.Holds(scope with { Current = e }));
    }

    private static IEnumerable<JsonElement> ChildrenOf(JsonElement from, JsonScope scope)
    {
        IEnumerable<JsonElement> children = from.ValueKind switch
        {
            JsonValueKind.Array => from.EnumerateArray(),
            JsonValueKind.Object => from.EnumerateObject().Select(p => p.Value),
            _ => [],
        };
        foreach (var child in children)
        {
            scope.Budget?.TakeNode();
            yield return child;
        }
    }
}

/// <summary>What paths are read in.</summary>
/// <param name="Root"><c>$</c>.</param>
/// <param name="Current"><c>@</c>.</param>
/// <param name="Budget">Of the whole payload; null for none.</param>
internal readonly record struct JsonScope(JsonElement Root, JsonElement Current, ReadingBudget? Budget = null);

/// <summary>How much is still read of a payload: lists within lists, each gone through by many fields, would take minutes.</summary>
internal sealed class ReadingBudget
{
    /// <summary>Most values that <c>[*]</c> and <c>[?…]</c> go through, over all paths together.</summary>
    public const int MostNodes = 200_000;

    private int nodes, lines;

    /// <exception cref="ProblemException"><c>payload_large</c> (422).</exception>
    public void TakeNode()
    {
        if (++nodes > MostNodes)
        {
            throw new ProblemException("payload_large", "The paths go through more than {0} values of this payload.", 422, MostNodes);
        }
    }

    /// <exception cref="ProblemException"><c>payload_large</c> (422).</exception>
    public void TakeLine()
    {
        if (++lines > ReadMapped.MostLines)
        {
            throw new ProblemException("payload_large", "At most {0} lines are taken of one payload.", 422, ReadMapped.MostLines);
        }
    }
}

/// <summary>Whether something holds of a payload: RFC 9535's logical expressions.</summary>
internal interface ICondition
{
    bool Holds(JsonScope scope);

    /// <exception cref="ProblemException"><c>path_invalid</c> (422).</exception>
    static ICondition Parse(string text) => new JsonPathParser(text).Condition();
}

internal sealed record Both(ICondition First, ICondition Second) : ICondition
{
    public bool Holds(JsonScope scope) => First.Holds(scope) && Second.Holds(scope);
}

internal sealed record Either(ICondition First, ICondition Second) : ICondition
{
    public bool Holds(JsonScope scope) => First.Holds(scope) || Second.Holds(scope);
}

internal sealed record Not(ICondition Of) : ICondition
{
    public bool Holds(JsonScope scope) => !Of.Holds(scope);
}

/// <summary>The path finds something, be it null.</summary>
internal sealed record Exists(JsonPath Path) : ICondition
{
    public bool Holds(JsonScope scope) => Path.Find(scope).Any();
}

/// <summary>A comparison; a path that finds nothing equals only another that finds nothing. Texts are ordered by their code points, and only like is ordered with like.</summary>
internal sealed record Compared(Comparable First, string Operator, Comparable Second) : ICondition
{
    public bool Holds(JsonScope scope)
    {
        var (first, second) = (First.In(scope), Second.In(scope));
        return Operator switch
        {
            "==" => AreEqual(first, second),
            "!=" => !AreEqual(first, second),
            "<" => Order(first, second) < 0,
            "<=" => Order(first, second) < 0 || AreEqual(first, second),
            ">" => Order(first, second) > 0,
            _ => Order(first, second) > 0 || AreEqual(first, second),
        };
    }

    private static bool AreEqual(JsonElement? first, JsonElement? second) => (first, second) switch
    {
        (null, null) => true,
        ({ } a, { } b) => a.ValueKind == JsonValueKind.Number && b.ValueKind == JsonValueKind.Number ? Order(a, b) == 0 : JsonElement.DeepEquals(a, b),
        _ => false,
    };

    /// <summary>Null where the two have no order.</summary>
    private static int? Order(JsonElement? first, JsonElement? second) => (first, second) switch
    {
        ({ ValueKind: JsonValueKind.Number } a, { ValueKind: JsonValueKind.Number } b) => a.TryGetDecimal(out var x) && b.TryGetDecimal(out var y) ? x.CompareTo(y) : a.GetDouble().CompareTo(b.GetDouble()),
        ({ ValueKind: JsonValueKind.String } a, { ValueKind: JsonValueKind.String } b) => string.CompareOrdinal(JsonText.Of(a), JsonText.Of(b)),
        _ => null,
    };
}

/// <summary>A literal, or a path to one value.</summary>
internal sealed record Comparable(JsonElement? Literal, JsonPath? Path)
{
    /// <summary>Null where the path finds nothing, or more than one.</summary>
    public JsonElement? In(JsonScope scope) => Path is null ? Literal : Path.Find(scope).Take(2).ToList() is [var only] ? only : null;
}

/// <summary>Texts of JSON values.</summary>
internal static class JsonText
{
    /// <summary>A text or number as text, <c>true</c> and <c>false</c> likewise; null for anything else, and for half of a surrogate pair.</summary>
    public static string? Of(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                JsonValueKind.True => "true",
                JsonValueKind.False => "false",
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
