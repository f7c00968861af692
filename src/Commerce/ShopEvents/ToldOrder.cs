using Wellmet.Commerce.Imports;
using Wellmet.Commerce.Orders;
using Wellmet.Commerce.Storefronts;
using Wellmet.Customers.Contract;

namespace Wellmet.Commerce.ShopEvents;

/// <summary>
/// An order as an event tells it (Segment's e-commerce specification v2, its v1, Google Analytics 4): a line for each product, one for what
/// was taken off the whole, one for the shipping. Taxes are no revenue. Where no product is named, the order is one line of what it came to.
/// </summary>
internal static class ToldOrder
{
    private const int CurrencyLength = 3;
    private static readonly PersonClaim Nobody = new(IdentityKind.AnonymousId, null, new PersonDetails());

    /// <summary>The number of the order that an event is about; null where it names none.</summary>
    public static string? NumberOf(OrderEventCollected told) => ToldValues.Code(told.Source.Properties.Root, "order_id", "order_number", "transaction_id");

    /// <summary>ISO 4217; the storefront's where the event names none.</summary>
    public static string CurrencyOf(OrderEventCollected told, string fallback) =>
        ToldValues.Code(told.Source.Properties.Root, "currency")?.ToUpperInvariant() is { Length: CurrencyLength } code && code.All(char.IsAsciiLetterUpper) ? code : fallback;

    /// <summary>Where it goes, as an ISO 3166 alpha-2 code. Only connected shop systems say so in clear.</summary>
    private static string? CountryOf(OrderEventCollected told) =>
        ToldValues.Code(told.Source.Properties.Root, "ships_to") is { Length: 2 } code && code.All(char.IsAsciiLetter) ? code.ToUpperInvariant() : null;

    public static SalesDocument Read(OrderEventCollected told, string number, Storefront storefront)
    {
        var head = new DocumentHead(told.OccurredAt, CurrencyOf(told, storefront.Currency), CountryOf(told), told.Source.Anonymous);
        var reading = new Reading(number, head);
        foreach (var product in ToldValues.Products(told.Source.Properties))
        {
            var code = ToldValues.ProductCode(product) ?? ToldValues.Code(product, "name", "item_name");
            reading.Add(code, ToldValues.Name(product, "name", "item_name"), ToldValues.Number(product, "quantity") ?? 1, ToldValues.Number(product, "price") ?? 0);
        }
        AddCharges(reading, told.Source.Properties);
        return new SalesDocument(DocumentKind.Order, number, head, reading.Finish()) { SubjectId = told.SubjectId };
    }

    private static void AddCharges(Reading reading, EventProperties properties)
    {
        var goods = ToldValues.Number(properties.Root, "subtotal") ?? reading.Goods - Math.Abs(ToldValues.Number(properties.Root, "discount") ?? 0);
        if (reading.IsEmpty)
        {
            reading.Add("ORDER", "Order", 1, ToldValues.Number(properties.Root, "subtotal", "revenue", "value", "total") ?? 0, charge: true);
        }
        else if (goods < reading.Goods)
        {
            reading.Add("DISCOUNT", "Discount", 1, goods - reading.Goods, charge: true);
        }
        if (ToldValues.Number(properties.Root, "shipping") is { } shipping and > 0)
        {
            reading.Add("SHIPPING", "Shipping", 1, shipping, charge: true);
        }
    }

    /// <summary>The lines of one order while they are read; those that cannot be kept (a quantity of millions of millions) are left out.</summary>
    private sealed class Reading(string number, DocumentHead head)
    {
        private readonly List<SalesLine> lines = [];
        private readonly Dictionary<(string, long, long), int> occurrences = [];

        /// <summary>What the products come to.</summary>
        public decimal Goods { get; private set; }
        public bool IsEmpty => lines.Count == 0;

        public void Add(string? code, string name, decimal quantity, decimal price, bool charge = false)
        {
            if (decimal.Truncate(quantity) != quantity && Math.Abs(quantity) < int.MaxValue && Math.Abs(price) < int.MaxValue)
            {
                // Sold by weight or length: one line of what it came to.
                (quantity, price) = (Math.Sign(quantity), Math.Abs(quantity) * price);
            }
            if (code is null || Math.Abs(quantity) > int.MaxValue
                || LineAmount.Price(price) is not { } unitPrice || LineAmount.Minor((long)quantity, price, Platform.Money.Decimals(head.Currency)) is not { } amount)
            {
                return;
            }
            var kind = charge ? LineKind.Charge : quantity > 0 && price > 0 ? LineKind.Product : LineKind.Adjustment;
            Goods += kind == LineKind.Adjustment || charge ? 0 : quantity * price;
            var occurrence = occurrences[(code, (long)quantity, unitPrice)] = occurrences.GetValueOrDefault((code, (long)quantity, unitPrice)) + 1;
            lines.Add(new SalesLine(0, DocumentKind.Order, number, kind, head.PlacedAt, code, name, (long)quantity, unitPrice, amount, head.Currency, head.Country, Nobody)
            { Occurrence = occurrence });
        }

        /// <summary>An order has at least one line.</summary>
        public List<SalesLine> Finish()
        {
            if (IsEmpty)
            {
                lines.Add(new SalesLine(0, DocumentKind.Order, number, LineKind.Adjustment, head.PlacedAt, "ORDER", "Order", 1, 0, 0, head.Currency, head.Country, Nobody));
            }
            return lines;
        }
    }
}
