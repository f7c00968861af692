namespace Wellmet.Browser;

/// <summary>A page from every side: wide and narrow, light and dark, in both languages; each fits and has nothing serious against it.</summary>
internal static class Looks
{
    public static async Task TakeAsync(ConsoleApp app, string address, string name)
    {
        foreach (var (width, dark, language) in new[] { (1440, false, "en"), (1440, true, "zh-CN"), (390, false, "zh-CN"), (390, true, "en") })
        {
            var page = await app.OpenAsync(width, dark, language);
            await page.GotoAsync(address);
            var picture = $"{name}-{width}-{(dark ? "dark" : "light")}-{language}";
            await Screenshots.TakeAsync(page, picture);
            await Accessibility.CheckAsync(page, picture);
            (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBe(width, picture);
            await page.Context.CloseAsync();
        }
    }
}
