using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.Connectors;
using Wellmet.Commerce.Orders;
using Wellmet.Commerce.ShopPayloads;
using Wellmet.Commerce.Storefronts;
using Wellmet.Customers.Contract;
using Wellmet.Platform;

namespace Wellmet.Commerce.Mappings;

/// <summary>A payload on its way through a mapping.</summary>
/// <param name="Key">The id of the delivery.</param>
/// <param name="At">When it came; counts where the payload says no time.</param>
internal sealed record MappedPayload(Connection Connection, Storefront Storefront, string Topic, string Key, DateTimeOffset At, JsonElement Root);

/// <summary>What a rule made of a payload, or of one of several things in it.</summary>
/// <param name="Value">A What the keepers of shops' payloads take (an order, a refund, a parcel, a person, a product, an event); null where something is wrong.</param>
/// <param name="Rule">Place of the rule.</param>
/// <param name="Taken">The values, for people.</param>
public sealed record MappedThing(int Rule, MappingKind Kind, object? Value, IReadOnlyList<MappedValue> Taken, IReadOnlyList<IReadOnlyList<MappedValue>> Lines, IReadOnlyList<MappingError> Errors);

/// <summary>An event that a program tells.</summary>
/// <param name="Properties">A JSON object.</param>
internal sealed record MappedEvent(string Name, string MessageId, DateTimeOffset At, PersonClaim Person, string Properties);

/// <summary>Applies a mapping to a payload. Nothing is looked up and nothing kept, so that the editor shows exactly what a delivery would become.</summary>
internal static class ReadMapped
{
    public const int MostThings = 500, MostLines = 5_000;
    private const int LongestMessageId = 100;

    /// <summary>In the order of the rules: what a payload tells of an order comes before what happened to it where the rules stand so.</summary>
    /// <exception cref="ProblemException"><c>payload_large</c> (422).</exception>
    public static IReadOnlyList<MappedThing> Run(CompiledMapping mapping, MappedPayload payload)
    {
        try
        {
            return Read(mapping, payload);
        }
        catch (InvalidOperationException)
        {
            // .NET hands out no text with half of a surrogate pair.
            throw new ProblemException("payload_invalid", "The content is not one JSON object.", 422);
        }
    }

    private static List<MappedThing> Read(CompiledMapping mapping, MappedPayload payload)
    {
        var things = new List<MappedThing>();
        var whole = new JsonScope(payload.Root, payload.Root, new ReadingBudget());
        foreach (var rule in mapping.Rules.Where(r => (r.Rule.Topic is null || string.Equals(r.Rule.Topic, payload.Topic, StringComparison.OrdinalIgnoreCase)) && r.When?.Holds(whole) != false))
        {
            var place = 0;
            foreach (var item in rule.Each?.Find(whole) ?? [payload.Root])
            {
                if (things.Count == MostThings)
                {
                    throw new ProblemException("payload_large", "At most {0} lines or variants are taken of one thing.", 422, MostThings);
                }
                things.Add(new Reading(rule, payload, whole with { Current = item }, place++).Run());
            }
        }
        return things;
    }

    private sealed class Reading
    {
        private readonly CompiledRule rule;
        private readonly MappedPayload payload;
        private readonly JsonScope scope;
        private readonly int place;
        private readonly List<MappingError> errors = [];
        private readonly List<FieldReader> lines = [];
        private readonly TimeZoneInfo zone;
        private readonly FieldReader read;

        public Reading(CompiledRule rule, MappedPayload payload, JsonScope scope, int place)
        {
            (this.rule, this.payload, this.scope, this.place) = (rule, payload, scope, place);
            zone = TimeZoneInfo.TryFindSystemTimeZoneById(payload.Storefront.TimeZone, out var found) ? found : TimeZoneInfo.Utc;
            read = new FieldReader(rule, scope, "", zone, errors);
        }

