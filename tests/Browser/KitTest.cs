using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>The program in the development environment, which has the gallery of the interface kit.</summary>
public sealed class DevelopmentApp() : ConsoleApp("Development");

/// <summary>The parts of the interface in a real browser: how they look, that they can be reached, that they stay live.</summary>
public sealed class KitTest(DevelopmentApp app) : IClassFixture<DevelopmentApp>
{
    private const string Kit = "/console/kit";

    [Theory]
    [InlineData(1440, false, "en")]
    [InlineData(1440, true, "zh-CN")]
    [InlineData(390, true, "en")]
    [InlineData(390, false, "zh-CN")]
    public async Task Every_part_is_accessible_fits_and_keeps_the_content_policy(int width, bool dark, string language)
    {
        var page = await app.OpenAsync(width, dark, language);
        var complaints = Complaints(page);
        await page.GotoAsync(Kit);
        await page.Locator("figure[data-drawn] canvas").First.WaitForAsync();

        await Screenshots.TakeAsync(page, $"kit-{width}-{(dark ? "dark" : "light")}-{language}");
        await Accessibility.CheckAsync(page, $"kit {width} {language}");
        (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBe(width);
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_floats_above_the_page_is_accessible_too()
    {
        var page = await app.OpenAsync();
        var complaints = Complaints(page);
        await page.GotoAsync(Kit);

        await page.Keyboard.PressAsync("?");
        await page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" }).WaitForAsync();
        (await page.Locator("#shortcut-list").InnerTextAsync()).ShouldContain("New segment");
        await Accessibility.CheckAsync(page, "shortcuts");
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#kit-panel tbody tr").First.ClickAsync(new() { Position = new() { X = 600, Y = 10 } });
        await page.Locator("#side-panel-content h2", new() { HasText = "Amélie Fournier" }).WaitForAsync();
        await Accessibility.CheckAsync(page, "side panel");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await page.Locator("wa-dropdown-item", new() { HasText = "Rename" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog, new() { Name = "Rename" }).WaitForAsync();
        await Accessibility.CheckAsync(page, "dialog");
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_command_bar_goes_to_a_page_by_keyboard_alone()
    {
        var page = await app.OpenAsync();
        await page.GotoAsync(Kit);

        await page.Keyboard.PressAsync("Control+k");
        await page.Locator("#command-list a").First.WaitForAsync();
        await page.Keyboard.TypeAsync("audit");
        await page.GetByRole(AriaRole.Option, new() { Name = "Audit log", Selected = true }).WaitForAsync();
        await Accessibility.CheckAsync(page, "command bar");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/console/settings/audit");

        // Who types and presses Enter at once means what they typed.
        await page.Keyboard.PressAsync("Control+k");
        await page.Locator("#command-list a").First.WaitForAsync();
        await page.Keyboard.TypeAsync("dead");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/console/settings/dead-letters");
    }

    [Fact]
    public async Task Rows_are_walked_and_opened_with_single_keys()
    {
        var page = await app.OpenAsync();
        await page.GotoAsync(Kit);
        // Browsers drop keys that come before a page is painted for the first time.
        await page.Locator("figure[data-drawn] canvas").First.WaitForAsync();
        var rows = page.Locator("#kit-customers tbody tr");

        foreach (var (key, row) in new[] { ("j", 0), ("j", 1), ("j", 2), ("k", 1) })
        {
            await page.Keyboard.PressAsync(key);
            await Assertions.Expect(rows.Nth(row)).ToBeFocusedAsync();
        }
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForURLAsync("**/console/kit?customer=17851");
    }

    [Fact]
    public async Task A_list_follows_the_filter_without_losing_the_cursor_and_going_back_shows_it_as_it_was()
    {
        var page = await app.OpenAsync();
        await page.GotoAsync(Kit);

        await page.Locator("#kit-customers th a").First.ClickAsync();
        await page.WaitForURLAsync("**/console/kit?sort=-orders");
        await page.GetByPlaceholder("Name, e-mail or order number").PressSequentiallyAsync("an");
        await page.WaitForURLAsync(url => url.Contains("q=an&", StringComparison.Ordinal) && url.Contains("sort=-orders", StringComparison.Ordinal));
        await page.Keyboard.TypeAsync("na");
        await page.WaitForURLAsync(url => url.Contains("q=anna", StringComparison.Ordinal) && url.Contains("sort=-orders", StringComparison.Ordinal));
        (await page.EvaluateAsync<string>("() => document.activeElement.id")).ShouldBe("q");
        await page.GoBackAsync();

        await page.WaitForURLAsync("**/console/kit?sort=-orders");
        (await page.Locator("#kit-customers th[aria-sort=descending]").InnerTextAsync()).ShouldBe("Orders");
    }

    [Fact]
    public async Task The_choice_of_columns_closes_with_escape_and_with_a_click_elsewhere()
    {
        var page = await app.OpenAsync();
        await page.GotoAsync(Kit);
        var (button, form) = (page.Locator(".chooser > summary"), page.Locator(".chooser > form"));

        await button.ClickAsync();
        await form.WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(form).ToBeHiddenAsync();
        await button.ClickAsync();
        await page.Locator("h1").ClickAsync();
        await Assertions.Expect(form).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_point_of_a_chart_opens_what_is_behind_it()
    {
        var page = await app.OpenAsync();
        await page.GotoAsync(Kit);
        var chart = page.Locator("figure[data-chart=bar][data-drawn]").First;

        await chart.Locator("canvas").ClickAsync(new() { Position = new() { X = 50, Y = 150 } });

        await page.WaitForURLAsync("**/console/kit?day=2026-11-06");
    }

    [Fact]
    public async Task A_job_moves_on_every_page_that_shows_it_and_a_page_that_was_hidden_catches_up()
    {
        var (watching, acting) = (await app.OpenAsync(), await app.OpenAsync(390));
        await watching.GotoAsync(Kit);
        await acting.GotoAsync(Kit);
        var (seen, done) = (watching.Locator("#kit-progress .figures span").First, acting.Locator("#kit-progress .figures span").First);

        await ContinueAsync(acting, seen);
        await HideAsync(watching, hidden: true);
        var before = await seen.InnerTextAsync();
        await ContinueAsync(acting, done);
        (await seen.InnerTextAsync()).ShouldBe(before);
        await HideAsync(watching, hidden: false);

        await Assertions.Expect(seen).ToHaveTextAsync(await done.InnerTextAsync());
    }

    [Fact]
    public async Task An_upload_shows_how_far_it_is()
    {
        var page = await app.OpenAsync();
        var complaints = Complaints(page);
        await page.GotoAsync(Kit);
        await page.EvaluateAsync("""
            () => document.addEventListener('htmx:xhr:progress', () => {
              const upload = document.querySelector('.upload');
              sessionStorage.seen = [upload.hidden, upload.querySelector('progress').value > 0, upload.innerText.includes('MB')].join();
            })
            """);

        await UploadAsync(page, bytes: 1_000_000);

        await page.WaitForURLAsync("**/console/kit?uploaded=1000000");
        (await page.EvaluateAsync<string>("() => sessionStorage.seen")).ShouldBe("false,true,true");
        await page.Locator("figure[data-drawn] canvas").First.WaitForAsync();
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_upload_says_why_and_keeps_what_was_typed()
    {
        var page = await app.OpenAsync();
        await page.GotoAsync(Kit);

        await UploadAsync(page, bytes: 3_000_000);

        await page.Locator("#toasts .toast.bad", new() { HasText = "This is too large." }).WaitForAsync();
        (await page.GetByLabel("E-mail address").InputValueAsync()).ShouldBe("anna@shop.test");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToBeEnabledAsync();
    }

    private static async Task UploadAsync(IPage page, int bytes)
    {
        await page.GetByLabel("E-mail address").FillAsync("anna@shop.test");
        await page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = "orders.csv", MimeType = "text/csv", Buffer = new byte[bytes] });
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
    }

    [Fact]
    public async Task A_form_is_sent_once_however_often_the_button_is_pressed()
    {
        var page = await app.OpenAsync();
        await page.GotoAsync(Kit);
        var sent = 0;
        await page.RouteAsync("**/theme", async route =>
        {
            sent++;
            await Task.Delay(1000);
            await route.ContinueAsync();
        });

        await page.EvaluateAsync("""
            () => {
              const button = document.querySelector('button[value=dark]');
              button.click();
              setTimeout(() => button.click(), 200);
            }
            """);

        await page.WaitForFunctionAsync("() => document.documentElement.dataset.theme === 'dark'");
        sent.ShouldBe(1);
    }

    private static async Task ContinueAsync(IPage page, ILocator figures)
    {
        var before = await figures.InnerTextAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Assertions.Expect(figures).Not.ToHaveTextAsync(before);
    }

    /// <summary>As if another tab were in front; a browser without a screen never hides a page.</summary>
    private static Task HideAsync(IPage page, bool hidden) => page.EvaluateAsync(
        "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }", hidden);

    private static List<string> Complaints(IPage page)
    {
        var complaints = new List<string>();
        page.Console += (_, message) => { if (message.Type is "error" or "warning") { complaints.Add(message.Text); } };
        page.PageError += (_, error) => complaints.Add(error);
        return complaints;
    }
}
