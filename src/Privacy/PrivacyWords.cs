using Wellmet.Platform.Purposes;
using Wellmet.Platform.Ui;
using Wellmet.Privacy.Contract;
using Wellmet.Privacy.Rules;

namespace Wellmet.Privacy;

/// <summary>Purposes, channels, consents and their reasons in the viewer's language.</summary>
internal static class PrivacyWords
{
    public static string Of(this Words words, Purpose purpose) => purpose switch
    {
        Purpose.Service => words["Serving them"],
        Purpose.Personalisation => words["Personal recommendations"],
        Purpose.Marketing => words["Advertising messages"],
        Purpose.Measurement => words["Measuring what they do"],
        Purpose.Access => words["Handing them their own data"],
        _ => words["Handing their data out"],
    };

    public static string Of(this Words words, Channel channel) => channel switch
    {
        Channel.Email => words["E-mail"],
        Channel.Sms => words["SMS"],
        Channel.Phone => words["Calls"],
        Channel.Push => words["Push messages"],
        Channel.Post => words["Letters"],
        Channel.Web => words["Web pages"],
        _ => words["All channels"],
    };

    public static string Of(this Words words, ConsentDecision decision) => decision switch
    {
        ConsentDecision.Given => words["Given"],
        ConsentDecision.NotRefused => words["Not refused at a purchase"],
        ConsentDecision.Withdrawn => words["Withdrawn"],
        ConsentDecision.Asked => words["Asked to confirm"],
        ConsentDecision.Lifted => words["Objection taken back"],
        _ => words["Claimed by a file"],
    };

    public static string Of(this Words words, ConsentSource source) => source switch
    {
        ConsentSource.Form => words["Form of the shop"],
        ConsentSource.Checkout => words["Checkout"],
        ConsentSource.DoubleOptIn => words["Confirmed by link"],
        ConsentSource.Api => words["Program of the shop"],
        ConsentSource.Staff => words["Staff"],
        ConsentSource.Import => words["Import"],
        _ => words["Signal of the browser"],
    };

    public static string Of(this Words words, LegalBasis basis) => basis switch
    {
        LegalBasis.Contract => words["Contract"],
        LegalBasis.LegalObligation => words["Legal obligation"],
        LegalBasis.LegitimateInterest => words["Legitimate interest, until they object"],
        LegalBasis.OptOut => words["Allowed until they opt out"],
        LegalBasis.Consent => words["Consent"],
        LegalBasis.ConfirmedConsent => words["Consent, confirmed by link"],
        _ => words["Forbidden"],
    };

    /// <summary>Why a use is allowed, or not.</summary>
    public static string Reason(this Words words, string basis) => basis switch
    {
        "contract" => words["Needed for the contract"],
        "legitimate_interest" => words["Legitimate interest, as long as nobody objects"],
        "legal_obligation" => words["The person has a right to their data"],
        "opt_out" => words["Allowed until they opt out"],
        "consent" or "confirmed_consent" => words["They consented"],
        "soft_opt_in" => words["Own customer who did not refuse at a purchase"],
        "consent_missing" => words["Needs consent, and none was given"],
        "permission_missing" => words["Your role may not hand data out"],
        "forbidden" => words["The rules do not allow it"],
        "withdrawn" => words["Consent withdrawn"],
        _ => words["Objected"],
    };
}
