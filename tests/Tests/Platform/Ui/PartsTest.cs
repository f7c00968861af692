using Microsoft.AspNetCore.Components;
using Wellmet.Platform;
using Wellmet.Platform.Ui;
using Wellmet.Platform.Ui.Parts;

namespace Wellmet.Tests.Platform.Ui;

/// <summary>What the parts write: encoded text, dashes with reasons, the viewer's formats.</summary>
public sealed class PartsTest : IAsyncLifetime
{
    private UiHost ui = null!;

    public static TheoryData<string> Hostile =>
        ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "</textarea><svg/onload=alert(1)>", "\u202e\u0000<b>"];

    public async ValueTask InitializeAsync() => ui = await UiHost.StartAsync();

    public ValueTask DisposeAsync() => ui.DisposeAsync();

    [Theory, MemberData(nameof(Hostile))]
    public async Task Text_is_encoded_in_content_and_in_attributes(string text)
    {
        string[] rendered =
        [
            await ui.RenderAsync<Badge>(new() { ["ChildContent"] = (RenderFragment)(b => b.AddContent(0, text)) }),
            await ui.RenderAsync<NoData>(new() { ["Reason"] = text }),
            await ui.RenderAsync<Tile>(new() { ["Label"] = text, ["Value"] = text, ["Href"] = "/x", ["Definition"] = text }),
            await ui.RenderAsync<Field>(new() { ["Label"] = text, ["Name"] = "n", ["Value"] = text, ["Error"] = text }),
            await ui.RenderAsync<Field>(new() { ["Label"] = text, ["Name"] = "n", ["Value"] = text, ["Lines"] = 3 }),
            await ui.RenderAsync<Chart>(new() { ["Title"] = text, ["LabelHeading"] = text, ["Series"] = new[] { new ChartSeries(text, [new ChartPoint(text, 1)]) } }),
            await ui.RenderAsync<EmptyState>(new() { ["Title"] = text }),
            await ui.RenderAsync<PageHeader>(new() { ["Title"] = text }),
            await ui.RenderAsync<ErrorPage>(new() { ["Status"] = 404, ["Title"] = text, ["Message"] = text }),
        ];

        // A quote is harmless in content; in an attribute it is encoded, so the raw text never stands behind an attribute's own quote.
        rendered.ShouldAllBe(html => !html.Contains("<script") && !html.Contains("<img") && !html.Contains("<svg/") && !html.Contains("<b>"));
        rendered.ShouldAllBe(html => !html.Contains("=\"" + text) && !html.Contains("' onmouseover='"));
    }

    [Fact]
    public async Task A_tile_without_data_shows_a_dash_and_says_why()
    {
        var html = await ui.RenderAsync<Tile>(new() { ["Label"] = "Rating", ["Value"] = null, ["NoData"] = "No reviews yet", ["Change"] = 0.5, ["Href"] = "/reviews" });

        html.ShouldContain("–");
        html.ShouldContain("No reviews yet");
        html.ShouldNotContain("50");
        html.ShouldNotContain("<a ");
    }

    [Theory]
    [InlineData(0.124, false, "good", "12.4%")]
    [InlineData(-0.031, false, "bad", "3.1%")]
    [InlineData(0.124, true, "bad", "12.4%")]
    [InlineData(-0.031, true, "good", "3.1%")]
    [InlineData(0.0, false, "change \"", "unchanged")]
    public async Task A_tile_says_whether_a_change_is_good(double change, bool lowerIsBetter, string direction, string text)
    {
        var html = await ui.RenderAsync<Tile>(new() { ["Label"] = "L", ["Value"] = "1", ["Change"] = change, ["LowerIsBetter"] = lowerIsBetter });

        html.ShouldContain(direction);
        html.ShouldContain(text);
    }

    [Fact]
    public async Task Nothing_known_is_a_dash_not_a_zero()
    {
        (await ui.RenderAsync<NumberText>(new() { ["Value"] = null, ["NoData"] = "Not counted" })).ShouldContain("Not counted");
        (await ui.RenderAsync<MoneyText>(new() { ["Value"] = null })).ShouldContain("–");
        (await ui.RenderAsync<TimeText>(new() { ["Value"] = null })).ShouldContain("–");
        (await ui.RenderAsync<DayText>(new() { ["Value"] = null })).ShouldContain("–");
        (await ui.RenderAsync<NumberText>(new() { ["Value"] = 0m })).ShouldBe("0");
    }

    [Theory]
    [InlineData("wm_lang=en; wm_zone=Europe%2FBerlin", "20 Nov 2026, 15:05")]
    [InlineData("wm_lang=en; wm_zone=America%2FNew_York", "20 Nov 2026, 09:05")]
    [InlineData("wm_lang=zh-CN; wm_zone=Asia%2FShanghai", "2026年11月20日 22:05")]
    [InlineData("wm_lang=xx; wm_zone=..%2F..%2Fetc%2Fpasswd", "20 Nov 2026, 14:05")]
    public async Task A_time_is_shown_in_the_viewers_zone_and_language(string cookies, string shown)
    {
        var html = await ui.RenderAsync<TimeText>(new() { ["Value"] = new DateTimeOffset(2026, 11, 20, 14, 5, 0, TimeSpan.Zero) }, cookies: cookies);

        html.ShouldContain(">" + shown + "<");
        html.ShouldContain("datetime=\"2026-11-20T14:05:00Z\"");
    }

    [Fact]
    public async Task A_chart_is_a_table_with_values_and_links()
    {
        var series = new ChartSeries("Revenue", [new ChartPoint("Mon", 1234.5m, "/orders?day=1"), new ChartPoint("Tue", null)]);

        var html = await ui.RenderAsync<Chart>(new() { ["Title"] = "T", ["LabelHeading"] = "Day", ["Series"] = new[] { series }, ["Format"] = ChartFormat.Money, ["Currency"] = "GBP" });

        html.ShouldContain("data-value=\"1234.5\"");
        html.ShouldContain("<a href=\"/orders?day=1\">£1,234.50</a>");
        html.ShouldContain("–");
    }

    [Fact]
    public async Task A_chart_without_data_says_so_and_draws_nothing()
    {
        var html = await ui.RenderAsync<Chart>(new() { ["Title"] = "T", ["LabelHeading"] = "Day", ["Series"] = new[] { new ChartSeries("S", [new ChartPoint("Mon", null)]) } });

        html.ShouldContain("No data in this period");
        html.ShouldNotContain("data-chart");
    }

    [Fact]
    public async Task A_password_never_comes_back()
    {
        (await ui.RenderAsync<Field>(new() { ["Label"] = "P", ["Name"] = "p", ["Type"] = "password", ["Value"] = "hunter2" })).ShouldNotContain("hunter2");
        (await ui.RenderAsync<Field>(new() { ["Label"] = "P", ["Name"] = "p", ["Value"] = "hunter2" })).ShouldContain("hunter2");
    }

    [Fact]
    public async Task A_field_names_its_error_and_hint()
    {
        var html = await ui.RenderAsync<Field>(new() { ["Label"] = "L", ["Name"] = "mail", ["Error"] = "Wrong", ["Hint"] = "Like this" });

        html.ShouldContain("aria-describedby=\"mail-error mail-hint\"");
        html.ShouldContain("aria-invalid=\"true\"");
    }

    [Theory]
    [InlineData(30, "30 seconds left")]
    [InlineData(1, "1 second left")]
    [InlineData(90, "2 minutes left")]
    [InlineData(7200, "2 hours left")]
    public async Task Progress_counts_and_says_what_is_left(int seconds, string left)
    {
        var html = await ui.RenderAsync<Progress>(new()
        {
            ["Label"] = "Import", ["Done"] = 324500L, ["Total"] = 541909L, ["Rate"] = 24180.4, ["Left"] = TimeSpan.FromSeconds(seconds), ["Topic"] = "import:5", ["Href"] = "/x",
        });

        html.ShouldContain("324,500 of 541,909");
        html.ShouldContain("24,180 a second");
        html.ShouldContain(left);
        html.ShouldContain("data-live=\"import:5\"");
    }

    [Fact]
    public async Task A_place_shows_its_permitted_panels_in_order()
    {
        var html = await ui.RenderAsync<Panels>(new() { ["Place"] = "thing.side", ["Parameters"] = new Dictionary<string, object> { ["Kind"] = Kind.Good } });

        html.IndexOf("class=\"badge", StringComparison.Ordinal).ShouldBeGreaterThan(html.IndexOf("class=\"notice", StringComparison.Ordinal));
        html.ShouldContain("class=\"notice");
        html.ShouldNotContain("class=\"empty");
    }

    [Fact]
    public void Every_icon_named_in_the_sources_was_built()
    {
        var razor = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.razor", SearchOption.AllDirectories).SelectMany(File.ReadAllLines);
        var named = razor.SelectMany(line => System.Text.RegularExpressions.Regex.Matches(line, "Icon(?: Name)?=\"([a-z0-9-]+)\"")).Select(m => m.Groups[1].Value).Distinct().ToList();

        named.Count.ShouldBeGreaterThan(20);
        named.Except(Icons.Names).ShouldBeEmpty();
    }
}
