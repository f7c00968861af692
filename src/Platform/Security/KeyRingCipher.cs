using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Security;

/// <summary>Encrypts the secrets of the key ring under a key derived from the vault's root key.</summary>
internal sealed class KeyRingCipher(IServiceProvider services) : IXmlEncryptor
{
    private const string Context = "data protection key";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var envelope = Envelope.Seal(KeyOf(services), plain, Context);
        return new EncryptedXmlInfo(new XElement("sealed", Convert.ToBase64String(envelope)), typeof(KeyRingDecipher));
    }

    internal static XElement Decrypt(IServiceProvider services, XElement element) =>
        XElement.Parse(Encoding.UTF8.GetString(Envelope.Open(KeyOf(services), Convert.FromBase64String(element.Value), Context)));

    private static byte[] KeyOf(IServiceProvider services) => services.GetRequiredService<RootKey>().Derive("wellmet data protection v1");
}

/// <summary>The way back; the framework makes it from the type's name in the stored key.</summary>
internal sealed class KeyRingDecipher(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => KeyRingCipher.Decrypt(services, encryptedElement);
}
