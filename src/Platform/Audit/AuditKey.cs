using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Audit;

/// <summary>The key of the audit log's codes: derived from the root key, so that the database alone is not enough to forge an entry.</summary>
public sealed class AuditKey(RootKey root)
{
    internal byte[] Bytes { get; } = root.Derive("wellmet audit log v1");
}
