using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Wellmet.Customers.Collection;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Events;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Schema;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Traits;

/// <summary>See <see cref="ICustomerStatements"/>: an identify call that nobody had to send.</summary>
internal sealed class CustomerStatements(WriteCollected write, JudgeTraits judge, EventProblems problems, IdentifierClaims claims) : ICustomerStatements
{
    public async Task SayAsync(SaidOfCustomer said, CancellationToken ct)
    {
        var traits = said.Traits.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => new Trait(t.Key, JsonSerializer.Serialize(t.Value))).ToList();
        var source = new CollectionSource(said.SourceId, null, Trusted: true);
        var call = new IncomingEvent(source, true, CallType.Identify, MessageIdOf(said, traits), said.SaidAt, said.UserId, null, null, "", EventProperties.None, null, traits);
        var judged = await judge.RunAsync(call, ct);
        foreach (var refused in judged.RefusedTraits)
        {
            problems.Count(new EventProblem(said.SourceId, "", refused.Problem, refused.Property, Refused: false), null);
        }
        await write.WriteAsync(await write.PrepareAsync([judged], ct), ct);
    }

    public async Task<Guid?> FindAsync(IdentityKind kind, string? value, CancellationToken ct) =>
        IdentityText.IdentifierOf(kind, value) is { } identifier && (await claims.OwnersAsync([identifier], ct)).TryGetValue(identifier, out var subject) ? subject : null;

    /// <summary>The same for the same statement.</summary>
    private static string MessageIdOf(SaidOfCustomer said, List<Trait> traits) => "said-" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\0', traits.Select(t => $"{t.Name}={t.Value}").Prepend($"{said.UserId}|{said.SaidAt.UtcTicks}")))));
}
