using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Webhooks;

namespace Wellmet.Customers.Profiles;

/// <summary>What other programs hear of customers: who became one with whom, and who is to be forgotten there, too.</summary>
internal sealed class CustomerWebhooks : IWebhookEvents
{
    public IReadOnlyList<WebhookType> Types { get; } =
        [new WebhookType("customer.merged", "Two customers were found to be one"), new WebhookType("customer.unmerged", "A merge of customers was taken back"), new WebhookType("customer.erased", "A customer was erased: forget them, too")];

    public IReadOnlyList<Type> Accepts { get; } = [typeof(CustomerMerged), typeof(CustomerUnmerged), typeof(CustomerErased)];

    public WebhookMessage? MessageOf(ILogEvent happened) => happened switch
    {
        CustomerMerged e => new("customer.merged", e.OccurredAt, e.SubjectId, new { customer_id = e.SubjectId, kept_customer_id = e.KeptId }),
        CustomerUnmerged e => new("customer.unmerged", e.OccurredAt, e.SubjectId, new { customer_id = e.SubjectId, kept_customer_id = e.KeptId }),
        // The person's own wish, against which nothing can be objected.
        CustomerErased e => new("customer.erased", e.OccurredAt, e.SubjectId, new { customer_id = e.SubjectId }) { Purpose = Purpose.Service },
        _ => null,
    };
}
