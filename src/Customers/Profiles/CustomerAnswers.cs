using System.ComponentModel;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Api;

namespace Wellmet.Customers.Profiles;

/// <summary>A customer in the list of the API. Personal fields are null, not masked: a program would take a mask for an address.</summary>
internal sealed record CustomerItem(
    [property: Description("Stays the same until the customer is merged into another one.")] Guid Id,
    [property: Description("Personal: null without the scope `customers.read_personal`.")] string? Name,
    [property: Description("Personal: null without the scope `customers.read_personal`.")] string? Email,
    [property: Description("Personal: null without the scope `customers.read_personal`.")] string? Phone,
    [property: Description("ISO 3166 alpha-2 code, or the source's own word.")] string? Country,
    long Orders,
    [property: Description("Units ordered.")] long Items,
    [property: Description("In the currency of most of the customer's orders; null where there is none.")] ApiMoney? Revenue,
    [property: Description("What was cancelled of it.")] ApiMoney? Cancelled,
    DateTimeOffset FirstSeenAt, DateTimeOffset? FirstOrderAt, DateTimeOffset? LastOrderAt)
{
    public static CustomerItem Of(CustomerRow row, bool personal) => new(
        row.CustomerId, personal ? row.Profile.Name : null, personal ? row.Profile.Email : null, personal ? row.Profile.Phone : null, row.Country,
        row.Orders, row.Items, ApiMoney.Of(row.Revenue), ApiMoney.Of(row.Cancelled), row.FirstSeenAt, row.FirstOrderAt, row.LastOrderAt);
}

/// <summary>One customer in the API.</summary>
internal sealed record CustomerAnswer(
    Guid Id,
    [property: Description("Every identity that was first seen apart and belongs to the customer now; events, orders and lines of the timeline name one of them.")] IReadOnlyList<Guid> SubjectIds,
    [property: Description("Nobody is known behind it: a visitor.")] bool Anonymous,
    [property: Description("Personal: null without the scope `customers.read_personal`.")] string? Name,
    [property: Description("Personal: null without the scope `customers.read_personal`.")] string? Email,
    [property: Description("Personal: null without the scope `customers.read_personal`.")] string? Phone,
    [property: Description("ISO 3166 alpha-2 code, or the source's own word.")] string? Country,
    [property: Description("BCP 47 tag.")] string? Locale,
    IReadOnlyList<CustomerAnswer.Identifier> Identifiers,
    [property: Description("What was bought, one for each currency, most orders first.")] IReadOnlyList<CustomerAnswer.Figures> Purchases,
    DateTimeOffset FirstSeenAt,
    [property: Description("When the person was forgotten; nothing personal is left then.")] DateTimeOffset? ErasedAt)
{
    /// <summary>By what a source knows the customer.</summary>
    internal sealed record Identifier(
        IdentityKind Kind,
        [property: Description("Personal: null without the scope `customers.read_personal`.")] string? Value,
        [property: Description("Proved by the shop's server; false for what a browser claimed.")] bool Verified);

    /// <summary>Sums over the orders in one currency.</summary>
    internal sealed record Figures(
        string Currency, long Orders, long Items, ApiMoney Revenue, ApiMoney Cancelled, ApiMoney? AverageOrder, DateTimeOffset? FirstOrderAt, DateTimeOffset? LastOrderAt);

    public static CustomerAnswer Of(CustomerView view, bool personal)
    {
        var profile = view.Profile;
        return new CustomerAnswer(
            view.CustomerId, view.Subjects, view.Anonymous, personal ? profile.Name : null, personal ? profile.Email : null, personal ? profile.Phone : null, profile.Country, profile.Locale,
            [.. profile.Identities.Select(i => new Identifier(i.Kind, personal ? i.Value : null, i.Verified))],
            [.. view.Figures.Select(f => new Figures(
                f.Currency, f.Orders, f.Items, ApiMoney.Of(f.Revenue), ApiMoney.Of(f.Cancelled), ApiMoney.Of(f.AverageOrder), f.FirstOrderAt, f.LastOrderAt))],
            view.FirstSeenAt, view.ErasedAt);
    }
}
