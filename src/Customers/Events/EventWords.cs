using Wellmet.Platform.Ui;
using Wellmet.Platform.Ui.Parts;

namespace Wellmet.Customers.Events;

/// <summary>Results and problems of calls, for people.</summary>
internal static class EventWords
{
    public static string Of(Words words, CallResult result) => result switch
    {
        CallResult.Accepted => words["Accepted"],
        CallResult.Doubtful => words["Accepted, but doubtful"],
        CallResult.Duplicate => words["Came twice"],
        _ => words["Refused"],
    };

    public static Kind KindOf(CallResult result) => result switch
    {
        CallResult.Accepted => Kind.Good,
        CallResult.Doubtful => Kind.Attention,
        CallResult.Duplicate => Kind.Neutral,
        _ => Kind.Bad,
    };

    /// <summary>What a code means; the code itself where there is no more to say.</summary>
    public static string Of(Words words, string problem) => problem switch
    {
        "property_missing" => words["A property is missing"],
        "property_no_number" => words["A property should be a number"],
        "currency_unknown" => words["The currency should be a code of three letters"],
        "order_change_untrusted" => words["Only the shop's server can change an order"],
        "event_missing" => words["The event has no name"],
        "identity_missing" => words["Neither userId nor anonymousId names anybody"],
        "type_unknown" => words["The type of the call is unknown"],
        "event_invalid" => words["An event is not a JSON object"],
        "event_too_large" => words["The event is too large"],
        "json_invalid" => words["The request is not valid JSON"],
        "batch_missing" => words["The batch is missing"],
        "trait_not_text" => words["A trait should be a text"],
        "trait_not_number" => words["A trait should be a number"],
        "trait_not_boolean" => words["A trait should be true or false"],
        "trait_not_date" => words["A trait should be a date such as 2026-01-31"],
        "trait_too_long" => words["A trait is too long"],
        "trait_source_refused" => words["A trait may not come from this source"],
        "group_missing" => words["The group has no groupId"],
        _ => problem,
    };
}
