using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.SecondFactors;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform.Access;

public sealed class SignInTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Five_wrong_passwords_pause_an_account_for_a_quarter_of_an_hour_and_not_for_good(Engine engine)
    {
        await using var shop = await StaffShop.OpenAsync(engine);
        await shop.JoinAsync(Role.Agent, "ada@shop.test");

        foreach (var email in new[] { "ada@shop.test", "nobody@shop.test" })
        {
            for (var i = 0; i < 5; i++)
            {
                (await RefusedAsync(() => shop.SignInAsync(email, "wrong password!"))).ShouldBe("sign_in_refused");
            }
            (await RefusedAsync(() => shop.SignInAsync(email))).ShouldBe("sign_in_paused", "also with the right password, also for nobody");
        }
        shop.Clock.Advance(TimeSpan.FromMinutes(15));
        (await shop.SignInAsync("ADA@shop.test")).Session.ShouldNotBeNull();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Each_guess_after_five_doubles_the_pause_an_owner_sees_it_and_ends_it(Engine engine)
    {
        await using var shop = await StaffShop.OpenAsync(engine);
        var (_, owner) = await shop.JoinAsync(Role.Owner, "owner@shop.test");
        var (id, _) = await shop.JoinAsync(Role.Agent, "ada@shop.test");
        for (var i = 0; i < 4; i++)
        {
            await RefusedAsync(() => shop.SignInAsync("ada@shop.test", "wrong password!"));
        }
        foreach (var minutes in new[] { 1, 2, 4, 8, 15, 15 })
        {
            (await RefusedAsync(() => shop.SignInAsync("ada@shop.test", "wrong password!"))).ShouldBe("sign_in_refused");
            (await PausedUntilAsync(shop, owner, id)).ShouldBe(shop.Clock.GetUtcNow().AddMinutes(minutes));
            shop.Clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            var paused = await Should.ThrowAsync<ProblemException>(() => shop.SignInAsync("ada@shop.test"));
            (paused.Code, paused.Arguments[0]).ShouldBe(("sign_in_paused", 1), "the minutes that are left");
            shop.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        await RefusedAsync(() => shop.SignInAsync("ada@shop.test", "wrong password!"));
        var again = (await shop.SignInAsync("owner@shop.test")).Session!.Value;
        await shop.AsAsync<ReleaseSignIn>(again, u => u.RunAsync(id, CancellationToken.None));
        (await PausedUntilAsync(shop, again, id)).ShouldBeNull();
        var (_, agent) = (id, (await shop.SignInAsync("ada@shop.test")).Session!.Value);
        await Should.ThrowAsync<ForbiddenException>(() => shop.AsAsync<ReleaseSignIn>(agent, u => u.RunAsync(id, CancellationToken.None)));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Guesses_sent_at_the_same_moment_count_as_well(Engine engine)
    {
        await using var shop = await StaffShop.OpenAsync(engine);
        await shop.JoinAsync(Role.Agent, "ada@shop.test");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => RefusedAsync(() => shop.SignInAsync("ada@shop.test", $"wrong password {i}"))));

        answers.Count(a => a == "sign_in_refused").ShouldBe(5);
        answers.Count(a => a == "sign_in_paused").ShouldBe(15);
    }

    [Fact]
    public async Task A_network_that_tries_many_accounts_is_paused_and_others_are_not()
    {
        await using var shop = await StaffShop.OpenAsync(Engine.Sqlite);
        await shop.JoinAsync(Role.Agent, "ada@shop.test");
        for (var i = 0; i < SignInAttempts.MaxForNetwork; i++)
        {
            // Straight to the counter: the passwords themselves would cost 50 times a tenth of a second.
            await shop.Shop.Get<SignInAttempts>().CountAsync(await shop.Shop.Get<SignInAttempts>().AccountOfAsync($"user{i}@shop.test", CancellationToken.None), "198.51.100.0/24", CancellationToken.None);
        }
        (await RefusedAsync(() => shop.SignInAsync("ada@shop.test", origin: new Origin("198.51.100.0/24", "")))).ShouldBe("sign_in_paused");
        (await shop.SignInAsync("ada@shop.test")).Session.ShouldNotBeNull();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task One_code_of_the_app_opens_one_session_even_when_sent_four_times_at_once(Engine engine)
    {
        await using var shop = await StaffShop.OpenAsync(engine);
        var (_, session) = await shop.JoinAsync(Role.Agent, "ada@shop.test");
        var offer = await shop.AsAsync<OfferTotp, TotpOffer?>(session, u => u.RunAsync(CancellationToken.None));
        await shop.AsAsync<SetUpTotp>(session, u => u.RunAsync(Totp.Code(offer!.Secret, shop.Clock.GetUtcNow()), CancellationToken.None));
        (await shop.AsAsync<OfferTotp, TotpOffer?>(session, u => u.RunAsync(CancellationToken.None))).ShouldBeNull("the secret is never shown again");
        shop.Clock.Advance(TimeSpan.FromSeconds(30));

        var challenges = new List<SecretToken>();
        for (var i = 0; i < 4; i++)
        {
            challenges.Add((await shop.SignInAsync("ada@shop.test")).Challenge!.Value);
        }
        var code = Totp.Code(offer!.Secret, shop.Clock.GetUtcNow());
        var outcomes = await Task.WhenAll(challenges.Select(c => RefusedAsync(() =>
            shop.Shop.UseAsync<SignInWithTotp, SecretToken>(u => u.RunAsync(new(c.Text, code, StaffShop.Office), CancellationToken.None), Actor.Anonymous))));

        outcomes.Count(o => o is null).ShouldBe(1);
        outcomes.Count(o => o == "code_refused").ShouldBe(3);
    }

    [Fact]
    public async Task A_challenge_lives_five_minutes_and_the_second_factor_has_its_own_pause()
    {
        await using var shop = await StaffShop.OpenAsync(Engine.Sqlite);
        var (id, session) = await shop.JoinAsync(Role.Agent, "ada@shop.test");
        var offer = await shop.AsAsync<OfferTotp, TotpOffer?>(session, u => u.RunAsync(CancellationToken.None));
        await shop.AsAsync<SetUpTotp>(session, u => u.RunAsync(Totp.Code(offer!.Secret, shop.Clock.GetUtcNow()), CancellationToken.None));
        shop.Clock.Advance(TimeSpan.FromMinutes(20));

        var late = (await shop.SignInAsync("ada@shop.test")).Challenge!.Value;
        shop.Clock.Advance(TimeSpan.FromMinutes(5));
        (await WithCodeAsync(shop, late, "123456")).ShouldBe("sign_in_expired");

        for (var i = 0; i < 5; i++)
        {
            var challenge = (await shop.SignInAsync("ada@shop.test")).Challenge!.Value;
            (await WithCodeAsync(shop, challenge, "000000")).ShouldBe("code_refused");
        }
        var last = (await shop.SignInAsync("ada@shop.test")).Challenge!.Value;
        (await WithCodeAsync(shop, last, Totp.Code(offer!.Secret, shop.Clock.GetUtcNow()))).ShouldBe("sign_in_paused", "a right password does not bring new guesses of the code");
        (await shop.Shop.Get<StaffDirectory>().FindAsync(id, CancellationToken.None))!.HasTotp.ShouldBeTrue();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_address_belongs_to_one_person_and_a_claim_without_an_account_is_taken_over(Engine engine)
    {
        await using var shop = await StaffShop.OpenAsync(engine);
        await shop.JoinAsync(Role.Agent, "ada@shop.test");
        (await RefusedAsync(() => shop.JoinAsync(Role.Agent, "Ada@Shop.test"))).ShouldBe("email_taken");

        var crashed = Id.New();
        await shop.Shop.Get<StaffDirectory>().ClaimEmailAsync(crashed, "eve@shop.test", CancellationToken.None);
        var (id, _) = await shop.JoinAsync(Role.Agent, "eve@shop.test");
        (await shop.Shop.Get<StaffDirectory>().FindByEmailAsync("eve@shop.test", CancellationToken.None))!.Id.ShouldBe(id);
    }

    [Fact]
    public async Task Nothing_that_opens_a_door_stands_readable_in_the_database()
    {
        await using var shop = await StaffShop.OpenAsync(Engine.Sqlite);
        var (_, session) = await shop.JoinAsync(Role.Owner, "canary-address@shop.test");
        var offer = await shop.AsAsync<OfferTotp, TotpOffer?>(session, u => u.RunAsync(CancellationToken.None));
        var codes = await shop.AsAsync<SetUpTotp, IReadOnlyList<string>>(session, u => u.RunAsync(Totp.Code(offer!.Secret, shop.Clock.GetUtcNow()), CancellationToken.None));
        await shop.Shop.Database.ReadAsync(s => s.ExecuteAsync("pragma wal_checkpoint(full)"), CancellationToken.None);

        var bytes = string.Concat(Directory.EnumerateFiles(shop.Shop.Folder, "wellmet.db*").Select(f => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(f))));
        foreach (var secret in new[] { session.Text, offer!.Secret, codes[0], codes[0].Replace("-", "", StringComparison.Ordinal), "canary-address", StaffShop.Password })
        {
            bytes.ShouldNotContain(secret, Case.Insensitive);
        }
        bytes.ShouldContain("access_staff", Case.Insensitive, "the file was really read");
    }

    private static Task<string?> WithCodeAsync(StaffShop shop, SecretToken challenge, string code) => RefusedAsync(() =>
        shop.Shop.UseAsync<SignInWithTotp, SecretToken>(u => u.RunAsync(new(challenge.Text, code, StaffShop.Office), CancellationToken.None), Actor.Anonymous));

    /// <summary>The code of the refusal, or null where it worked.</summary>
    private static async Task<DateTimeOffset?> PausedUntilAsync(StaffShop shop, SecretToken owner, Guid id) =>
        (await shop.AsAsync<ListStaff, IReadOnlyList<StaffItem>>(owner, u => u.RunAsync(CancellationToken.None))).Single(s => s.Id == id).PausedUntil;

    private static async Task<string?> RefusedAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (ProblemException problem)
        {
            return problem.Code;
        }
    }
}