        public MappedThing Run()
        {
            object value = rule.Rule.Kind switch
            {
                MappingKind.Order => Order(),
                MappingKind.Refund => Refund(),
                MappingKind.Parcel => Parcel(),
                MappingKind.Customer => Customer(),
                MappingKind.Product => Product(),
                _ => Event(),
            };
            return new MappedThing(rule.Place, rule.Rule.Kind, errors.Count == 0 ? value : null, read.Taken, lines.ConvertAll(l => (IReadOnlyList<MappedValue>)l.Taken), errors);
        }

        private ShopOrder Order()
        {
            var (number, currency) = (read.Id("number") ?? "", read.Currency(payload.Storefront.Currency));
            var changed = read.Time("changed_at") ?? payload.At;
            var ordered = Lines(line => LineOf(line, currency));
            var discount = read.Money("discount", currency);
            var person = Person(changed);
            return new ShopOrder(read.Id("order_id") ?? number, number, read.Time("placed_at") ?? payload.At, changed, currency, person, ordered,
                read.Money("goods", currency) ?? (discount is { } off ? ordered.Sum(l => l.Quantity * l.Price) - Math.Abs(off) : null), read.Money("shipping", currency) ?? 0)
            {
                Country = person.Country is { Length: 2 } code && code.All(char.IsAsciiLetter) ? code.ToUpperInvariant() : null,
                CancelledAt = read.Time("cancelled_at") ?? (read.Truth("cancelled") == true ? changed : null),
            };
        }

        private static ShopLine LineOf(FieldReader line, string currency)
        {
            var (sku, name) = (line.Text("line_sku", FieldReader.LongestCode) ?? "", line.Text("line_name") ?? "");
            var quantity = line.Number("line_quantity") ?? 1;
            var price = line.Money("line_price", currency) ?? (line.Money("line_total", currency) is { } total && quantity != 0 ? total / quantity : 0);
            return new ShopLine(sku, name, quantity, price);
        }

        private ShopRefund Refund()
        {
            var currency = read.Currency(payload.Storefront.Currency);
            return new ShopRefund(read.Id("refund_id") ?? "", read.Id("order_id") ?? "", read.Time("at") ?? payload.At, [], Items(), Math.Abs(read.Money("amount", currency) ?? 0));
        }

        private ShopParcel Parcel()
        {
            var changed = read.Time("changed_at") ?? payload.At;
            return new ShopParcel(read.Id("parcel_id") ?? "", read.Id("order_id") ?? "", read.Time("sent_at") ?? changed, changed, read.Id("carrier"), read.Id("tracking"), Items(),
                read.Truth("called_back") == true, read.Time("delivered_at"));
        }

        private ShopPerson Customer()
        {
            var person = Person(read.Time("changed_at") ?? payload.At);
            if ((person.CustomerNumber ?? person.Email ?? person.Phone) is null)
            {
                read.Note("customer_id", new ProblemException("person_missing", "Somebody is known by a customer ID, an e-mail address or a phone number; none was found.", 422));
            }
            return person with { AcceptsMarketing = read.Truth("accepts_marketing"), Consent = Consent(person) };
        }

        /// <summary>Null without the evidence, too: then nothing is raised.</summary>
        private ShopConsent? Consent(ShopPerson person)
        {
            var (given, at) = (read.Truth("consent"), read.Time("consent_at"));
            var (wording, evidence, ip) = (read.Text("consent_wording", 4000), read.Text("consent_evidence"), read.Text("consent_ip", FieldReader.LongestCode));
            return given == true && at is { } when && person.Email is { } email && (wording ?? evidence) is not null ? new ShopConsent(email, when, wording, evidence, ip) : null;
        }

        private ShopProduct Product()
        {
            var sku = read.Text("sku", FieldReader.LongestCode) ?? "";
            var currency = read.Currency(payload.Storefront.Currency);
            var facts = new ProductFacts();
            facts = read.Text("name") is { } name ? facts with { Name = name } : facts;
            facts = read.Text("brand", ProductFacts.LongestWord) is { } brand ? facts with { Brand = brand } : facts;
            facts = read.Text("category", ProductFacts.LongestWord) is { } category ? facts with { Category = category } : facts;
            facts = read.Money("price", currency) is { } price ? facts with { Price = Money.From(price, currency) } : facts;
            facts = read.Number("stock") is { } stock ? facts with { Stock = (long)Math.Clamp(stock, 0, ProductFacts.MostStock) } : facts;
            facts = read.Truth("active") is { } active ? facts with { Active = active } : facts;
            facts = read.Text("image_url", ProductFacts.LongestAddress) is { } image ? facts with { ImageUrl = image } : facts;
            facts = read.Text("page_url", ProductFacts.LongestAddress) is { } page ? facts with { PageUrl = page } : facts;
            return new ShopProduct(read.Id("product_id") ?? sku, read.Time("changed_at") ?? payload.At, [new SaidProduct(sku, facts)]);
        }

