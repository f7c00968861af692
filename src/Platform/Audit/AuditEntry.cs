using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Audit;

/// <summary>Who did what to what, when and from where. Nothing personal: members of staff and customers by id.</summary>
/// <param name="Actor">A staff id, <c>system</c> or <c>anonymous</c>.</param>
/// <param name="Action">Room and act: <c>staff.invited</c>, <c>sign_in.refused</c>, <c>import.undone</c>.</param>
/// <param name="Target">Kind and id: <c>staff:0199…</c>.</param>
/// <param name="Detail">What changed, in codes: <c>agent to marketer</c>.</param>
/// <param name="Reason">What the person gave as the reason.</param>
public sealed record AuditEntry(
    Guid Id, DateTimeOffset At, string Actor, Guid? SessionId, string Network, string Action, string Target, string? Detail, string? Reason)
{
    internal const string Selected = "e.id, e.at, e.actor, e.session_id, e.network, e.action, e.target, e.detail, e.reason";
    internal const int Columns = 9;

    internal static AuditEntry Read(Row row) => new(
        row.Guid(0), row.Time(1), row.Text(2), row.GuidOrNull(3), row.Text(4), row.Text(5), row.Text(6), row.TextOrNull(7), row.TextOrNull(8));

    /// <summary>HMAC-SHA256 over all fields, each with its length before it, so that none can flow into the next.</summary>
    internal byte[] Mac(ReadOnlySpan<byte> key)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        Span<byte> length = stackalloc byte[4];
        foreach (var field in Fields())
        {
            var bytes = field is null ? [] : Encoding.UTF8.GetBytes(field);
            BinaryPrimitives.WriteInt32BigEndian(length, field is null ? -1 : bytes.Length);
            hmac.AppendData(length);
            hmac.AppendData(bytes);
        }
        return hmac.GetHashAndReset();
    }

    private IEnumerable<string?> Fields() =>
        [Id.ToString("N"), Clock.ToMicroseconds(At).ToString(System.Globalization.CultureInfo.InvariantCulture), Actor, SessionId?.ToString("N"), Network, Action, Target, Detail, Reason];
}
