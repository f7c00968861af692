using System.Text.Json;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Profiles;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Traits;

/// <summary>A row of customers_traits: what live sources say last of a field of the profile, sealed.</summary>
/// <param name="Value">JSON text, sealed.</param>
/// <param name="Code">A country or a language, which stands in clear.</param>
/// <param name="Token">Breaks a tie of times, so that the order of arrival never matters.</param>
internal sealed record StatedTrait(Guid SubjectId, string Name, DateTimeOffset SaidAt, byte[] Token, bool Trusted, Sealed<string>? Value, string? Code)
{
    public const string Column = "customers_traits.value";

    private static readonly BulkInsert<StatedTrait> Insert = new("customers_traits",
        new("subject_id", typeof(Guid), t => t.SubjectId),
        new("name", typeof(string), t => t.Name),
        new("said_at", typeof(DateTimeOffset), t => t.SaidAt),
        new("token", typeof(byte[]), t => t.Token),
        new("trusted", typeof(bool), t => t.Trusted),
        new("value", typeof(byte[]), t => t.Value?.Envelope),
        new("code", typeof(string), t => t.Code))
    {
        OnConflict = """
            on conflict (subject_id, name) do update set said_at = excluded.said_at, token = excluded.token, trusted = excluded.trusted, value = excluded.value, code = excluded.code
            where excluded.trusted > customers_traits.trusted or (excluded.trusted = customers_traits.trusted and (excluded.said_at > customers_traits.said_at
              or (excluded.said_at = customers_traits.said_at and excluded.token > customers_traits.token)))
            """,
    };

    /// <summary>Whether a trait is a field of the profile; the others stand in their history alone.</summary>
    public static bool IsOfProfile(string name) => name is "name" or "email" or "phone" or "country" or "locale";

    /// <summary>What is proved goes before what is claimed; then the newest.</summary>
    public static readonly IComparer<StatedTrait> Weight = Comparer<StatedTrait>.Create((a, b) =>
        a.Trusted.CompareTo(b.Trusted) is not 0 and var trust ? trust
        : a.SaidAt.CompareTo(b.SaidAt) is not 0 and var time ? time
        : a.Token.AsSpan().SequenceCompareTo(b.Token));

    /// <summary>Keeps of each trait the weightiest statement.</summary>
    public static Task WriteAsync(Transaction tx, IEnumerable<StatedTrait> traits, CancellationToken ct) => Insert.RunAsync(tx,
        [.. traits.GroupBy(t => (t.SubjectId, t.Name)).Select(g => g.Max(Weight)!).OrderBy(t => t.SubjectId)], ct);

    /// <summary>Weightiest first.</summary>
    public static Task<List<StatedTrait>> ReadAsync(Session session, IReadOnlyCollection<Guid> subjects, CancellationToken ct) => session.QueryAsync("""
        select subject_id, name, said_at, token, trusted, value, code from customers_traits where subject_id in @subjects order by trusted desc, said_at desc, token desc
        """, new { subjects }, r => new StatedTrait(r.Guid(0), r.Text(1), r.Time(2), r.Bytes(3), r.Bool(4), r.Sealed(5), r.TextOrNull(6)), ct);

    /// <summary>As JSON text; null where it was taken back or its subject was forgotten.</summary>
    public string? Open(SubjectKeys keys) => Code is null ? keys.Open(SubjectId, Column, Value) : JsonSerializer.Serialize(Code);

    /// <summary>A statement as it is kept.</summary>
    /// <param name="value">JSON text; null takes the trait back.</param>
    public static StatedTrait Of(Guid subject, string name, string? value, DateTimeOffset saidAt, byte[] token, bool trusted, SubjectKeys keys)
    {
        var code = value is not null && name is ("country" or "locale") ? IdentityText.Clear(TextOf(value)) : null;
        return new StatedTrait(subject, name, saidAt, token, trusted, code is null && value is not null ? keys.Seal(subject, Column, value) : null, code);
    }

    /// <summary>What the trait says of the profile; nothing where it is none of its fields.</summary>
    public PlainStatement Statement(SubjectKeys keys)
    {
        var text = IsOfProfile(Name) && Open(keys) is { } json ? TextOf(json) : null;
        return new PlainStatement(SubjectId)
        {
            Name = Name == "name" ? text : null,
            Email = Name == "email" ? text : null,
            Phone = Name == "phone" ? text : null,
            Country = Name == "country" ? text : null,
            Locale = Name == "locale" ? text : null,
        };
    }

    private static string? TextOf(string json)
    {
        var value = JsonElement.Parse(json);
        return value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : null;
    }
}
