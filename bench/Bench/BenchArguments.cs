using System.Globalization;

namespace Wellmet.Bench;

/// <summary>What follows the name: <c>--option value</c> and <c>--flag</c>.</summary>
internal sealed class BenchArguments
{
    private readonly Dictionary<string, string?> options = [];

    public BenchArguments(ReadOnlySpan<string> arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[++i] : null;
            options[arguments[value is null ? i : i - 1].TrimStart('-')] = value;
        }
    }

    public bool Has(string flag) => options.ContainsKey(flag);

    public string? Text(string option) => options.GetValueOrDefault(option);

    public string Text(string option, string otherwise) => Text(option) ?? otherwise;

    public int Number(string option, int otherwise) => Text(option) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
