using Microsoft.Extensions.Primitives;
using Wellmet.Customers.Profiles;
using Wellmet.Platform.Ui;

namespace Wellmet.Customers.Timeline;

/// <summary>Where a customer's timeline is: within the whole page, for those without a script, and as the part that htmx swaps in.</summary>
internal sealed class TimelineAddresses(Guid customerId)
{
    public string Page(string? kind, string? after = null) => Address("", kind, after);

    public string Part(string? kind, string? after = null) => Address("/timeline", kind, after);

    private string Address(string part, string? kind, string? after) =>
        new PageUrl(CustomerRoutes.Of(customerId) + part, new Dictionary<string, StringValues>()).With("kind", kind).With("after", after).ToString();
}
