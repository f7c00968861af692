using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Webhooks;
using Wellmet.Privacy.Contract;

namespace Wellmet.Privacy.Consents;

/// <summary>What other programs hear of consents: a withdrawal has to reach all who write to the person.</summary>
internal sealed class ConsentWebhooks : IWebhookEvents
{
    public IReadOnlyList<WebhookType> Types { get; } = [new WebhookType("consent.recorded", "A customer consented, or withdrew a consent")];

    public IReadOnlyList<Type> Accepts { get; } = [typeof(ConsentRecorded)];

    public WebhookMessage? MessageOf(ILogEvent happened) => happened is ConsentRecorded e
        ? new("consent.recorded", e.OccurredAt, e.SubjectId, new { customer_id = e.SubjectId, consent_id = e.ConsentId, purpose = EnumText.Of(e.Purpose), channel = EnumText.Of(e.Channel), decision = EnumText.Of(e.Decision) }) { Purpose = Purpose.Service }
        : null;
}
