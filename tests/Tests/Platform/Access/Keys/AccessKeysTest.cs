using System.Buffers.Text;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Security;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform.Access.Keys;

public sealed class AccessKeysTest
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 9, 0, 0, TimeSpan.Zero);

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_key_acts_with_its_scopes_and_nothing_else(Engine engine)
    {
        var (shop, _) = await OpenAsync(engine);
        await using var _1 = shop;
        var issued = await MakeAsync(shop, "orders.read", "customers.read", "orders.read");
        issued.Text.ShouldMatch("^wm_live_sk_[A-Za-z0-9_-]{43}$");

        var key = await FindAsync(shop, issued.Text);
        key.ShouldNotBeNull().Actor.Name.ShouldBe($"key:{issued.KeyId}");
        foreach (var (code, held) in new[] { ("orders.read", true), ("customers.read", true), ("events.write", false), ("orders.edit", false), ("keys.manage", false), ("", false) })
        {
            key.Actor.May(new Permission(code)).ShouldBe(held, code);
        }
        (await FindAsync(shop, issued.Text[..^1])).ShouldBeNull();
        (await FindAsync(shop, "wm_write_" + issued.Text["wm_live_sk_".Length..])).ShouldBeNull("a secret key is no write key");
        (await FindAsync(shop, "wm_live_sk_" + SecretToken.New().Text)).ShouldBeNull();
        foreach (var text in new[] { null, "", "wm_live_sk_", "x", issued.Text + "=", issued.Text.ToUpperInvariant() })
        {
            (await FindAsync(shop, text)).ShouldBeNull(text);
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_write_key_sends_events_of_its_storefront_whatever_was_asked_for(Engine engine)
    {
        var (shop, _) = await OpenAsync(engine);
        await using var _1 = shop;
        var site = await KeyShop.AddStorefrontAsync(shop.Database);
        var issued = await shop.UseAsync<CreateAccessKey, IssuedKey>(u => u.RunAsync(new(AccessKeyKind.Write, "Snippet", ["customers.read"], site), CancellationToken.None));

        issued.Text.ShouldMatch("^wm_write_[A-Za-z0-9_-]{43}$");
        var key = (await FindAsync(shop, issued.Text)).ShouldNotBeNull();
        (key.Kind, key.SiteId).ShouldBe((AccessKeyKind.Write, site));
        (key.Actor.May(AccessPermissions.WriteEvents), key.Actor.May(new Permission("customers.read"))).ShouldBe((true, false));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_secret_stands_nowhere_in_the_database(Engine engine)
    {
        var (shop, _) = await OpenAsync(engine);
        await using var _1 = shop;
        var issued = await MakeAsync(shop, "orders.read");

        var item = (await ListAsync(shop)).ShouldHaveSingleItem();
        item.Secrets.ShouldHaveSingleItem().Hint.ShouldBe("wm_live_sk_…" + issued.Text[^4..]);
        var kept = await shop.Database.ReadAsync(s => s.QueryAsync("""
            select secret_hash, hint from access_key_secrets union all select null, name from access_keys union all select mac, target || coalesce(detail, '') from audit_entries
            """, null, r => (Bytes: r.BytesOrNull(0) ?? [], Text: r.Text(1)), CancellationToken.None), CancellationToken.None);
        var secret = issued.Text["wm_live_sk_".Length..];
        kept.Count.ShouldBeGreaterThan(2);
        kept.Where(k => k.Text.Contains(secret[..8], StringComparison.Ordinal) || k.Bytes.SequenceEqual(Base64Url.DecodeFromChars(secret))).ShouldBeEmpty();
        issued.ToString().ShouldNotContain(issued.Text);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task After_a_rotation_both_secrets_work_for_the_grace_and_never_three(Engine engine)
    {
        var (shop, clock) = await OpenAsync(engine);
        await using var _1 = shop;
        var first = await MakeAsync(shop, "orders.read");
        (await FindAsync(shop, first.Text)).ShouldNotBeNull();
        var second = await RotateAsync(shop, first.KeyId, 24);
        second.KeyId.ShouldBe(first.KeyId);

        clock.Advance(TimeSpan.FromHours(23));
        (await AliveAsync(shop, first, second)).ShouldBe([true, true]);
        var third = await RotateAsync(shop, first.KeyId, 24);
        (await AliveAsync(shop, first, second, third)).ShouldBe([false, true, true], "the oldest ends when there would be three");
        clock.Advance(TimeSpan.FromHours(24));
        (await AliveAsync(shop, second, third)).ShouldBe([false, true]);
        var fourth = await RotateAsync(shop, first.KeyId, 0);
        (await AliveAsync(shop, third, fourth)).ShouldBe([false, true], "a leaked secret ends at once");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_expired_key_comes_back_to_life_by_a_rotation_a_revoked_one_never(Engine engine)
    {
        var (shop, clock) = await OpenAsync(engine);
        await using var _1 = shop;
        var issued = await shop.UseAsync<CreateAccessKey, IssuedKey>(u => u.RunAsync(new(AccessKeyKind.Secret, "Short", ["orders.read"], null, 30), CancellationToken.None));
        clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        (await FindAsync(shop, issued.Text)).ShouldNotBeNull();
        clock.Advance(TimeSpan.FromSeconds(1));
        (await FindAsync(shop, issued.Text)).ShouldBeNull("also where it is still held in memory");

        var renewed = await RotateAsync(shop, issued.KeyId, 24);
        (await AliveAsync(shop, issued, renewed)).ShouldBe([false, true]);
        await shop.UseAsync<RevokeAccessKey>(u => u.RunAsync(issued.KeyId, CancellationToken.None));
        (await AliveAsync(shop, issued, renewed)).ShouldBe([false, false]);
        (await Should.ThrowAsync<ProblemException>(() => RotateAsync(shop, issued.KeyId, 0))).Code.ShouldBe("key_unknown");
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<RevokeAccessKey>(u => u.RunAsync(issued.KeyId, CancellationToken.None)))).Code.ShouldBe("key_unknown");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Revoked_on_one_node_it_ends_on_another_within_five_seconds(Engine engine)
    {
        var clock = new ManualClock(Start);
        var storage = TestShop.NewStorage(engine);
        var (here, _) = await OpenAsync(engine, storage, clock);
        await using var _1 = here;
        var (there, _) = await OpenAsync(engine, storage, clock);
        await using var _2 = there;
        var issued = await MakeAsync(here, "orders.read");
        (await FindAsync(there, issued.Text)).ShouldNotBeNull();

        await here.UseAsync<RevokeAccessKey>(u => u.RunAsync(issued.KeyId, CancellationToken.None));
        (await FindAsync(here, issued.Text)).ShouldBeNull("at once where it was done");
        (await FindAsync(there, issued.Text)).ShouldNotBeNull("held in memory");
        clock.Advance(AccessKeyDirectory.Fresh);
        (await FindAsync(there, issued.Text)).ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_last_use_is_noted_once_a_minute_however_many_requests_come(Engine engine)
    {
        var (shop, clock) = await OpenAsync(engine);
        await using var _1 = shop;
        var issued = await MakeAsync(shop, "orders.read");
        (await ListAsync(shop)).Single().LastUsedAt.ShouldBeNull();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => FindAsync(shop, issued.Text)));
        (await ListAsync(shop)).Single().LastUsedAt.ShouldBe(Start);
        clock.Advance(TimeSpan.FromSeconds(59));
        await FindAsync(shop, issued.Text);
        (await ListAsync(shop)).Single().LastUsedAt.ShouldBe(Start);
        clock.Advance(TimeSpan.FromSeconds(1));
        await FindAsync(shop, issued.Text);
        (await ListAsync(shop)).Single().LastUsedAt.ShouldBe(Start.AddMinutes(1));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_makes_no_sense_is_refused_and_leaves_nothing(Engine engine)
    {
        var (shop, _) = await OpenAsync(engine);
        await using var _1 = shop;
        foreach (var (request, code) in new (CreateAccessKey.Request, string)[]
        {
            (new(AccessKeyKind.Secret, "", ["orders.read"]), "name_invalid"),
            (new(AccessKeyKind.Secret, new string('x', 101), ["orders.read"]), "name_invalid"),
            (new(AccessKeyKind.Secret, "a\0b", ["orders.read"]), "name_invalid"),
            (new(AccessKeyKind.Secret, "x", []), "scopes_missing"),
            (new(AccessKeyKind.Secret, "x", ["orders.read", "staff.manage"]), "scope_unknown"),
            (new(AccessKeyKind.Secret, "x", [new string('y', 9999)]), "scope_unknown"),
            (new(AccessKeyKind.Secret, "x", ["orders.read"], null, 0), "life_invalid"),
            (new(AccessKeyKind.Secret, "x", ["orders.read"], null, 3651), "life_invalid"),
            (new(AccessKeyKind.Write, "x", []), "site_unknown"),
            (new(AccessKeyKind.Write, "x", [], Id.New()), "site_unknown"),
        })
        {
            (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<CreateAccessKey>(u => u.RunAsync(request, CancellationToken.None)))).Code.ShouldBe(code);
        }
        (await ListAsync(shop)).ShouldBeEmpty();
        var issued = await MakeAsync(shop, "orders.read");
        foreach (var hours in new[] { -1, 721 })
        {
            (await Should.ThrowAsync<ProblemException>(() => RotateAsync(shop, issued.KeyId, hours))).Code.ShouldBe("grace_invalid");
        }
        (await Should.ThrowAsync<ProblemException>(() => RotateAsync(shop, Id.New(), 1))).Code.ShouldBe("key_unknown");
        (await ListAsync(shop)).Single().Secrets.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Only_an_owner_makes_keys_no_key_does_and_each_act_is_in_the_audit_log()
    {
        var (shop, clock) = await OpenAsync(Engine.Sqlite);
        await using var _1 = shop;
        var issued = await MakeAsync(shop, [.. shop.Get<Wellmet.Platform.Modules.ModuleCatalog>().Scopes.Keys.Select(p => p.Code)]);
        var key = (await FindAsync(shop, issued.Text))!.Actor;
        var auditor = new Actor(Id.New(), "auditor", Role.Auditor, p => p == AccessPermissions.ReadKeys);
        foreach (var who in new[] { key, auditor, Actor.Anonymous })
        {
            await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<CreateAccessKey>(u => u.RunAsync(new(AccessKeyKind.Secret, "x", ["orders.read"]), CancellationToken.None), who));
            await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<RotateAccessKey>(u => u.RunAsync(new(issued.KeyId, 0), CancellationToken.None), who));
            await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<RevokeAccessKey>(u => u.RunAsync(issued.KeyId, CancellationToken.None), who));
        }
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ListAccessKeys>(u => u.RunAsync(CancellationToken.None), key));
        (await shop.UseAsync<ListAccessKeys, IReadOnlyList<AccessKeyItem>>(u => u.RunAsync(CancellationToken.None), auditor)).Count.ShouldBe(1);

        clock.Advance(TimeSpan.FromSeconds(1));
        await RotateAsync(shop, issued.KeyId, 1);
        clock.Advance(TimeSpan.FromSeconds(1));
        await shop.UseAsync<RevokeAccessKey>(u => u.RunAsync(issued.KeyId, CancellationToken.None));
        var acts = await shop.Database.ReadAsync(s => s.QueryAsync(
            "select action from audit_entries where target = @target order by at, id", new { target = $"key:{issued.KeyId}" }, r => r.Text(0), CancellationToken.None), CancellationToken.None);
        acts.ShouldBe(["key.created", "key.rotated", "key.revoked"]);
    }

    [Theory]
    [InlineData("Bearer wm_x", "wm_x")]
    [InlineData("bearer wm_x", "wm_x")]
    [InlineData("Basic d21feDo=", "wm_x")]
    [InlineData("basic d21feDpwYXNzd29yZA==", "wm_x")]
    [InlineData("Basic d21feA==", "wm_x")]
    [InlineData("Basic !!", null)]
    [InlineData("Digest wm_x", null)]
    [InlineData("Bearer", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_key_is_found_in_both_kinds_of_header(string? header, string? key) => AccessKeyText.InHeader(header).ShouldBe(key);

    [Fact]
    public void A_header_that_is_far_too_long_is_no_key() => AccessKeyText.InHeader("Basic " + new string('A', 100_000)).ShouldBeNull();

    private static async Task<(TestShop Shop, ManualClock Clock)> OpenAsync(Engine engine, StorageOptions? storage = null, ManualClock? clock = null)
    {
        clock ??= new ManualClock(Start);
        var web = new WebOptions(new Uri("https://crm.example.com"), []);
        return (await TestShop.OpenAsync(engine, workers: false, s => s.AddSingleton<TimeProvider>(clock).AddStaff(web), storage: storage), clock);
    }

    private static Task<IssuedKey> MakeAsync(TestShop shop, params string[] scopes) =>
        shop.UseAsync<CreateAccessKey, IssuedKey>(u => u.RunAsync(new(AccessKeyKind.Secret, "Test", scopes), CancellationToken.None));

    private static Task<IssuedKey> RotateAsync(TestShop shop, Guid id, int graceHours) =>
        shop.UseAsync<RotateAccessKey, IssuedKey>(u => u.RunAsync(new(id, graceHours), CancellationToken.None));

    private static Task<LiveKey?> FindAsync(TestShop shop, string? text) => shop.Get<AccessKeyDirectory>().FindAsync(text, CancellationToken.None);

    private static async Task<bool[]> AliveAsync(TestShop shop, params IssuedKey[] keys)
    {
        var alive = new List<bool>();
        foreach (var key in keys)
        {
            alive.Add(await FindAsync(shop, key.Text) is not null);
        }
        return [.. alive];
    }

    private static Task<IReadOnlyList<AccessKeyItem>> ListAsync(TestShop shop) =>
        shop.UseAsync<ListAccessKeys, IReadOnlyList<AccessKeyItem>>(u => u.RunAsync(CancellationToken.None));
}
