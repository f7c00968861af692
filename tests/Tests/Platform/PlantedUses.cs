using Wellmet.Customers.Profiles;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Vault;

namespace Wellmet.Tests.Platform;

/// <summary>Uses of personal data as they must not be, and as they may be: what <see cref="UsesTest"/> has to find, and to leave.</summary>
internal static class PlantedUses
{
    internal sealed class SendsUnasked(KeyStore store)
    {
        public async Task<string?> RunAsync(Guid subject, Sealed<string> value)
        {
            var keys = await store.KeysAsync([subject], create: false, default);
            return keys.Open(subject, "x", value);
        }
    }

    /// <summary>Through a use case that others may call, because they show it.</summary>
    internal sealed class SendsThroughAnother(ReadCustomer read)
    {
        public async Task<Guid> RunAsync(Guid customer) => (await read.RunAsync(customer, default)).CustomerId;
    }

    internal sealed class ReadsAProperty
    {
        public static IEnumerable<string?> Run(IEnumerable<CustomerProfile> profiles) => profiles.Select(p => p.Email);
    }

    internal sealed class Asks(IPurposeGate gate, ReadCustomer read)
    {
        public async Task<Guid?> RunAsync(Guid customer) =>
            (await gate.AskAsync(new DataUse(Purpose.Export), [customer], default))[customer].Allowed ? (await read.RunAsync(customer, default)).CustomerId : null;
    }

    [Uses(Purpose.Service, "a test")]
    internal sealed class SaysWhy(ReadCustomer read)
    {
        public async Task<Guid> RunAsync(Guid customer) => (await read.RunAsync(customer, default)).CustomerId;
    }
}