        private MappedEvent Event()
        {
            var (number, email, phone, visitor) = (read.Id("customer_id"), read.Text("email", PersonClaim.MaxLength), read.Text("phone", PersonClaim.MaxLength), read.Text("anonymous_id", FieldReader.LongestCode));
            var nothing = new PersonDetails();
            var person = number is not null ? new PersonClaim(IdentityKind.ExternalId, payload.Connection.CustomerNumber(number), nothing) : email is not null ? new PersonClaim(IdentityKind.Email, email, nothing)
                : phone is not null ? new PersonClaim(IdentityKind.Phone, phone, nothing) : new PersonClaim(IdentityKind.AnonymousId, visitor, nothing);
            if (person.Value is null)
            {
                read.Note("customer_id", new ProblemException("person_missing", "Somebody is known by a customer ID, an e-mail address or a phone number; none was found.", 422));
            }
            var name = read.Text("event", ICollectedEvents.LongestName) ?? "";
            return new MappedEvent(name, read.Text("message_id", LongestMessageId) ?? OwnId(name), read.Time("at") ?? payload.At, person, Properties());
        }

        /// <summary>The same for the same place in the same list of the same delivery, whatever rules stand before this one.</summary>
        private string OwnId(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{payload.Key}|{name}|{rule.Rule.Each}|{place}")));

        private string Properties()
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                writer.WriteStartObject();
                var own = rule.Fields.Keys.Where(n => n.StartsWith(MappingFields.Property, StringComparison.Ordinal)).Select(n => (Name: n[MappingFields.Property.Length..], Value: read.Value(n))).Where(p => p.Value is not null).ToList();
                foreach (var property in read.Value("properties") is { } all ? all.EnumerateObject().Where(p => own.TrueForAll(o => o.Name != p.Name)) : [])
                {
                    property.WriteTo(writer);
                }
                foreach (var (name, value) in own)
                {
                    writer.WritePropertyName(name);
                    value!.Value.WriteTo(writer);
                }
                writer.WriteEndObject();
            }
            return Encoding.UTF8.GetString(buffer.WrittenSpan);
        }

        private ShopPerson Person(DateTimeOffset saidAt) => new(read.Id("customer_id") is { } number ? payload.Connection.CustomerNumber(number) : null, read.Text("email", PersonClaim.MaxLength), read.Text("phone", PersonClaim.MaxLength),
            read.Text("name", PersonClaim.MaxLength) ?? (string.Join(' ', new[] { read.Text("first_name", PersonClaim.MaxLength / 2), read.Text("last_name", PersonClaim.MaxLength / 2) }.OfType<string>()) is { Length: > 0 and <= PersonClaim.MaxLength } full ? full : null),
            read.Text("country", FieldReader.LongestCode), read.Text("language", FieldReader.LongestCode), saidAt);

        private IReadOnlyList<ItemQuantity> Items() => Lines(line => new ItemQuantity(line.Text("line_sku", FieldReader.LongestCode) ?? "", (long)Math.Clamp(line.Number("line_quantity") ?? 1, 0, int.MaxValue)));

        private IReadOnlyList<T> Lines<T>(Func<FieldReader, T> one)
        {
            var found = new List<T>();
            foreach (var line in rule.Lines?.Find(scope) ?? [])
            {
                scope.Budget?.TakeLine();
                var reader = new FieldReader(rule, scope with { Current = line }, $"{rule.Lines!.Text} {found.Count + 1}: ", zone, errors);
                lines.Add(reader);
                found.Add(one(reader));
            }
            return found;
        }
    }
}
