using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>How a person gets in.</summary>
internal static class SignInPages
{
    public static async Task UseFirstLinkAsync(IPage page, string link)
    {
        await page.GotoAsync(link);
        await page.GetByLabel("E-mail address").FillAsync(ConsoleApp.Email);
        await page.GetByLabel("Your name").FillAsync("Olivia Owner");
        await page.GetByLabel("Password").FillAsync(ConsoleApp.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await page.GetByRole(AriaRole.Navigation).First.WaitForAsync();
    }

    public static async Task SignInAsync(IPage page, string email, string password)
    {
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }
}
