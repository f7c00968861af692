namespace Wellmet.Platform.Access.Keys;

/// <summary>
/// The key that the current request came with; empty for people and for the program itself. The key acts as <see cref="CurrentActor"/>: use cases demand
/// their permission of it as of anybody.
/// </summary>
public sealed class CurrentKey(AccessKeyDirectory directory, CurrentActor actor)
{
    private LiveKey? key;

    public Guid? Id => key?.KeyId;

    /// <summary>A write key is public: whoever reads the page has it, so what it says about people is not verified.</summary>
    public AccessKeyKind? Kind => key?.Kind;

    /// <summary>The site that a write key is bound to.</summary>
    public Guid? SiteId => key?.SiteId;

    /// <summary>
    /// The write key in the body of a request that cannot send headers (<c>navigator.sendBeacon</c>). A key in the header goes before it.
    /// For routes that <see cref="RouteAccess.AcceptWriteKeyInBody"/>, before anything else is done.
    /// </summary>
    /// <exception cref="ProblemException"><c>key_missing</c>, <c>key_refused</c> (401).</exception>
    public async Task EnterAsync(string? textInBody, CancellationToken ct)
    {
        if (key is not null)
        {
            return;
        }
        if (textInBody is null)
        {
            throw Missing();
        }
        Enter(await directory.FindAsync(textInBody, ct) is { Kind: AccessKeyKind.Write } found ? found : throw Refused());
    }

    internal void Enter(LiveKey found)
    {
        key = found;
        actor.Value = found.Actor;
    }

    internal static ProblemException Missing() => new("key_missing", "Send your key: a header 'Authorization: Bearer' and the key.", 401);

    internal static ProblemException Refused() => new("key_refused", "This key is not known, was revoked or has expired.", 401);
}
