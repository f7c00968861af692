using Wellmet.Platform.Ui;
using Wellmet.Platform.Ui.Parts;

namespace Wellmet.Customers.Timeline;

/// <summary>How the kinds of timeline entries look, and which one can choose.</summary>
internal static class TimelineKinds
{
    /// <summary>What the API can choose.</summary>
    public static readonly IReadOnlyList<string> Codes = ["order", "cancellation", "delivery", "return", "visit", "profile", "privacy"];

    /// <summary>The first is all of them.</summary>
    public static IReadOnlyList<(string? Kind, string Label)> Choices(Words words) =>
    [
        (null, words["All"]), ("order", words["Orders"]), ("cancellation", words["Cancellations"]), ("delivery", words["Deliveries"]),
        ("return", words["Returns"]), ("visit", words["Visits"]), ("profile", words["Profile"]), ("privacy", words["Privacy"]),
    ];

    public static string IconOf(string kind) => kind switch
    {
        "order" => "receipt",
        "cancellation" => "ban",
        "delivery" => "truck",
        "return" => "undo-2",
        "profile" => "user",
        "privacy" => "shield",
        _ => "activity",
    };

    public static Kind ToneOf(string kind) => kind switch
    {
        "order" => Kind.Good,
        "cancellation" or "return" => Kind.Attention,
        _ => default,
    };
}
