using System.Text.Json;
using Wellmet.Platform.Ui;
using Wellmet.Platform.Ui.Parts;

namespace Wellmet.Platform.Webhooks;

/// <summary>States and reasons of messages in words.</summary>
internal static class WebhookWords
{
    private static readonly JsonSerializerOptions Lines = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Indented(string body) => JsonSerializer.Serialize(JsonElement.Parse(body), Lines);

    public static string Of(Words words, WebhookState state) => state switch
    {
        WebhookState.Pending => words["Waiting"],
        WebhookState.Sent => words["Sent"],
        WebhookState.Withheld => words["Held back"],
        _ => words["Failed"],
    };

    public static string? Of(Words words, WebhookItem item) => item.Reason switch
    {
        null => null,
        "address_unreachable" => words["It could not be reached, or is not on the public internet."],
        "address_invalid" => words["This address is not called from here."],
        "redirect" => words["It answered with another address. Those are not followed: enter the right one."],
        "refused" => words["It answered with an error."],
        "gone" => words["It says that it is gone."],
        "not_allowed" => words["The customer objects to their data being handed on."],
        "answer_large" => words["Its answer was too large."],
        var reason => reason,
    };

    public static Kind KindOf(WebhookItem item) => item.State switch
    {
        WebhookState.Sent => Kind.Good,
        WebhookState.Failed => Kind.Bad,
        WebhookState.Pending when item.Attempts > 0 => Kind.Attention,
        _ => Kind.Info,
    };
}
