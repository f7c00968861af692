using Wellmet.Platform.Access.Staff;

namespace Wellmet.Platform.Access.Passkeys;

/// <summary>Begins the use of a passkey: one's own where somebody is signed in, anybody's to sign in.</summary>
public sealed class AskForPasskey(PasskeyCeremonies ceremonies, OwnAccount own, CurrentActor actor)
{
    public async Task<PasskeyOffer> RunAsync(CancellationToken ct) =>
        await ceremonies.BeginUseAsync(actor.Value.StaffId is null ? null : await own.GetAsync(ct), ct);
}
