using System.Security.Cryptography;
using System.Text;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Privacy.Consents;

/// <summary>Addresses as keyed hashes (HMAC-SHA256, 16 bytes): equal ones are found, none can be read, and they stay when the person is erased.</summary>
public sealed class AddressTokens(KeyStore store, ICustomers customers)
{
    private const int Length = 16;

    /// <summary>Channels whose messages go to an address that consent is given for.</summary>
    public static readonly IReadOnlyList<Channel> Addressed = [Channel.Email, Channel.Sms, Channel.Phone];

    /// <summary>Null for a channel without addresses.</summary>
    public static IdentityKind? KindOf(Channel channel) => channel switch
    {
        Channel.Email => IdentityKind.Email,
        Channel.Sms or Channel.Phone => IdentityKind.Phone,
        _ => null,
    };

    /// <summary>The token of each address, however it is written; those that are empty are missing.</summary>
    public async Task<IReadOnlyDictionary<(Channel Channel, string Address), string>> OfAsync(IEnumerable<(Channel Channel, string? Address)> addresses, CancellationToken ct)
    {
        var tokens = new Dictionary<(Channel, string), string>();
        var asked = addresses.Where(a => a.Address is not null).Distinct().ToList();
        var key = asked.Count == 0 ? [] : await store.DeriveAsync("consent addresses", ct);
        foreach (var (channel, address) in asked)
        {
            if (address is not null && KindOf(channel) is { } kind && customers.Normalise(kind, address) is { } normal)
            {
                var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{EnumText.Of(kind)}\0{normal}"));
                tokens[(channel, address)] = Convert.ToHexString(hash.AsSpan(0, Length));
            }
        }
        return tokens;
    }
}
