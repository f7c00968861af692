using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Audit;

/// <summary>
/// The newest seal in a file of the data folder, signed with the audit key: a chain cut off at its end looks whole, only an anchor outside the
/// database shows it. Several nodes keep one each.
/// </summary>
public sealed class AuditCheckpoint(StorageOptions storage, AuditKey key)
{
    private readonly Lock writing = new();

    public string File => Path.Combine(storage.DataFolder, "audit.checkpoint");

    public void Write(Seal seal)
    {
        lock (writing)
        {
            // Never backwards: the end of two batches may arrive in either order.
            if (TryRead(out var held) && held is not null && held.Seq >= seal.Seq)
            {
                return;
            }
            var text = string.Create(CultureInfo.InvariantCulture, $"{seal.Seq} {Convert.ToHexStringLower(seal.Hash)}");
            DurableFile.Write(File, $"{text} {Convert.ToHexStringLower(Sign(text))}\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <returns>False where the file was changed by somebody else; true with null where there is none yet.</returns>
    public bool TryRead(out Seal? seal)
    {
        seal = null;
        if (!System.IO.File.Exists(File))
        {
            return true;
        }
        var parts = System.IO.File.ReadAllText(File).Trim().Split(' ');
        if (parts.Length != 3 || !long.TryParse(parts[0], CultureInfo.InvariantCulture, out var seq)
            || parts[2] != Convert.ToHexStringLower(Sign($"{parts[0]} {parts[1]}")))
        {
            return false;
        }
        seal = new Seal(seq, Convert.FromHexString(parts[1]));
        return true;
    }

    private byte[] Sign(string text) => HMACSHA256.HashData(key.Bytes, Encoding.UTF8.GetBytes("checkpoint " + text));
}
