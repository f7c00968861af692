using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.SecondFactors;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform.Access;

/// <summary>Sensitive pages ask again who sits there.</summary>
public sealed class ConfirmIdentityTest
{
    private const string New = "/console/settings/staff/new", Staff = "/console/settings/staff";
    private readonly ManualClock clock = new(new DateTimeOffset(2026, 11, 1, 9, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task After_ten_minutes_the_page_asks_for_the_password_and_goes_on_to_where_one_wanted()
    {
        await using var shop = await WebShop.OpenAsync(configure: s => s.AddSingleton<TimeProvider>(clock));
        using var owner = await shop.SignInAsync();
        await owner.PageAsync(New);

        clock.Advance(TimeSpan.FromMinutes(11));
        using var asked = await owner.GetAsync(New);
        asked.Headers.Location!.ToString().ShouldBe("/sign-in/confirm?returnUrl=%2Fconsole%2Fsettings%2Fstaff%2Fnew");
        (await owner.PageAsync("/sign-in/confirm?returnUrl=" + New)).ShouldContain("Enter your password");
        using var wrong = await owner.PostAsync("/sign-in/confirm", ("proof", "not the password"), ("returnUrl", New));
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var right = await owner.PostAsync("/sign-in/confirm", ("proof", WebShop.Password), ("returnUrl", New));
        right.Headers.Location!.ToString().ShouldBe(New);
        await owner.PageAsync(New);
        using var away = await owner.PostAsync("/sign-in/confirm", ("proof", WebShop.Password), ("returnUrl", "https://evil.example"));
        away.Headers.Location!.ToString().ShouldBe("/console");
    }

    [Theory]
    [InlineData("/console/customers.csv")]
    [InlineData("/console/customers/019b0000-0000-7000-8000-000000000000/data.json")]
    [InlineData("/console/customers/019b0000-0000-7000-8000-000000000000/data.csv")]
    public async Task Exports_of_personal_data_ask_too(string export)
    {
        await using var shop = await WebShop.OpenAsync(configure: s => s.AddSingleton<TimeProvider>(clock));
        using var owner = await shop.SignInAsync();
        using var recent = await owner.GetAsync(export);
        recent.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NotFound);

        clock.Advance(TimeSpan.FromMinutes(11));
        using var asked = await owner.GetAsync(export);
        asked.Headers.Location!.ToString().ShouldBe("/sign-in/confirm?returnUrl=" + Uri.EscapeDataString(export));
    }

    [Fact]
    public async Task What_an_open_page_sends_is_taken_for_half_an_hour_and_then_refused()
    {
        await using var shop = await WebShop.OpenAsync(configure: s => s.AddSingleton<TimeProvider>(clock));
        using var owner = await shop.SignInAsync();
        await owner.PageAsync(New);

        clock.Advance(TimeSpan.FromMinutes(25));
        using var taken = await owner.PostAsync(Staff, ("name", "Anna"), ("role", "agent"));
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);
        clock.Advance(TimeSpan.FromMinutes(6));
        using var late = await owner.PostAsync(Staff, ("name", "Eve"), ("role", "owner"));
        late.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from access_staff"), CancellationToken.None)).ShouldBe(2);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task With_an_authenticator_app_its_code_is_asked_for_and_works_once(Engine engine)
    {
        await using var shop = await WebShop.OpenAsync(engine, s => s.AddSingleton<TimeProvider>(clock));
        using var owner = await shop.SignInAsync();
        TotpOffer? offer = null;
        var actor = new Actor(owner.StaffId, owner.StaffId.ToString(), Role.Owner, _ => true);
        await shop.UseAsync<OfferTotp>(async u => offer = await u.RunAsync(CancellationToken.None), actor);
        using var on = await owner.PostAsync("/console/account/authenticator", ("code", Totp.Code(offer!.Secret, clock.GetUtcNow())));
        on.StatusCode.ShouldBe(HttpStatusCode.OK);

        clock.Advance(TimeSpan.FromMinutes(11));
        (await owner.PageAsync("/sign-in/confirm")).ShouldContain("Enter the code of your authenticator app");
        using var password = await owner.PostAsync("/sign-in/confirm", ("proof", WebShop.Password));
        password.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, "the password is not enough");
        var code = Totp.Code(offer.Secret, clock.GetUtcNow());
        using var right = await owner.PostAsync("/sign-in/confirm", ("proof", code), ("returnUrl", New));
        right.Headers.Location!.ToString().ShouldBe(New);
        using var again = await owner.PostAsync("/sign-in/confirm", ("proof", code), ("returnUrl", New));
        again.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
