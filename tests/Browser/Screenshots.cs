using Microsoft.Playwright;
using Wellmet.Tests;

namespace Wellmet.Browser;

/// <summary>Pictures of pages: every one into artifacts/screenshots, those of the user guide into docs/images when WELLMET_DOCS_IMAGES=1.</summary>
internal static class Screenshots
{
    public static async Task TakeAsync(IPage page, string name, bool forDocs = false, bool fullPage = true)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "screenshots")).FullName;
        var file = Path.Combine(folder, name + ".png");
        await page.ScreenshotAsync(new() { Path = file, FullPage = fullPage, Animations = ScreenshotAnimations.Disabled });
        if (forDocs && Environment.GetEnvironmentVariable("WELLMET_DOCS_IMAGES") == "1")
        {
            File.Copy(file, Path.Combine(Repository.Root, "docs", "images", name + ".png"), overwrite: true);
        }
    }
}
