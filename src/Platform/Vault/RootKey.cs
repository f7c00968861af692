using System.Security.Cryptography;

namespace Wellmet.Platform.Vault;

/// <summary>
/// The key above all others: 32 random bytes in <c>keys/root.key</c> (base64, mode 0600), or in the file that
/// <c>WELLMET_ROOT_KEY_FILE</c> names. Without it nothing personal can be read again, so it is kept apart from the backups of the data.
/// </summary>
public sealed class RootKey
{
    private const int Length = 32;
    private readonly byte[] key;

    private RootKey(byte[] key) => this.key = key;

    internal ReadOnlySpan<byte> Bytes => key;

    /// <summary>A key of its own for one purpose (HKDF-SHA256, RFC 5869).</summary>
    internal byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, Length, info: System.Text.Encoding.UTF8.GetBytes(purpose));

    public static string FileIn(string keysFolder) => Environment.GetEnvironmentVariable("WELLMET_ROOT_KEY_FILE") is { Length: > 0 } named
        ? named
        : Path.Combine(keysFolder, "root.key");

    /// <summary>Reads the key, or makes one on the very first start.</summary>
    /// <exception cref="ProblemException"><c>root_key_damaged</c>.</exception>
    public static RootKey ReadOrCreate(string keysFolder)
    {
        var file = FileIn(keysFolder);
        if (!File.Exists(file))
        {
            if (File.Exists(Path.Combine(keysFolder, "keys.db")))
            {
                throw new ProblemException("root_key_missing",
                    "The root key {0} is missing, but a key store stands beside it. Put the key back; without it no personal data can be read.", 500, file);
            }
            Create(file);
        }
        return Read(file);
    }

    public static RootKey Read(string file)
    {
        var key = new byte[Length + 1];
        return Convert.TryFromBase64String(File.ReadAllText(file).Trim(), key, out var length) && length == Length
            ? new RootKey(key[..Length])
            : throw new ProblemException("root_key_damaged", "The root key {0} is damaged: it must hold 32 bytes in base64. Put the saved key back.", 500, file);
    }

    private static void Create(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        DurableFile.Write(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length)) + "\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
