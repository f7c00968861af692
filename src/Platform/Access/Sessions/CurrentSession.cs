using Microsoft.AspNetCore.Http;

namespace Wellmet.Platform.Access.Sessions;

/// <summary>The session of the current request, and where the request came from.</summary>
public sealed class CurrentSession
{
    /// <summary>Null where nobody is signed in, and on the command line.</summary>
    public Guid? Id { get; internal set; }

    /// <summary>When the person last proved who they are: by password, code or link.</summary>
    public DateTimeOffset? VerifiedAt { get; internal set; }

    public Origin Origin { get; internal set; } = Origin.Local;

    /// <summary>From when on an owner's pages wait for a second factor; null where nothing is asked.</summary>
    public DateTimeOffset? SecondFactorDueAt { get; internal set; }
}

/// <summary>Where a request came from, as far as it is kept.</summary>
/// <param name="Network">See <see cref="ClientNetwork"/>.</param>
/// <param name="Device">See <see cref="Access.Device"/>.</param>
public sealed record Origin(string Network, string Device)
{
    /// <summary>The command line and jobs.</summary>
    public static readonly Origin Local = new("local", "");

    internal static Origin Of(HttpContext http) => new(ClientNetwork.Of(http.Connection.RemoteIpAddress), Access.Device.Describe(http.Request.Headers.UserAgent));
}
