using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Privacy.Consents;
using Wellmet.Privacy.Contract;

namespace Wellmet.Tests.Privacy;

/// <summary>What tests of consent do with a shop.</summary>
internal static class ConsentsInShop
{
    public static readonly DateTimeOffset Day = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    public static NewConsent Said(Guid subject, ConsentDecision decision, double day, Channel channel = Channel.Email, string? address = null, Purpose purpose = Purpose.Marketing) =>
        new(subject, purpose, channel, decision, Day.AddDays(day), ConsentSource.Form) { Proof = new ConsentProof(Address: address), Wording = "Yes, send me news." };

    /// <summary>Records without demanding a proof.</summary>
    public static Task SayAsync(this TestShop shop, params NewConsent[] said) => shop.UseAsync<ConsentLedger>(async ledger =>
    {
        var prepared = await ledger.PrepareOwnAsync(said, [], default);
        await shop.Database.WriteAsync(tx => ConsentLedger.WriteAsync(tx, prepared, default), default);
    });

    public static Task<PurposeDecision> AskAsync(this TestShop shop, DataUse use, Guid subject, string? address = null, Actor? actor = null) =>
        shop.UseAsync<IPurposeGate, PurposeDecision>(async gate =>
        {
            var recipient = new Recipient(subject, address);
            return (await gate.AskAsync(use, [recipient], default))[recipient];
        }, actor);

    /// <summary>Whether advertising may be sent to an e-mail address.</summary>
    public static Task<PurposeDecision> MayMailAsync(this TestShop shop, Guid subject, string address, string? country = "DE") =>
        shop.AskAsync(new DataUse(Purpose.Marketing, Channel.Email, country), subject, address);
}
