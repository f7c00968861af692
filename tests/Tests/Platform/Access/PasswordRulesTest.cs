using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Wellmet.Platform;
using Wellmet.Platform.Access.Passwords;
using Wellmet.Platform.Security;

namespace Wellmet.Tests.Platform.Access;

public sealed class PasswordRulesTest
{
    private static readonly PasswordRules Rules = new(
        Options.Create(new IdentityOptions { Password = { RequiredLength = 12 } }), new WebOptions(new Uri("https://crm.teapotshop.example"), []));

    [Theory]
    [InlineData("correct horse staple battery")]
    [InlineData("seven lazy herons paint")]
    [InlineData("Xq7#kfLw2!pz")]
    [InlineData("我喜欢下雨天在茶馆里看书写字")]
    [InlineData("summer mountains by train")]
    public void A_long_uncommon_password_is_accepted(string password) => Rules.Demand(password, "ada@lovelace.example", "Ada Lovelace").ShouldBe(password);

    [Theory]
    [InlineData("elevenchars", "password_short")]
    [InlineData("", "password_short")]
    [InlineData(null, "password_short")]
    [InlineData("aaaaaaaaaaaa", "password_common")]
    [InlineData("abcabcabcabcabc", "password_common")]
    [InlineData("123456789012", "password_common")]
    [InlineData("210987654321", "password_common")]
    [InlineData("qwertyuiopas", "password_common")]
    [InlineData("Password2026!", "password_common")]
    [InlineData("P@ssw0rd2026!!", "password_common")]
    [InlineData("!!!Welcome123456", "password_common")]
    [InlineData("passwordpassword", "password_common")]
    [InlineData("TeapotShop2026!", "password_common")]
    [InlineData("lovelace12345", "password_common")]
    [InlineData("AdaLovelace2026", "password_common")]
    [InlineData("wellmetwellmet", "password_common")]
    [InlineData("wellmetadmin1", "password_common")]
    public void A_short_or_guessable_password_is_refused(string? password, string code) =>
        Should.Throw<ProblemException>(() => Rules.Demand(password, "ada@lovelace.example", "Ada Lovelace")).Code.ShouldBe(code);

    [Fact]
    public void Up_to_256_characters_are_taken()
    {
        var words = string.Concat(Enumerable.Range(0, 100).Select(i => $"w{i}e"));
        Rules.Demand(words[..256]).Length.ShouldBe(256);
        Should.Throw<ProblemException>(() => Rules.Demand(words[..257])).Code.ShouldBe("password_long");
    }
}
