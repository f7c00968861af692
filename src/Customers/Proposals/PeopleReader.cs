using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Profiles;
using Wellmet.Customers.Traits;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Proposals;

/// <summary>Opens what is compared of a page of customers, of those whose data may be used to serve them.</summary>
public sealed class PeopleReader(Database database, KeyStore store, ProfileReader profiles, IPurposeGate gate, CurrentActor actor)
{
    private static readonly string[] Streets = ["street", "street1", "line1", "address1"], Cities = ["city", "town"], Postcodes = ["postalCode", "postal_code", "postcode", "zip"];

    /// <summary>Customers' people by their own ids, masked where the actor may not see personal data.</summary>
    public async Task<IReadOnlyDictionary<Guid, ProposalPerson>> ReadAsync(IReadOnlyCollection<Guid> customers, CancellationToken ct)
    {
        var subjects = await database.ReadAsync(s => CustomerLinks.SubjectsOfAsync(s, customers, ct), ct);
        var customerOf = await database.ReadAsync(s => CustomerLinks.CustomersOfAsync(s, subjects, ct), ct);
        var answer = await gate.AskAsync(new DataUse(Purpose.Service), subjects, ct);
        var refused = subjects.Where(s => !answer[s].Allowed).Select(s => customerOf[s]).ToHashSet();
        var asked = customers.Where(c => !refused.Contains(c)).ToList();
        var known = await profiles.OpenAsync(asked, ct);
        var traits = await TraitsAsync(subjects, customerOf, ct);
        var people = asked.ToDictionary(c => c, c => Person(known[c], [.. traits[c]]));
        return actor.May(CustomersPermissions.ReadPersonal) ? people : people.ToDictionary(p => p.Key, p => p.Value.Masked());
    }

    /// <summary>What is compared of each, in the order of <see cref="ProposalFields.All"/>; who may not be served is missing.</summary>
    internal async Task<IReadOnlyList<(Guid Id, bool Demo, string?[] Values)>> RecordsAsync(IReadOnlyCollection<Guid> customers, CancellationToken ct)
    {
        var people = await ReadAsync(customers, ct);
        return [.. customers.Where(people.ContainsKey).Select(id => (id, people[id].Profile.Demo, ProposalFields.Of(people[id])))];
    }

    /// <summary>Of each customer, weightiest first.</summary>
    private async Task<ILookup<Guid, (string Name, string Value)>> TraitsAsync(IReadOnlyCollection<Guid> subjects, IReadOnlyDictionary<Guid, Guid> customerOf, CancellationToken ct)
    {
        var traits = (await database.ReadAsync(s => StatedTrait.ReadAsync(s, subjects, ct), ct)).FindAll(t => t.Name is "birthday" or "address");
        var keys = await store.KeysAsync(traits.Select(t => t.SubjectId), create: false, ct);
        return traits.Select(t => (t.SubjectId, t.Name, Value: t.Open(keys))).Where(t => t.Value is not null).ToLookup(t => customerOf[t.SubjectId], t => (t.Name, t.Value!));
    }

    private static ProposalPerson Person(CustomerProfile profile, List<(string Name, string Value)> traits)
    {
        var address = traits.Find(t => t.Name == "address").Value is { } text ? JsonElement.Parse(text) : default;
        var birthday = traits.Find(t => t.Name == "birthday").Value is { } day ? Text(JsonElement.Parse(day)) : null;
        return new ProposalPerson(profile, birthday, Part(address, Streets), Part(address, Cities), Part(address, Postcodes));
    }

    private static string? Part(JsonElement address, string[] names) => address.ValueKind != JsonValueKind.Object ? null
        : names.Select(n => address.TryGetProperty(n, out var part) ? Text(part) : null).FirstOrDefault(p => !string.IsNullOrWhiteSpace(p));

    private static string? Text(JsonElement value) => value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : null;
}
