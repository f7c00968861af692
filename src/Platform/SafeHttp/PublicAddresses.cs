using System.Globalization;
using System.Net;

namespace Wellmet.Platform.SafeHttp;

/// <summary>
/// Which IP addresses are on the public internet. Own table (RFC 6890 and later registrations), because the framework calls only 127/8 and ::1
/// loopback; IPv4 inside IPv6 (mapped, compatible, NAT64, 6to4) is taken out and judged as IPv4.
/// </summary>
public static class PublicAddresses
{
    private static readonly Range[] Special4 = Ranges(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4");

    /// <summary>Only 2000::/3 is in public use; inside it, IETF assignments with Teredo (2001::/23) and documentation are not.</summary>
    private static readonly Range Global6 = Range.Parse("2000::/3");
    private static readonly Range[] Special6 = Ranges("2001::/23", "2001:db8::/32", "3fff::/20");

    private static readonly Range[] With4AtTheEnd = Ranges("::ffff:0:0/96", "::/96", "64:ff9b::/96");
    private static readonly Range SixToFour = Range.Parse("2002::/16");

    public static bool Contains(IPAddress address) => Contains(address.GetAddressBytes());

    private static bool Contains(byte[] address) => address.Length == 4
        ? !Special4.Any(r => r.Contains(address))
        : With4AtTheEnd.Any(r => r.Contains(address)) ? Contains(address[12..])
        : SixToFour.Contains(address) ? Contains(address[2..6])
        : Global6.Contains(address) && !Special6.Any(r => r.Contains(address));

    private static Range[] Ranges(params string[] ranges) => [.. ranges.Select(Range.Parse)];

    /// <summary>
    /// Addresses that begin with the same bits. Not <see cref="IPNetwork"/>: it takes IPv4-mapped addresses for IPv4, and then finds
    /// <c>::ffff:10.0.0.1</c> in <c>2000::/3</c>.
    /// </summary>
    private sealed record Range(byte[] Prefix, int Bits)
    {
        public static Range Parse(string text)
        {
            var parts = text.Split('/');
            return new Range(IPAddress.Parse(parts[0]).GetAddressBytes(), int.Parse(parts[1], CultureInfo.InvariantCulture));
        }

        public bool Contains(byte[] address)
        {
            if (address.Length != Prefix.Length)
            {
                return false;
            }
            var whole = Bits / 8;
            var rest = Bits % 8;
            return address.AsSpan(0, whole).SequenceEqual(Prefix.AsSpan(0, whole)) && (rest == 0 || (address[whole] ^ Prefix[whole]) >> (8 - rest) == 0);
        }
    }
}
