namespace Wellmet.Platform.Vault;

/// <summary>
/// Personal data as it is kept: encrypted (AES-256-GCM) under the key of its subject. Opened in batches through <see cref="Vault"/>;
/// never sorted, compared or searched as it stands (see <see cref="SearchTokens"/>).
/// </summary>
/// <typeparam name="T">What is inside; text for now.</typeparam>
/// <param name="Envelope">Version (1 byte), nonce (12), ciphertext, tag (16).</param>
public readonly record struct Sealed<T>(byte[] Envelope)
{
    public bool IsEmpty => Envelope is null || Envelope.Length == 0;

    public override string ToString() => "(sealed)";
}

/// <summary>Marks personal data: generates export, erasure, masking and records of processing.</summary>
/// <param name="category">What it is, in the words of a record of processing: <c>name</c>, <c>e-mail address</c>, <c>postal address</c>…</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PiiAttribute(string category) : Attribute
{
    public string Category { get; } = category;
}
