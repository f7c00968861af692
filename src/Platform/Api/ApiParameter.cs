using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Api;

/// <summary>A parameter of an address: declared once, it is read, checked and documented from here.</summary>
/// <param name="Name">In snake_case.</param>
/// <param name="Description">For the document.</param>
/// <param name="Schema">JSON schema of its value, with its limits.</param>
/// <param name="Example">As it stands in the address.</param>
public abstract record ApiParameter(string Name, string Description, JsonObject Schema, string Example)
{
    /// <summary>A part of the path instead of the query.</summary>
    public bool InPath { get; init; }

    /// <summary>The longest text that any parameter may have.</summary>
    protected const int Longest = 4000;

    public static ApiParameter<string?> Text(string name, string description, int maxLength, string example) =>
        new(name, description, new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = maxLength }, example, text =>
            text.Length is > 0 && text.Length <= maxLength ? text : throw new ProblemException("parameter_malformed", "The parameter {0} must have 1 to {1} characters.", 400, name, maxLength) { Parameter = name });

    public static ApiParameter<long?> Number(string name, string description, long min, long max, string example) =>
        new(name, description, new JsonObject { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max }, example, text => Whole(name, text, min, max));

    public static ApiParameter<bool> Flag(string name, string description) =>
        new(name, description, new JsonObject { ["type"] = "boolean", ["default"] = false }, "true", text => text switch
        {
            "true" => true,
            "false" => false,
            _ => throw new ProblemException("parameter_malformed", "The parameter {0} must be true or false.", 400, name) { Parameter = name },
        });

    public static ApiParameter<Guid?> Id(string name, string description) =>
        new(name, description, new JsonObject { ["type"] = "string", ["format"] = "uuid" }, "01890a5d-ac96-774b-bcce-b302099a8057", text =>
            Guid.TryParseExact(text, "D", out var id) ? id : throw new ProblemException("parameter_malformed", "The parameter {0} is not an id.", 400, name) { Parameter = name });

    /// <summary>RFC 3339, with its offset.</summary>
    public static ApiParameter<DateTimeOffset?> Time(string name, string description) =>
        new(name, description, new JsonObject { ["type"] = "string", ["format"] = "date-time" }, "2026-01-31T09:30:00Z", text => TimeOf(name, text));

    public static ApiParameter<DateOnly?> Day(string name, string description) =>
        new(name, description, new JsonObject { ["type"] = "string", ["format"] = "date" }, "2026-01-31", text =>
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1900 and < 2200
                ? day : throw new ProblemException("parameter_malformed", "The parameter {0} must be a day such as 2026-01-31.", 400, name) { Parameter = name });

    public static ApiParameter<TEnum?> Choice<TEnum>(string name, string description) where TEnum : struct, Enum
    {
        var names = Enum.GetValues<TEnum>().Select(v => EnumText.Of(v)).ToList();
        return new(name, description, Values(names), names[0], text =>
            names.Contains(text) ? EnumText.Parse<TEnum>(text) : throw new ProblemException("parameter_malformed", "The parameter {0} must be one of: {1}.", 400, name, string.Join(", ", names)) { Parameter = name });
    }

    public static ApiParameter<string?> OneOf(string name, string description, params string[] values) => new(name, description, Values(values), values[0], text =>
        values.Contains(text) ? text : throw new ProblemException("parameter_malformed", "The parameter {0} must be one of: {1}.", 400, name, string.Join(", ", values)) { Parameter = name });

    /// <summary>Rows of a page: 1 to 100, 50 where nothing is said.</summary>
    public static ApiParameter<int> Limit { get; } =
        new("limit", "Rows of a page.", new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 100, ["default"] = 50 }, "20",
            text => (int)Whole("limit", text, 1, 100)!.Value) { Default = 50 };

    /// <summary>Where the page before ended; read by <see cref="ApiQuery.Place"/>.</summary>
    public static ApiParameter<string?> Cursor { get; } =
        Text("cursor", "The `next_cursor` of the page before, with the same filters. Opaque: its form may change at any time.", Longest, "c8f4…");

    private static JsonObject Values(IEnumerable<string> values) => new() { ["type"] = "string", ["enum"] = new JsonArray([.. values.Select(v => JsonValue.Create(v))]) };

    private static long? Whole(string name, string text, long min, long max) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number : throw new ProblemException("parameter_malformed", "The parameter {0} must be a whole number from {1} to {2}.", 400, name, min, max) { Parameter = name };

    /// <summary>JSON's own reader takes RFC 3339 and nothing looser; without an offset it would be some clock's time.</summary>
    private static DateTimeOffset? TimeOf(string name, string text) =>
        text.Length <= 40 && text.IndexOf('T', StringComparison.Ordinal) is var t and > 0 && text.AsSpan(t).IndexOfAny('Z', '+', '-') > 0
            && JsonElement.Parse(JsonSerializer.SerializeToUtf8Bytes(text)).TryGetDateTimeOffset(out var time)
            ? time.ToUniversalTime() : throw new ProblemException("parameter_malformed", "The parameter {0} must be a time such as 2026-01-31T09:30:00Z.", 400, name) { Parameter = name };
}

/// <summary>A parameter and how its text is read.</summary>
/// <param name="Read">Throws <c>parameter_malformed</c>.</param>
public sealed record ApiParameter<T>(string Name, string Description, JsonObject Schema, string Example, Func<string, T> Read)
    : ApiParameter(Name, Description, Schema, Example)
{
    /// <summary>Where the request does not name it.</summary>
    public T Default { get; init; } = default!;
}
