using System.Globalization;
using System.Text;
using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>Segments: made from a template, seen with why, written with a preview, wrong ones refused, archived and brought back.</summary>
public sealed class SegmentsTest(ShopApp app) : IClassFixture<ShopApp>
{
    private const string Path = "/console/segments";

    [Fact]
    public async Task A_segment_is_made_explained_edited_and_archived()
    {
        var file = System.IO.Path.Combine(app.DataFolder, "orders.csv");
        await File.WriteAllTextAsync(file, Orders());
        await app.CommandAsync("import", "orders-csv", file);
        var page = await app.OpenAsync();
        await page.GotoAsync(Path);
        await page.GetByText("No segments yet").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Use template At risk" }).ClickAsync();
        await page.GetByText("The segment was made").WaitForAsync();
        await Assertions.Expect(page.Locator("#members tbody tr")).ToHaveCountAsync(12, new() { Timeout = 20_000 });
        await Accessibility.CheckAsync(page, "segment");
        await Looks.TakeAsync(app, new Uri(page.Url).PathAndQuery, "segment");

        await page.Locator("#members").GetByRole(AriaRole.Link, new() { Name = "Why", Exact = true }).First.ClickAsync();
        await page.GetByText("Found: 2.").First.WaitForAsync();
        await Screenshots.TakeAsync(page, "segments-why", forDocs: true, fullPage: false);
        await Accessibility.CheckAsync(page, "segment-why");
        await Looks.TakeAsync(app, new Uri(page.Url).PathAndQuery, "segment-why");

        await page.GotoAsync(Path + "/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Lantern buyers");
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit as JSON" }).ClickAsync();
        await WriteAsync(page, """{"did":"Product Ordered","at_lest":2}""");
        await page.GetByText("'at_lest' is not known here").First.WaitForAsync();
        await WriteAsync(page, """{"did":"Product Ordered","where":[{"property":"name","is":["Teapot"]}]}""");
        await page.GetByText("of 24").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit in rows" }).ClickAsync();
        await page.Locator("[name='/all/0/where/0.values']").FillAsync("Lantern");
        await page.Locator("[name='/all/0/where/0.values']").PressAsync("Tab");
        await page.GetByRole(AriaRole.Button, new() { Name = "Something known" }).ClickAsync();
        await page.Locator("[name='/all/1.values']").FillAsync("DE");
        await page.Locator("[name='/all/1.values']").PressAsync("Tab");
        await page.GetByText("country is DE").WaitForAsync();
        await Accessibility.CheckAsync(page, "segment-editor");
        await Screenshots.TakeAsync(page, "segments-editor", forDocs: true, fullPage: false);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Locator("#members tbody tr")).ToHaveCountAsync(4, new() { Timeout = 20_000 });
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit" }).ClickAsync();
        await page.GetByText("of 24").WaitForAsync();
        await Looks.TakeAsync(app, new Uri(page.Url).PathAndQuery, "segment-editor");

        await page.GotoAsync(Path);
        await Screenshots.TakeAsync(page, "segments", forDocs: true, fullPage: false);
        await Accessibility.CheckAsync(page, "segments");
        await Looks.TakeAsync(app, Path, "segments");
        await page.GetByRole(AriaRole.Link, new() { Name = "Lantern buyers" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Archive" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await page.GetByText("It is in force again").WaitForAsync();
    }

    private static async Task WriteAsync(IPage page, string rule)
    {
        await page.GetByLabel("Rule as JSON").FillAsync(rule);
        await page.GetByLabel("Rule as JSON").PressAsync("Tab");
    }

    /// <summary>Twenty-four people; twelve ordered twice long ago, twelve once lately.</summary>
    private static string Orders()
    {
        var now = TimeProvider.System.GetUtcNow();
        var text = new StringBuilder("Order number,Date,Customer ID,Email,Full name,Phone,Country,SKU,Product,Quantity,Price,Currency\n");
        var number = 1000;
        void Order(int who, int daysAgo) => text.AppendLine(CultureInfo.InvariantCulture,
            $"{number++},{now.AddDays(-daysAgo):yyyy-MM-dd HH:mm},c{who},p{who}@shop.example,Person {who},,{(who % 3 == 0 ? "DE" : "FR")},L{who % 2},{(who % 2 == 0 ? "Lantern" : "Teapot")},1,{20 + who}.50,EUR\n");
        for (var who = 0; who < 24; who++)
        {
            if (who < 12)
            {
                Order(who, 200);
                Order(who, 120);
            }
            else
            {
                Order(who, 10);
            }
        }
        return text.ToString();
    }
}
