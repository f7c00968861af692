using System.Text;
using System.Text.Json;
using Wellmet.Customers.Collection;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Profiles;
using Wellmet.Platform.Log;

namespace Wellmet.Tests.Customers.Collection;

/// <summary>What tests of the collection do with a shop.</summary>
internal static class CollectionInShop
{
    public static readonly CollectionSource Server = new(Guid.Parse("00000000-0000-7000-8000-00000000000a"), null, Trusted: true);
    public static readonly CollectionSource Page = new(Guid.Parse("00000000-0000-7000-8000-00000000000b"), null, Trusted: false);

    /// <param name="json">A batch where <paramref name="type"/> is null.</param>
    public static Task<IReadOnlyList<EventOutcome>> CollectAsync(this TestShop shop, string json, string? type = null, CollectionSource? source = null) =>
        shop.UseAsync<CollectEvents, IReadOnlyList<EventOutcome>>(c => c.RunAsync(
            new(source ?? Server, type, CallReader.Parse(Encoding.UTF8.GetBytes(json)), json.Length, shop.Get<CollectionQueue>().TryEnter(json.Length)!), default));

    public static Task<IReadOnlyList<EventOutcome>> CollectAsync(this TestShop shop, IEnumerable<object> batch, CollectionSource? source = null) =>
        shop.CollectAsync(JsonSerializer.Serialize(new { batch }), null, source);

    /// <summary>The customer of an external id.</summary>
    public static async Task<CustomerProfile> ProfileAsync(this TestShop shop, string externalId)
    {
        var subject = (await shop.UseAsync<ICustomers, IReadOnlyList<ResolvedPerson>>(c => c.ResolveAsync([External(externalId)], null, default))).Single().SubjectId;
        var customer = (await shop.UseAsync<ICustomers, IReadOnlyDictionary<Guid, Guid>>(c => c.CustomersOfAsync([subject], default)))[subject];
        return (await shop.UseAsync<ProfileReader, IReadOnlyDictionary<Guid, CustomerProfile>>(p => p.ReadAsync([customer], default)))[customer];
    }

    public static async Task<List<TEvent>> EventsAsync<TEvent>(this TestShop shop) where TEvent : ILogEvent
    {
        var events = new List<TEvent>();
        await shop.Get<LogReader>().ForEachAsync<TEvent>(events.Add, default);
        return events;
    }

    public static PersonClaim External(string id) => new(IdentityKind.ExternalId, id, new PersonDetails());

    /// <summary>A proof of who somebody is, as a shop's server signs it.</summary>
    public static async Task<string> SignAsync(this TestShop shop, Guid source, object claims, string algorithm = "HS256") =>
        SignedProof.Of(await shop.Get<IdentityProof>().SecretAsync(source, default), claims, algorithm);
}
