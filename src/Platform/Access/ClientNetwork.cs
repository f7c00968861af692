using System.Net;
using System.Net.Sockets;

namespace Wellmet.Platform.Access;

/// <summary>The network a request came from: addresses are cut at the edge, IPv4 to /24 and IPv6 to /64, and never kept whole. This machine itself is <c>local</c>.</summary>
public static class ClientNetwork
{
    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return "unknown";
        }
        if (IPAddress.IsLoopback(address))
        {
            return "local";
        }
        var whole = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = whole.GetAddressBytes();
        var kept = whole.AddressFamily == AddressFamily.InterNetwork ? 3 : 8;
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }
}
