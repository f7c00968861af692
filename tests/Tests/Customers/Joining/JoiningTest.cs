using System.Globalization;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Joining;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Customers.Joining;

/// <summary>Shared devices, mailboxes and values glue nobody together; what was held back says why, and staff can join it all the same.</summary>
public sealed class JoiningTest
{
    private static readonly DateTimeOffset Start = new(2026, 2, 1, 8, 0, 0, TimeSpan.Zero);

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task People_who_share_things_stay_several(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await ATabletBelongsToWhomSignedInFirstAsync(shop);
        await AKioskBelongsToNobodyAsync(shop);
        await AMailboxOfTwoBelongsToTheFirstAsync(shop);
        await AUserIdThatAScriptRepeatsIsNobodyAsync(shop);
        await ANumberThatManyWriteNamesNobodyAsync(shop);
    }

    private static async Task ATabletBelongsToWhomSignedInFirstAsync(TestShop shop)
    {
        // The second one to be heard of was the first to sign in.
        await shop.CollectAsync([SignIn("dad", "tablet", 20)]);
        (await shop.IsOneAsync("dad", "tablet")).ShouldBeTrue();
        await shop.CollectAsync([SignIn("mum", "tablet", 10)]);
        await shop.CollectAsync([SignIn("kid", "tablet", 30)]);

        (await shop.IsOneAsync("mum", "tablet")).ShouldBeTrue();
        (await shop.IsOneAsync("dad", "tablet")).ShouldBeFalse();
        (await shop.IsOneAsync("dad", "mum")).ShouldBeFalse();
        var held = await shop.HeldAsync();
        held.Where(h => h.Identity!.Value == "tablet").Select(h => (h.User.Label, h.Reason)).ShouldBe([("kid", HoldReason.OtherAccount), ("dad", HoldReason.OtherAccount)]);
        (await shop.LogAsync("tablet")).ShouldBe(["merged signed_in collection", "unmerged signed_in collection", "merged signed_in collection"]);
    }

    private static async Task AKioskBelongsToNobodyAsync(TestShop shop)
    {
        for (var i = 0; i <= JoinRules.Default.MostAccounts; i++)
        {
            await shop.CollectAsync([SignIn($"guest {i}", "kiosk", i)]);
        }

        (await shop.IsOneAsync("guest 0", "kiosk")).ShouldBeFalse();
        var shared = (await shop.PageAsync()).Shared.Single();
        (shared.Identity!.Value, shared.Of).ShouldBe(("kiosk", JoinRules.Default.MostAccounts + 1));
        await shop.UseAsync<ReleaseHeld>(r => r.AllowAsync(shared.SubjectId, default));
        (await shop.IsOneAsync("guest 0", "kiosk")).ShouldBeTrue();
    }

    private static async Task AMailboxOfTwoBelongsToTheFirstAsync(TestShop shop)
    {
        var guest = (await shop.SeeAsync([PeopleTest.Email("family@example.com")])).Single().SubjectId;
        await shop.CollectAsync([Prove("ben", "family@example.com", 20)]);
        await shop.CollectAsync([Prove("eve", "family@example.com", 10)]);
        (await shop.CustomerAsync(guest)).ShouldBe((await shop.ProfileAsync("eve")).CustomerId);
        (await shop.IsOneAsync("ben", "eve")).ShouldBeFalse();

        // An address that a file or an order gives to an account joins nobody, and what many read belongs to none of them.
        var inbox = (await shop.SeeAsync([PeopleTest.Email("info@firm.example"), PeopleTest.Email("ordered@example.com")])).Select(p => p.SubjectId).ToList();
        await shop.SeeAsync([PeopleTest.External("imported", new PersonDetails(Email: "ordered@example.com"))]);
        await shop.CollectAsync([Prove("clerk", "info@firm.example", 10)]);
        (await shop.CustomerAsync(inbox[0])).ShouldBe(inbox[0]);
        (await shop.CustomerAsync(inbox[1])).ShouldBe(inbox[1]);
    }

    private static async Task AUserIdThatAScriptRepeatsIsNobodyAsync(TestShop shop)
    {
        await shop.CollectAsync([SignIn("undefined", "visitor 1", 1), SignIn("undefined", "visitor 2", 2), SignIn("{{customer.id}}", "visitor 3", 3)]);
        (await shop.IsOneAsync("visitor 1", "visitor 2")).ShouldBeFalse();

        // One that no list knows: the limit holds after ten, and after fifty it is no person.
        await shop.CollectAsync(Enumerable.Range(0, 50).Select(i => SignIn("your-user-id", $"browser {i}", i)));
        (await shop.IsOneAsync("your-user-id", "browser 9")).ShouldBeTrue();
        (await shop.IsOneAsync("your-user-id", "browser 10")).ShouldBeFalse();
        await shop.CollectAsync([SignIn("your-user-id", "browser 50", 50)]);
        (await shop.IsOneAsync("your-user-id", "browser 9")).ShouldBeFalse();
        (await shop.PageAsync()).Shared.ShouldContain(v => v.Identity!.Value == "your-user-id" && v.Of == 51);
    }

