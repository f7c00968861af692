using System.Globalization;
using System.Text;
using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>Lists: filled by hand and from a file, seen with why, combined with a segment, and made of those like others.</summary>
public sealed class ListsTest(ShopApp app) : IClassFixture<ShopApp>
{
    private const string Path = "/console/segments";

    [Fact]
    public async Task A_list_is_filled_combined_and_others_like_its_people_are_found()
    {
        var file = System.IO.Path.Combine(app.DataFolder, "orders.csv");
        await File.WriteAllTextAsync(file, Orders());
        await app.CommandAsync("import", "orders-csv", file);
        var page = await app.OpenAsync();
        await page.GotoAsync(Path);
        await page.GetByRole(AriaRole.Link, new() { Name = "New list" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Guests");
        await Looks.TakeAsync(app, new Uri(page.Url).PathAndQuery, "list-new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("Put somebody on the list").WaitForAsync();
        var list = new Uri(page.Url).PathAndQuery;
        await page.Locator("#add-q").FillAsync("p0@shop.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Put on the list" }).ClickAsync();
        await Assertions.Expect(page.Locator("#members tbody tr")).ToHaveCountAsync(1);
        await page.Locator("#members").GetByRole(AriaRole.Link, new() { Name = "Person 0" }).ClickAsync();
        await page.GetByText("They belong to no segment").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.GetByRole(AriaRole.Button, new() { Name = "Take off the list Guests" }).WaitForAsync();
        await Accessibility.CheckAsync(page, "list-customer");

        await page.GotoAsync(list);
        await page.GetByRole(AriaRole.Link, new() { Name = "Import a file" }).ClickAsync();
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "guests.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes("E-mail,Note\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"p{i * 4}@shop.example,x\n")) + "nobody@shop.example,y\n") });
        await Looks.TakeAsync(app, new Uri(page.Url).PathAndQuery, "list-import");
        await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        await page.GetByText("Nobody is known by this").First.WaitForAsync(new() { Timeout = 20_000 });
        await page.GotoAsync(list);
        await Assertions.Expect(page.Locator("#members tbody tr")).ToHaveCountAsync(30);
        await Accessibility.CheckAsync(page, "list");
        await Screenshots.TakeAsync(page, "list", forDocs: true, fullPage: false);
        await Looks.TakeAsync(app, list, "list");
        await page.Locator("#members").GetByRole(AriaRole.Link, new() { Name = "Why", Exact = true }).First.ClickAsync();
        await page.GetByText("from a file.").WaitForAsync();

        await MakeAsync(page, "Germans", """{"trait":"country","is":["DE"]}""");
        await Assertions.Expect(page.GetByText("Up to date")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        var germans = new Uri(page.Url).PathAndQuery;
        await page.GotoAsync(Path);
        await page.GetByLabel("Choose Germans").CheckAsync();
        await page.GetByLabel("Choose Guests").CheckAsync();
        await Looks.TakeAsync(app, Path, "segments-choose");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare and combine" }).ClickAsync();
        await page.GetByLabel("In all of them").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await page.GetByText("It follows the segments").WaitForAsync();
        await Accessibility.CheckAsync(page, "segments-combine");
        await Screenshots.TakeAsync(page, "segments-combine", forDocs: true, fullPage: false);
        await Looks.TakeAsync(app, new Uri(page.Url).PathAndQuery, "segments-combine");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("German guests");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("belongs to Germans").WaitForAsync();

        await page.GotoAsync(list);
        await page.GetByRole(AriaRole.Button, new() { Name = "Archive" }).ClickAsync();
        await page.GetByText("Other segments name it").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "German guests" }).WaitForAsync();

        await page.GotoAsync(germans);
        await page.GetByLabel("How many").FillAsync("40");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find them" }).ClickAsync();
        await page.GetByText("Held-out quality (AUC)").WaitForAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator("#members tbody tr")).ToHaveCountAsync(40, new() { Timeout = 20_000 });
        await Accessibility.CheckAsync(page, "lookalikes");
        await Screenshots.TakeAsync(page, "lookalikes", forDocs: true, fullPage: false);
        await Looks.TakeAsync(app, new Uri(page.Url).PathAndQuery, "lookalikes");
    }

    private static async Task MakeAsync(IPage page, string name, string rule)
    {
        await page.GotoAsync(Path + "/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit as JSON" }).ClickAsync();
        await page.GetByLabel("Rule as JSON").FillAsync(rule);
        await page.GetByLabel("Rule as JSON").PressAsync("Tab");
        await page.GetByText("country is DE").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit" }).WaitForAsync();
    }

    /// <summary>Of 160 people the first 80 buy lanterns and the others tea; every second of the first 80 is German.</summary>
    private static string Orders()
    {
        var now = TimeProvider.System.GetUtcNow();
        var text = new StringBuilder("Order number,Date,Customer ID,Email,Full name,Phone,Country,SKU,Product,Quantity,Price,Currency\n");
        for (var who = 0; who < 160; who++)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{1000 + who},{now.AddDays(-(who % 50)):yyyy-MM-dd HH:mm},c{who},p{who}@shop.example,Person {who},,{(who < 80 && who % 2 == 0 ? "DE" : "FR")},L{(who < 80 ? 0 : 1)},{(who < 80 ? "Lantern" : "Teapot")},1,{20 + who % 7}.50,EUR");
        }
        return text.ToString();
    }
}
