using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Wellmet.Tests.Platform;

/// <summary>Whatever people read exists in Simplified Chinese too.</summary>
public sealed partial class WordsTest
{
    /// <summary>The command line speaks English only.</summary>
    private const string CommandLine = "Server/";

    private static readonly string Sources = Path.Combine(Repository.Root, "src");

    [Fact]
    public void Every_text_has_a_Chinese_translation()
    {
        var translated = Translations().Select(t => t.Key).ToHashSet();

        var missing = WordScan.Folder(Sources).Where(found => !found.File.StartsWith(CommandLine, StringComparison.Ordinal) && !translated.Contains(found.Key)).Select(found => $"{found.File}: {found.Key}").Distinct().Order();

        missing.ShouldBeEmpty();
    }

    [Fact]
    public void Translations_keep_the_placeholders() =>
        Translations().Where(t => !Placeholders(t.Key).SetEquals(Placeholders(t.Text))).Select(t => $"{t.Key} = {t.Text}").ShouldBeEmpty();

    [Fact]
    public void One_text_is_translated_one_way() =>
        Translations().GroupBy(t => t.Key).Where(g => g.Select(t => t.Text).Distinct().Count() > 1).Select(g => g.Key).ShouldBeEmpty();

    [Theory]
    [InlineData("<p>@words[\"New customers\"]</p>", "New customers")]
    [InlineData("words[\"{0} of {1} rows\", a, map[\"b\"]]", "{0} of {1} rows")]
    [InlineData("words[late ? \"Late\" : \"On time\"]", "Late,On time")]
    [InlineData("words.Count(rows.Count(), \"{0} row\", \"{0} rows\")", "{0} rows")]
    [InlineData("words[\"He said \\\"no\\\"\"]", "He said \"no\"")]
    [InlineData("setup.Menu(new MenuEntry(\"Grow\", \"Segments\", \"/segments\", \"target\", read));", "Grow,Segments")]
    [InlineData("setup.Scope(Permissions.Read, \"Read orders\");", "Read orders")]
    [InlineData("new WebhookType(\"order.placed\", \"An order was placed\")", "An order was placed")]
    [InlineData("throw new ProblemException(\"file_empty\", \"The file is empty.\", 400);", "The file is empty.")]
    [InlineData("public TimelineText Describe() => new(\"order\", \"Order {0}\", [Number]);", "Order {0}")]
    [InlineData("words[$\"{n} rows\"]", "$\"{n} rows\"")]
    [InlineData("@* words[\"in a comment\"] *@ // words[\"in another\"]", "")]
    public void The_scan_finds(string source, string keys) => WordScan.Source(source).ShouldBe(keys.Split(',', StringSplitOptions.RemoveEmptyEntries));

    private static List<(string Key, string Text)> Translations() =>
        [.. from file in Directory.EnumerateFiles(Sources, "Words.zh-CN.resx", SearchOption.AllDirectories)
            from data in XDocument.Load(file).Root!.Elements("data")
            select (data.Attribute("name")!.Value, data.Element("value")!.Value)];

    private static HashSet<string> Placeholders(string text) => [.. Placeholder().Matches(text).Select(m => m.Value)];

    [GeneratedRegex(@"\{\d+")]
    private static partial Regex Placeholder();
}
