using Wellmet.Platform.Access.SecondFactors;

namespace Wellmet.Tests.Platform.Access;

public sealed class TotpTest
{
    /// <summary>The secret of RFC 6238, appendix B.</summary>
    private const string Secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        Totp.Code(Secret, DateTimeOffset.FromUnixTimeSeconds(seconds)).ShouldBe(code);

    [Theory]
    [InlineData(-61, false)]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(61, false)]
    public void A_clock_may_be_one_step_off(int seconds, bool accepted)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        (Totp.FindStep(Secret, Totp.Code(Secret, now.AddSeconds(seconds)), now) is not null).ShouldBe(accepted);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("28708")]
    [InlineData("2870822")]
    [InlineData("２８７０８２")]
    [InlineData("28708a")]
    public void What_is_no_code_is_refused(string? typed) => Totp.FindStep(Secret, typed, DateTimeOffset.FromUnixTimeSeconds(59)).ShouldBeNull();

    [Fact]
    public void Blanks_between_the_digits_do_not_matter() => Totp.FindStep(Secret, " 287 082 ", DateTimeOffset.FromUnixTimeSeconds(59)).ShouldBe(1);

    [Fact]
    public void A_new_secret_has_160_bits_and_is_never_the_same()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => Totp.NewSecret()).ToList();
        secrets.ShouldAllBe(s => s.Length == 32);
        secrets.Distinct().Count().ShouldBe(100);
    }
}