    private static async Task ANumberThatManyWriteNamesNobodyAsync(TestShop shop)
    {
        await shop.UseAsync<SaveJoinRules>(s => s.RunAsync(JoinRules.Default, ["+44 800 111 222", "*@market.example"], default));
        var orders = await shop.SeeAsync([
            new(IdentityKind.Phone, "+44800111222", new PersonDetails()), new(IdentityKind.Phone, "+44 (800) 111-222", new PersonDetails()), new(IdentityKind.Phone, "0000000", new PersonDetails()),
            PeopleTest.Email("a1@market.example"), PeopleTest.Email("noreply@shop.example"), PeopleTest.Email("NoReply@shop.example")]);

        orders.Select(o => o.SubjectId).Distinct().Count().ShouldBe(orders.Count);
        (await shop.UseAsync<ICustomers, IReadOnlyDictionary<Guid, CustomerLabel>>(c => c.LabelsAsync([.. orders.Select(o => o.SubjectId)], default))).Values.ShouldAllBe(l => l.Label == "Anonymous");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_staff_decide_stays(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.CollectAsync([SignIn("dad", "tablet", 20), SignIn("mum", "tablet", 10), SignIn("ann", "phone", 1)]);
        var held = (await shop.HeldAsync()).Single();

        await shop.UseAsync<ReleaseHeld>(r => r.JoinAsync(held.SubjectId, held.UserId, default));
        (await shop.IsOneAsync("dad", "tablet")).ShouldBeTrue();
        (await shop.IsOneAsync("mum", "tablet")).ShouldBeFalse();
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<ReleaseHeld>(r => r.JoinAsync(held.SubjectId, held.UserId, default)))).Code.ShouldBe("held_unknown");

        var phone = await shop.SubjectAsync("phone");
        var merge = await shop.Database.ReadAsync(s => s.FirstAsync("select merge_id from customers_merges where subject_id = @phone", new { phone }, r => r.Guid(0), default), default);
        await shop.UseAsync<UnmergeCustomer>(u => u.RunAsync(new(phone, merge), default));
        await shop.CollectAsync([SignIn("mum", "tablet", 5), SignIn("ann", "phone", 0), SignIn("bob", "phone", 0)]);

