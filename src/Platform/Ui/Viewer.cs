using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Wellmet.Platform.Ui;

/// <summary>
/// How the person at the other end reads: language, culture, time zone and theme. Language and theme are chosen (cookies), else taken
/// from the browser; the time zone comes from the browser. Outside a request: English, UTC.
/// </summary>
public sealed class Viewer
{
    public const string LanguageCookie = "wm_lang";
    public const string ThemeCookie = "wm_theme";
    public const string ZoneCookie = "wm_zone";

    public static readonly IReadOnlyList<string> Languages = ["en", "zh-CN"];
    public static readonly IReadOnlyList<string> Themes = ["light", "dark"];

    public Viewer(IHttpContextAccessor accessor)
    {
        var request = accessor.HttpContext?.Request;
        var preferred = request?.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.ToString()).ToList() ?? [];
        Language = Chosen(request, LanguageCookie, Languages) ?? preferred.Select(Supported).FirstOrDefault(l => l is not null) ?? "en";
        Culture = CultureOf(Language, preferred);
        TimeZone = ZoneOf(request?.Cookies[ZoneCookie]);
        Theme = Chosen(request, ThemeCookie, Themes);
        Url = request is null ? new PageUrl("/", new Dictionary<string, Microsoft.Extensions.Primitives.StringValues>()) : PageUrl.Of(request);
    }

    private Viewer(string language)
    {
        Language = language;
        Culture = CultureOf(language, []);
        TimeZone = TimeZoneInfo.Utc;
        Url = new PageUrl("/", new Dictionary<string, Microsoft.Extensions.Primitives.StringValues>());
    }

    /// <summary>Somebody who reads this language and is not there: whoever gets a letter.</summary>
    /// <param name="language">One of <see cref="Languages"/>.</param>
    public static Viewer Reading(string language) => Languages.Contains(language) ? new Viewer(language) : throw new ArgumentOutOfRangeException(nameof(language), language, "This language is not spoken here.");

    /// <summary><c>en</c> or <c>zh-CN</c>.</summary>
    public string Language { get; }

    /// <summary>How numbers and dates are written: the language with the region of the browser.</summary>
    public CultureInfo Culture { get; }

    public TimeZoneInfo TimeZone { get; }

    /// <summary><c>light</c>, <c>dark</c>, or null to follow the system.</summary>
    public string? Theme { get; }

    public PageUrl Url { get; }

    public string Number(decimal value, int decimals = 0) => value.ToString("N" + decimals, Culture);

    /// <param name="ratio">1 is 100 %.</param>
    public string Percent(double ratio, int decimals = 1) => ratio.ToString("P" + decimals, Culture).Replace("\u00a0", "", StringComparison.Ordinal);

    public string Money(Money value) => value.Display(Culture);

    public string Day(DateOnly day) => day.ToString(DayPattern, Culture);

    /// <summary>Without the year, for the labels of charts.</summary>
    public string ShortDay(DateOnly day) => day.ToString(Language == "zh-CN" ? "M月d日" : Culture.Name == "en-US" ? "MMM d" : "d MMM", Culture);

    /// <summary>The day in the viewer's time zone.</summary>
    public string Day(DateTimeOffset moment) => Local(moment).ToString(DayPattern, Culture);

    public string Time(DateTimeOffset moment) => Local(moment).ToString(TimePattern, Culture);

    public string DayAndTime(DateTimeOffset moment) => $"{Day(moment)}{(Language == "en" ? ", " : " ")}{Time(moment)}";

    public DateTimeOffset Local(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, TimeZone);

    private string DayPattern => Culture.Name switch { "zh-CN" => "yyyy年M月d日", "en-US" => "MMM d, yyyy", _ => "d MMM yyyy" };

    private string TimePattern => Culture.Name == "en-US" ? "h:mm tt" : "HH:mm";

    private static string? Chosen(HttpRequest? request, string cookie, IReadOnlyList<string> allowed) =>
        request?.Cookies[cookie] is { } value && allowed.Contains(value) ? value : null;

    private static string? Supported(string language) =>
        language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? "zh-CN" : language.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? "en" : null;

    private static CultureInfo CultureOf(string language, List<string> preferred)
    {
        var american = preferred.Find(l => l.StartsWith("en-", StringComparison.OrdinalIgnoreCase))?.Equals("en-US", StringComparison.OrdinalIgnoreCase) ?? false;
        return CultureInfo.GetCultureInfo(language == "zh-CN" ? "zh-CN" : american ? "en-US" : "en-GB");
    }

    private static TimeZoneInfo ZoneOf(string? cookie) =>
        cookie is { Length: > 0 and < 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(cookie, out var zone) ? zone : TimeZoneInfo.Utc;
}
