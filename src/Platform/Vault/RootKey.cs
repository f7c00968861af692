using System.Security.Cryptography;
using Wellmet.Platform.Storage;

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

    /// <summary>Where the key lies.</summary>
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
            new RootKey(RandomNumberGenerator.GetBytes(Length)).WriteTo(file);
        }
        return Read(file);
    }

    /// <exception cref="ProblemException"><c>root_key_damaged</c>.</exception>
    public static RootKey Read(string file)
    {
        var key = new byte[Length + 1];
        return Convert.TryFromBase64String(File.ReadAllText(file).Trim(), key, out var length) && length == Length
            ? new RootKey(key[..Length])
            : throw new ProblemException("root_key_damaged", "The root key {0} is damaged: it must hold 32 bytes in base64. Put the saved key back.", 500, file);
    }

    /// <summary>Demands that the key opens what these epochs hold.</summary>
    /// <exception cref="ProblemException"><c>root_key_wrong</c>.</exception>
    internal void Demand(IEnumerable<(int Epoch, byte[] WrappedKey)> epochs)
    {
        try
        {
            foreach (var (epoch, wrapped) in epochs)
            {
                Epochs.Open(this, epoch, wrapped);
            }
        }
        catch (CryptographicException e)
        {
            throw Wrong(e);
        }
    }

    internal static ProblemException Wrong(CryptographicException e) =>
        new("root_key_wrong", "The root key does not open this key store. Put the key back that belongs to it.", 500, e.Message);

    internal bool IsSameAs(RootKey other) => CryptographicOperations.FixedTimeEquals(key, other.key);

    internal void WriteTo(string file)
    {
        PrivateFolder.Create(Path.GetDirectoryName(Path.GetFullPath(file))!);
        DurableFile.Write(file, Convert.ToBase64String(key) + "\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
