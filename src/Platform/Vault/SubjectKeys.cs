using System.Text;

namespace Wellmet.Platform.Vault;

/// <summary>The opened keys of some subjects, for as long as one request works with them.</summary>
public sealed class SubjectKeys
{
    private readonly IReadOnlyDictionary<Guid, byte[]> keys;

    internal SubjectKeys(IReadOnlyDictionary<Guid, byte[]> keys) => this.keys = keys;

    public bool Has(Guid subject) => keys.ContainsKey(subject);

    /// <summary>Seals a value for one column of one subject's row.</summary>
    /// <param name="column">E.g. <c>customers_profiles.name</c>; a value moved to another column does not open.</param>
    /// <exception cref="InvalidOperationException">The subject has no key: it was forgotten, or the keys were not made first.</exception>
    public Sealed<string> Seal(Guid subject, string column, string value) => keys.TryGetValue(subject, out var key)
        ? new Sealed<string>(Envelope.Seal(key, Encoding.UTF8.GetBytes(value), Context(subject, column)))
        : throw new InvalidOperationException($"Subject {subject} has no key.");

    public Sealed<string>? SealOrNull(Guid subject, string column, string? value) =>
        string.IsNullOrEmpty(value) ? null : Seal(subject, column, value);

    /// <summary>The value, or null where it is empty or its subject was forgotten.</summary>
    public string? Open(Guid subject, string column, Sealed<string>? value) =>
        value is { IsEmpty: false } sealedValue && keys.TryGetValue(subject, out var key)
            ? Encoding.UTF8.GetString(Envelope.Open(key, sealedValue.Envelope, Context(subject, column)))
            : null;

    private static string Context(Guid subject, string column) => $"{subject:N}|{column}";
}
