using System.Text;
using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>A shop of its own for the way from a sales file to the customers' stories.</summary>
public sealed class JourneyApp() : ConsoleApp("Production");

/// <summary>From a sales file to every customer's story, as a new user goes it; each page in both languages, wide and narrow, light and dark.</summary>
public sealed class JourneyTest(JourneyApp app) : IClassFixture<JourneyApp>
{
    [Fact]
    public async Task A_file_is_uploaded_looked_at_from_every_side_and_taken_back()
    {
        var page = await app.OpenAsync();
        await page.GotoAsync("/console");
        await page.GetByText("Your shop's figures begin with its first order").WaitForAsync();

        await UploadAsync(page);
        await LooksAsync(page.Url, "import");

        await page.GotoAsync("/console");
        await page.GetByText("Repeat-purchase rate").First.WaitForAsync();
        await Screenshots.TakeAsync(page, "home", forDocs: true);
        await LooksAsync("/console", "home");

        await page.GotoAsync("/console/customers");
        await Screenshots.TakeAsync(page, "customers", forDocs: true);
        await LooksAsync("/console/customers", "customers");
        await page.GetByRole(AriaRole.Searchbox).First.FillAsync("211");
        await page.GetByRole(AriaRole.Link, new() { Name = "2110" }).First.ClickAsync();
        await page.GetByText("Timeline").First.WaitForAsync();
        await Screenshots.TakeAsync(page, "customer", forDocs: true);
        await LooksAsync(page.Url, "customer");

        await LooksAsync("/console/products", "products");
        await LooksAsync("/console/orders", "orders");
        await page.GotoAsync("/console/imports");
        await Screenshots.TakeAsync(page, "imports", forDocs: true);
        await page.GetByRole(AriaRole.Link, new() { Name = "tea.csv" }).First.ClickAsync();
        await UndoAsync(page);
    }

    private static async Task UploadAsync(IPage page)
    {
        await page.GotoAsync("/console/imports/new");
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "tea.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(TeaShop.OnlineRetailFile()) });
        await page.Locator("select[name=layout]").SelectOptionAsync("online-retail");
        await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        // The bar and the head go on by themselves: nobody reloads.
        await page.GetByText("Complete").First.WaitForAsync(new() { Timeout = 60_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo the import" }).WaitForAsync();
    }

    private static async Task UndoAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo the import" }).ClickAsync();
        await page.Locator("form[action$='/undo'] button").ClickAsync();
        await page.GetByText("Undone").First.WaitForAsync(new() { Timeout = 60_000 });
        for (var i = 0; i < 60; i++)
        {
            await page.GotoAsync("/console/customers");
            if (await page.GetByRole(AriaRole.Link, new() { Name = "2110" }).CountAsync() == 0)
            {
                return;
            }
            await page.WaitForTimeoutAsync(1000);
        }
        throw new TimeoutException("The customers of the file are still there a minute after the undo.");
    }

    private Task LooksAsync(string address, string name) => Looks.TakeAsync(app, address, name);
}