        (await shop.IsOneAsync("dad", "tablet")).ShouldBeTrue();
        (await shop.CustomerAsync(phone)).ShouldBe(phone);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_browser_follows_its_account_whomever_that_follows(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await shop.CollectAsync([SignIn("work", "laptop", 1), SignIn("home", "desktop", 1)]);
        var merged = await shop.UseAsync<MergeCustomers, MergeCustomers.Answer>(async m => await m.RunAsync(new(await shop.SubjectAsync("home", IdentityKind.ExternalId), await shop.SubjectAsync("work", IdentityKind.ExternalId), MergeReason.CustomerSaidSo), default));
        await shop.CollectAsync([SignIn("work", "pad", 2)]);
        (await shop.IsOneAsync("home", "pad")).ShouldBeTrue();

        await shop.UseAsync<UnmergeCustomer>(u => u.RunAsync(new(merged.SubjectId, merged.MergeId), default));

        (await shop.IsOneAsync("work", "pad")).ShouldBeTrue();
        (await shop.IsOneAsync("home", "pad")).ShouldBeFalse();
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_a_page_says_beside_its_proof_takes_nobody_over(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        var rules = JoinRules.Default;
        await shop.UseAsync<SaveJoinRules>(s => s.RunAsync(rules with { Kinds = [.. rules.Kinds, new KindRule("loyalty_card", JoinWhen.Verified, 5, 365)] }, [], default));
        var guest = (await shop.SeeAsync([PeopleTest.Email("victim@example.com")])).Single().SubjectId;
        await shop.CollectAsync([new { type = "track", userId = "victim", @event = "Card Shown", context = new { externalIds = new[] { new { type = "loyalty_card", id = "4711" } } } }]);
        async Task SayAsync(object claims, object traits) => await shop.CollectAsync([new
        {
            type = "identify", userId = "mallory", timestamp = Start.ToString("O", CultureInfo.InvariantCulture), identityProof = await shop.SignAsync(CollectionInShop.Page.SourceId, claims), traits,
            context = new { externalIds = new[] { new { type = "loyalty_card", id = "4711" } } },
        }], CollectionInShop.Page);
        var exp = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds();

        await SayAsync(new { sub = "mallory", exp }, new { email = "victim@example.com" });
        (await shop.CustomerAsync(guest)).ShouldBe(guest, "only what the shop's server signs is proved");
        (await shop.HeldAsync()).ShouldBeEmpty("what a page says of cards is not heard");

        await SayAsync(new { sub = "mallory", exp, email = "victim@example.com" }, new { });
        (await shop.CustomerAsync(guest)).ShouldBe((await shop.ProfileAsync("mallory")).CustomerId);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Numbers_of_the_shops_own_kinds_join_where_the_server_names_them(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        object With(string user, string card) => new { type = "track", userId = user, @event = "Paid", context = new { externalIds = new[] { new { id = card, type = "loyalty_card" } } } };
        await shop.CollectAsync([With("ann", "4711")]);
        (await shop.CountAsync("customers_merges")).ShouldBe(0);
        await shop.UseAsync<SaveJoinRules>(s => s.RunAsync(JoinRules.Default with { Kinds = [.. JoinRules.Default.Kinds, new("loyalty_card", JoinWhen.Verified, 1, 30)] }, [], default));

        await shop.CollectAsync([With("ann", "4711")]);
        await shop.CollectAsync([With("ann", "4712")]);

        (await shop.ProfileAsync("ann")).Identities.ShouldContain(i => i.Kind == IdentityKind.Custom && i.Value == "loyalty_card:4711");
        (await shop.HeldAsync()).Select(h => (h.Kind, h.Identity!.Value, h.Reason)).ShouldBe([("loyalty_card", "loyalty_card:4712", HoldReason.Limit)]);
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<SaveJoinRules>(s => s.RunAsync(JoinRules.Default with { Kinds = [new("Loyalty Card", JoinWhen.Verified, 1, 30)] }, [], default)))).Code.ShouldBe("kind_invalid");
    }

    private static object SignIn(string user, string browser, int minute) =>
        new { type = "track", userId = user, anonymousId = browser, @event = "Signed In", timestamp = Start.AddMinutes(minute).ToString("O", CultureInfo.InvariantCulture) };

    private static object Prove(string user, string email, int minute) => new { type = "identify", userId = user, traits = new { email }, timestamp = Start.AddMinutes(minute).ToString("O", CultureInfo.InvariantCulture) };
}

/// <summary>What these tests ask of a shop.</summary>
internal static class JoiningInShop
{
    public static async Task<Guid> SubjectAsync(this TestShop shop, string name, IdentityKind kind = IdentityKind.AnonymousId) =>
        (await shop.UseAsync<ICustomers, IReadOnlyList<ResolvedPerson>>(c => c.ResolveAsync([new(kind, name, new PersonDetails())], null, default))).Single().SubjectId;

    public static async Task<Guid> CustomerAsync(this TestShop shop, Guid subject) =>
        (await shop.UseAsync<ICustomers, IReadOnlyDictionary<Guid, Guid>>(c => c.CustomersOfAsync([subject], default)))[subject];

    /// <summary>Whether a browser, or an account, is the same customer as an account, or a browser.</summary>
    public static async Task<bool> IsOneAsync(this TestShop shop, string one, string other)
    {
        var ids = new List<Guid>();
        foreach (var name in new[] { one, other })
        {
            var known = await shop.Get<IdentifierClaims>().OwnersAsync([new("external_id", name), new("anonymous_id", name)], default);
            ids.Add(await shop.CustomerAsync(known.Values.Single()));
        }
        return ids[0] == ids[1];
    }

    public static Task<ListHeld.Page> PageAsync(this TestShop shop) => shop.UseAsync<ListHeld, ListHeld.Page>(l => l.RunAsync(null, default));

    public static async Task<IReadOnlyList<HeldBack>> HeldAsync(this TestShop shop) => (await shop.PageAsync()).Held;

    public static async Task<List<string>> LogAsync(this TestShop shop, string browser)
    {
        var subject = await shop.SubjectAsync(browser);
        return await shop.Database.ReadAsync(s => s.QueryAsync("select action, reason, actor from customers_merge_log where subject_id = @subject order by at, action desc", new { subject }, r => $"{r.Text(0)} {r.Text(1)} {r.Text(2)}", default), default);
    }
}
