using Microsoft.AspNetCore.Components;
using Wellmet.Platform.Ui.Parts;

namespace Wellmet.Tests.Platform.Ui;

/// <summary>A list keeps what the reader chose when one thing of it changes.</summary>
public sealed class DataTableTest : IAsyncLifetime
{
    private UiHost ui = null!;

    private sealed record Row(int Number, string Name);

    public async ValueTask InitializeAsync() => ui = await UiHost.StartAsync();

    public ValueTask DisposeAsync() => ui.DisposeAsync();

    [Fact]
    public async Task A_heading_sorts_keeps_the_filter_and_starts_at_the_first_page()
    {
        var html = await TableAsync("/console/things?q=a%20b&after=17&sort=name", [new Row(1, "One")]);

        html.ShouldContain("aria-sort=\"ascending\"");
        html.ShouldContain("href=\"/console/things?q=a%20b&amp;sort=-name\"");
        html.ShouldNotContain("after=17&amp;sort");
    }

    [Fact]
    public async Task Numbers_sort_from_the_largest_first() =>
        (await TableAsync("/console/things", [new Row(1, "One")])).ShouldContain("href=\"/console/things?sort=-number\"");

    [Fact]
    public async Task A_column_without_a_sort_key_has_no_link() =>
        (await TableAsync("/console/things", [new Row(1, "One")])).ShouldContain("<th scope=\"col\">Sealed</th>");

    [Fact]
    public async Task The_pager_steps_by_key_and_keeps_sorting()
    {
        var html = await TableAsync("/console/things?sort=name&before=3", [new Row(1, "One")], next: "k9");

        html.ShouldContain("href=\"/console/things?sort=name&amp;after=k9\"");
        html.ShouldContain("aria-disabled=\"true\"");
    }

    [Fact]
    public async Task No_rows_show_the_empty_state_instead_of_a_table()
    {
        var html = await TableAsync("/console/things", []);

        html.ShouldContain("Nothing here yet");
        html.ShouldNotContain("<table");
    }

    [Fact]
    public async Task Chosen_columns_are_shown_and_the_export_gets_the_same_choice()
    {
        var html = await TableAsync("/console/things?columns=extra&after=5&q=x", [new Row(1, "One")]);

        html.ShouldContain(">Extra</th>");
        html.ShouldNotContain("class=\"number\"");
        html.ShouldContain("href=\"/console/things.csv?columns=extra&amp;q=x\"");
    }

    [Fact]
    public async Task Cells_and_row_links_are_encoded()
    {
        var html = await TableAsync("/console/things?q=%22%3E%3Cscript%3E", [new Row(1, "<script>alert(1)</script>\"")]);

        html.ShouldNotContain("<script");
        html.ShouldContain("data-href=\"/console/things/&lt;script&gt;alert(1)&lt;/script&gt;&quot;\"");
    }

    private Task<string> TableAsync(string path, IReadOnlyList<Row> rows, string? next = null) => ui.RenderAsync<DataTable<Row>>(new()
    {
        ["Id"] = "things", ["Caption"] = "Things", ["Items"] = rows, ["Next"] = next, ["CsvPath"] = "/console/things.csv",
        ["RowHref"] = (Func<Row, string>)(r => "/console/things/" + r.Name),
        ["Empty"] = (RenderFragment)(b => b.AddContent(0, "Nothing here yet")),
        ["Columns"] = (RenderFragment)(b =>
        {
            b.AddContent(0, Column("Name", ("Sort", "name")));
            b.AddContent(1, Column("Number", ("Sort", "number"), ("Number", true), ("Key", "number")));
            b.AddContent(2, Column("Sealed"));
            b.AddContent(3, Column("Extra", ("Key", "extra"), ("Extra", true)));
        }),
    }, path);

    private static RenderFragment Column(string title, params (string Name, object Value)[] more) => b =>
    {
        b.OpenComponent<Column<Row>>(0);
        b.AddComponentParameter(1, "Title", title);
        b.AddComponentParameter(2, "ChildContent", (RenderFragment<Row>)(row => cell => cell.AddContent(0, row.Name)));
        b.AddMultipleAttributes(3, more.Select(m => KeyValuePair.Create(m.Name, m.Value)));
        b.CloseComponent();
    };
}
