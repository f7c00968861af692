using System.Text.Json;
using System.Text.RegularExpressions;
using Wellmet.Customers.Profiles;
using Wellmet.Platform;
using Wellmet.Tests.Platform.Ui;

namespace Wellmet.Tests.Customers;

/// <summary>Whatever a customer is called, the page stays a page.</summary>
public sealed partial class EncodingTest
{
    [Theory]
    [InlineData("bad-input/naughty_strings.json")]
    [InlineData("bad-input/html_payloads.json")]
    public async Task Hostile_names_are_shown_as_text_in_the_list_and_on_the_page(string file)
    {
        var path = RealData.Find(file);
        Assert.SkipWhen(path is null, $"The data set {file} is not at hand in a folder shared/data beside the repository.");
        var names = JsonDocument.Parse(File.ReadAllText(path)).RootElement.EnumerateArray()
            .Select(e => e.ValueKind == JsonValueKind.String ? e.GetString()! : e.GetProperty("payload").GetString()!).Where(n => n.Trim().Length > 0).ToList();
        names.Count.ShouldBeGreaterThan(10);
        await using var ui = await UiHost.StartAsync();

        foreach (var chunk in names.Chunk(50))
        {
            var (plain, hostile) = (await ListAsync(ui, [.. chunk.Select(_ => "Anna")]), await ListAsync(ui, chunk));
            Elements(hostile).ShouldBe(Elements(plain), "no name adds an element or an attribute");
            (plain, hostile) = (await FactsAsync(ui, "Anna"), await FactsAsync(ui, string.Join(' ', chunk)));
            Elements(hostile).ShouldBe(Elements(plain));
        }
    }

    private static Task<string> ListAsync(UiHost ui, string[] names) => ui.RenderAsync<CustomersConsole>(new Dictionary<string, object?>
    {
        ["Page"] = new ListCustomers.Page([.. names.Select(n => new CustomerRow(Profile(n), n, 1, 1, null, null, CustomersInShop.Day, null, null))], null, null, names.Length, true),
        ["Countries"] = names,
    });

    private static Task<string> FactsAsync(UiHost ui, string name) => ui.RenderAsync<CustomerFacts>(new Dictionary<string, object?>
    {
        ["Customer"] = new CustomerView(Profile(name), [Guid.Empty], CustomersInShop.Day, false, null, [], []),
    });

    private static CustomerProfile Profile(string name) => new(Guid.Empty, name, name, name, name, name, []);

    /// <summary>The tags with the names of their attributes, in order.</summary>
    private static List<string> Elements(string html) =>
        [.. Tag().Matches(html).Select(m => m.Groups[1].Value + " " + string.Join(' ', Attribute().Matches(m.Value).Select(a => a.Groups[1].Value)))];

    [GeneratedRegex("""<(/?[a-zA-Z][\w-]*)(?:\s+[\w:-]+(?:="[^"]*")?)*\s*/?>""", RegexOptions.None, 5000)]
    private static partial Regex Tag();

    [GeneratedRegex("""\s([\w:-]+)(?:="[^"]*")?""", RegexOptions.None, 5000)]
    private static partial Regex Attribute();
}
