using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Wellmet.Commerce.Connectors;
using Wellmet.Platform;

namespace Wellmet.Tests.Commerce.Connectors;

/// <summary>Who may send over a generic connection.</summary>
public sealed class HookProtocolTest
{
    private const string Secret = "sixteen letters, or more";
    private static readonly byte[] Body = "{ \"a\":  1 }"u8.ToArray();
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static byte[] Mac(string secret, byte[]? body = null) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body ?? Body);

    private static bool Opens(HookSettings settings, string[] secrets, params (string Name, string Value)[] given)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in given)
        {
            headers[name] = value;
        }
        return HookProtocol.IsAuthentic(settings, secrets, HookProtocol.Read(settings, headers), Body, Now);
    }

    [Fact]
    public void A_signature_of_the_body_is_read_as_hex_or_base64_with_any_secret_that_holds()
    {
        var (hex, base64) = (HookSettings.Of(HookProof.Hmac, "X-Sig", HookEncoding.Hex, null, null), HookSettings.Of(HookProof.Hmac, "X-Sig", HookEncoding.Base64, null, null));

        Opens(hex, [Secret], ("X-Sig", Convert.ToHexStringLower(Mac(Secret)))).ShouldBeTrue();
        Opens(hex, ["new secret, sixteen", Secret], ("x-sig", "sha256=" + Convert.ToHexString(Mac(Secret)))).ShouldBeTrue();
        Opens(base64, [Secret], ("X-Sig", Convert.ToBase64String(Mac(Secret)))).ShouldBeTrue();
        Opens(hex, [Secret], ("X-Sig", Convert.ToBase64String(Mac(Secret)))).ShouldBeFalse();
        Opens(base64, [Secret], ("X-Sig", Convert.ToHexString(Mac(Secret)))).ShouldBeFalse();
        Opens(hex, [Secret], ("X-Sig", Convert.ToHexString(Mac(Secret, "{\"a\":1}"u8.ToArray())))).ShouldBeFalse("every byte counts");
        Opens(hex, [Secret], ("X-Sig", Convert.ToHexString(Mac("another secret")))).ShouldBeFalse();
        Opens(hex, [Secret], ("X-Sig", "")).ShouldBeFalse();
        Opens(hex, [], ("X-Sig", Convert.ToHexString(Mac(Secret)))).ShouldBeFalse();
        Opens(hex, [Secret]).ShouldBeFalse();
    }

    [Fact]
    public void Standard_Webhooks_sign_id_time_and_body_and_what_is_old_is_refused()
    {
        var settings = HookSettings.Of(HookProof.StandardWebhooks, null, HookEncoding.Hex, null, null);
        var key = RandomNumberGenerator.GetBytes(32);
        var secret = "whsec_" + Convert.ToBase64String(key);
        (string, string)[] Signed(DateTimeOffset at, string id = "msg_1", string? claimed = null)
        {
            var signature = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{at.ToUnixTimeSeconds()}."), .. Body]));
            return [("webhook-id", claimed ?? id), ("webhook-timestamp", $"{at.ToUnixTimeSeconds()}"), ("webhook-signature", "v1a,zzz v1,AAAA " + signature)];
        }

        Opens(settings, [secret], Signed(Now)).ShouldBeTrue();
        Opens(settings, [secret], Signed(Now.AddMinutes(-4))).ShouldBeTrue();
        Opens(settings, [secret], Signed(Now.AddMinutes(-6))).ShouldBeFalse("overheard and sent again");
        Opens(settings, [secret], Signed(Now.AddMinutes(6))).ShouldBeFalse();
        Opens(settings, [secret], Signed(Now, claimed: "msg_2")).ShouldBeFalse();
        Opens(settings, ["whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))], Signed(Now)).ShouldBeFalse();
        Opens(settings, [secret], [.. Signed(Now)[..2]]).ShouldBeFalse();
    }

    [Fact]
    public void A_secret_that_is_sent_along_is_compared_whole()
    {
        var (bearer, own, basic) = (HookSettings.Of(HookProof.Token, null, default, null, null), HookSettings.Of(HookProof.Token, "X-Api-Key", default, null, null), HookSettings.Of(HookProof.Basic, null, default, null, null));
        string Basic(string text) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

        Opens(bearer, [Secret], ("Authorization", "Bearer " + Secret)).ShouldBeTrue();
        Opens(bearer, [Secret], ("Authorization", Secret)).ShouldBeFalse();
        Opens(bearer, [Secret], ("Authorization", "Bearer " + Secret[..^1])).ShouldBeFalse();
        Opens(own, [Secret], ("X-Api-Key", Secret)).ShouldBeTrue();
        Opens(own, [Secret], ("Authorization", "Bearer " + Secret)).ShouldBeFalse();
        Opens(basic, [Secret], ("Authorization", Basic("anybody:" + Secret))).ShouldBeTrue();
        Opens(basic, [Secret], ("Authorization", Basic(Secret))).ShouldBeFalse();
        Opens(basic, [Secret], ("Authorization", Basic("anybody:"))).ShouldBeFalse();
        Opens(basic, [Secret], ("Authorization", "Basic ???")).ShouldBeFalse();
    }

    [Fact]
    public void Names_of_headers_are_names()
    {
        Should.Throw<ProblemException>(() => HookSettings.Of(HookProof.Hmac, "X Sig", default, null, null)).Code.ShouldBe("header_invalid");
        HookSettings.Read(HookSettings.Of(HookProof.Hmac, "", HookEncoding.Base64, "X-Topic", null).ToJson()).ShouldBe(new HookSettings(HookProof.Hmac, "X-Signature", HookEncoding.Base64, "X-Topic"));
    }
}
