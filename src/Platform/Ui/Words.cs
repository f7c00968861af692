namespace Wellmet.Platform.Ui;

/// <summary>
/// Texts in the viewer's language. The key is the English text: <c>words["New customers"]</c>, <c>words["{0} of {1} rows", 5, 4338]</c>.
/// Whole numbers are grouped (4,338); pass years and order numbers as text. A test fails for each key without a Chinese text.
/// </summary>
public sealed class Words(WordCatalog catalog, Viewer viewer)
{
    /// <summary>The viewer's: <c>en</c> or <c>zh-CN</c>.</summary>
    public string Language => viewer.Language;

    public string this[string key] => catalog.Find(key, viewer.Language);

    public string this[string key, params object?[] arguments] =>
        string.Format(viewer.Culture, catalog.Find(key, viewer.Language), [.. arguments.Select(Written)]);

    /// <summary>Picks the English form by the number, which is argument {0}; Chinese has one form, under the second key.</summary>
    public string Count(long number, string one, string many) => this[viewer.Language == "en" && number == 1 ? one : many, number];

    /// <summary>What to tell the person about a refusal.</summary>
    public string Problem(ProblemException problem) => this[problem.Template, [.. problem.Arguments]];

    private object? Written(object? argument) => argument switch
    {
        int or long => ((IFormattable)argument).ToString("N0", viewer.Culture),
        Money money => viewer.Money(money),
        DateTimeOffset moment => viewer.DayAndTime(moment),
        DateOnly day => viewer.Day(day),
        IFormattable other => other.ToString(null, viewer.Culture),
        _ => argument,
    };
}
