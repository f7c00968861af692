using Wellmet.Customers.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Proposals;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Customers;

/// <summary>Customers who may be one person: found in the background, decided by people, or merged above a precision.</summary>
public sealed class ProposalsTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Who_may_be_one_person_is_proposed_with_its_evidence_and_decided_once(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var people = await SeeAsync(shop);

        var card = await FindAsync(shop);
        var proposals = await AllAsync(shop);

        card!.Customers.ShouldBe(people.Count);
        var pairs = proposals.Select(p => (p.Proposal.FirstId, p.Proposal.OtherId)).ToList();
        pairs.ShouldContain(Pair(people["ann"], people["ann2"]));
        pairs.ShouldContain(Pair(people["wang"], people["wang2"]));
        pairs.ShouldNotContain(Pair(people["ann"], people["bob"]), "two of one household");
        var ann = proposals.First(p => p.Proposal.FirstId == Pair(people["ann"], people["ann2"]).Item1);
        ann.Proposal.Lines.Sum(l => l.Bits).ShouldBe(Math.Log2(ann.Proposal.Chance / (1 - ann.Proposal.Chance)), 0.05);
        new[] { ann.First.Profile.Name, ann.Other.Profile.Name }.ShouldBe(["Annabel Oakwood", "Anabel Oakwood"], ignoreOrder: true);
        var stored = await shop.Database.ReadAsync(s => s.QueryAsync("select evidence from customers_proposals", null, r => r.Text(0), default), default);
        stored.ShouldAllBe(e => !e.Contains("akwood", StringComparison.OrdinalIgnoreCase) && !e.Contains("5550", StringComparison.Ordinal));

        await shop.UseAsync<DecideProposal>(d => d.RefuseAsync(new(people["wang2"], people["wang"]), default));
        var merged = await shop.UseAsync<DecideProposal, MergeCustomers.Answer>(d => d.AcceptAsync(new(people["ann2"], people["ann"]), default));

        merged.SubjectId.ShouldBe(people["ann2"], "the one seen first stays");
        (await CustomerOfAsync(shop, people["ann2"])).ShouldBe(people["ann"]);
        (await AllAsync(shop)).Select(p => Pair(p.Proposal.FirstId, p.Proposal.OtherId)).ShouldBe(pairs.Where(p => p != Pair(people["ann"], people["ann2"]) && p != Pair(people["wang"], people["wang2"])), ignoreOrder: true);
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<DecideProposal>(d => d.RefuseAsync(new(people["wang2"], people["wang"]), default)))).Code.ShouldBe("proposal_unknown");

        await shop.UseAsync<UnmergeCustomer>(u => u.RunAsync(new(merged.SubjectId, merged.MergeId), default));
        await FindAsync(shop);

        var again = (await AllAsync(shop)).Select(p => (p.Proposal.FirstId, p.Proposal.OtherId)).ToList();
        again.ShouldNotContain(Pair(people["ann"], people["ann2"]), "taken apart by a person");
        again.ShouldNotContain(Pair(people["wang"], people["wang2"]), "refused");
        again.Count.ShouldBe(pairs.Count - 2);
    }

    [Fact]
    public async Task Above_the_chosen_precision_nobody_is_asked_and_each_merge_can_be_taken_back()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var people = await SeeAsync(shop);

        await shop.UseAsync<SaveAutomaticMerging>(s => s.RunAsync(0.999, default));
        var card = await FindAsync(shop);

        card!.Merged.ShouldBeGreaterThan(5);
        (await CustomerOfAsync(shop, people["3b"])).ShouldBe(await CustomerOfAsync(shop, people["3"]));
        (await CustomerOfAsync(shop, people["bob"])).ShouldBe(people["bob"]);
        var reasons = await shop.Database.ReadAsync(s => s.QueryAsync("select reason from customers_merges", null, r => r.Text(0), default), default);
        reasons.ShouldAllBe(r => r == "proposed");
        reasons.Count.ShouldBe(card.Merged);
        (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<SaveAutomaticMerging>(s => s.RunAsync(0.5, default)))).Code.ShouldBe("precision_unknown");
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<SaveAutomaticMerging>(s => s.RunAsync(null, default), Agent(CustomersPermissions.MergeAutomatically)));
    }

    [Fact]
    public async Task Pages_follow_each_other_names_are_masked_and_the_erased_are_gone()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var people = await SeeAsync(shop);
        await FindAsync(shop);

        var page = await ListAsync(shop);
        var seen = (await AllAsync(shop)).ConvertAll(p => (p.Proposal.FirstId, p.Proposal.OtherId));

        page.Proposals.Count.ShouldBe(10);
        seen.ShouldBeUnique();
        seen.Count.ShouldBe((int)await shop.CountAsync("customers_proposals"));
        seen.Count.ShouldBeGreaterThan(20);
        var masked = await shop.UseAsync<ListProposals, ListProposals.Page>(l => l.RunAsync(null, null, default), Agent(CustomersPermissions.ReadPersonal));
        masked.Proposals.ShouldAllBe(p => p.First.Profile.Name!.Contains('•') && p.Other.Profile.Phone!.StartsWith('•'));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ListProposals>(l => l.RunAsync(null, null, default), Agent(CustomersPermissions.Edit)));

        var pair = page.Proposals[0].Proposal;
        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(pair.OtherId, "ERASE"), default));
        (await shop.CountAsync("customers_proposals")).ShouldBeLessThan(seen.Count);
    }

    private static Task<ProposalCard?> FindAsync(TestShop shop) => shop.UseAsync<FindProposals, ProposalCard?>(f => f.RunAsync(again: true, default));

    private static Task<ListProposals.Page> ListAsync(TestShop shop, string? after = null) => shop.UseAsync<ListProposals, ListProposals.Page>(l => l.RunAsync(after, null, default));

    /// <summary>Page after page.</summary>
    private static async Task<List<ProposalView>> AllAsync(TestShop shop)
    {
        var all = new List<ProposalView>();
        for (var page = await ListAsync(shop); ; page = await ListAsync(shop, page.Next))
        {
            all.AddRange(page.Proposals);
            if (page.Next is null)
            {
                return all;
            }
        }
    }

    /// <summary>Some dozens of people, every third with a second number in the shop and a slip in the name or phone; two of one household; somebody with a Chinese name.</summary>
    private static async Task<Dictionary<string, Guid>> SeeAsync(TestShop shop)
    {
        var claims = new List<(string Key, PersonDetails Details)>
        {
            ("ann", new("Annabel Oakwood", "annabel.oakwood@example.com", "+445550101777", "GB")),
            ("bob", new("Robert Oakwood", null, "+445550101777", "GB")), ("wang", new("王小明", "wxm@example.com", "+8613800138111", "CN")), ("wang2", new("王小明", null, "+8613800138111", "CN")),
        };
        for (var i = 0; i < 90; i++)
        {
            var random = new SeededRandom((ulong)i);
            string given = Word(new SeededRandom((ulong)random.Next(40))), surname = Word(random), phone = "+44" + random.Next(999_999_999).ToString("000000000", System.Globalization.CultureInfo.InvariantCulture);
            claims.Add(($"{i}", new($"{given} {surname}", $"{given}{i}@example.com", phone, "GB")));
            if (i % 3 == 0)
            {
                claims.Add(($"{i}b", new(i % 2 == 0 ? $"{given} {surname.Remove(2, 1)}" : $"{given} {surname}", null, phone, "GB")));
            }
        }
        var seen = await shop.SeeAsync([.. claims.Select(c => PeopleTest.External(c.Key, c.Details))]);
        var later = await shop.SeeAsync([PeopleTest.External("ann2", new("Anabel Oakwood", "a.oakwood@example.com", "+445550101777", "GB"))], at: CustomersInShop.Day.AddDays(1));
        return claims.Select(c => c.Key).Append("ann2").Zip(seen.Concat(later)).ToDictionary(c => c.First, c => c.Second.SubjectId);
    }

    private static string Word(SeededRandom random) => string.Concat(Enumerable.Range(0, 3).Select(_ => $"{"bdfgklmnprstvz"[random.Next(14)]}{"aeiou"[random.Next(5)]}")) + "bdfgklmnprstvz"[random.Next(14)];

    private static (Guid, Guid) Pair(Guid one, Guid other) => one.CompareTo(other) < 0 ? (one, other) : (other, one);

    private static async Task<Guid> CustomerOfAsync(TestShop shop, Guid subject) =>
        (await shop.UseAsync<ICustomers, IReadOnlyDictionary<Guid, Guid>>(c => c.CustomersOfAsync([subject], default)))[subject];

    private static Actor Agent(Permission without) => new(Id.New(), "agent", Role.Agent, p => p != without);
}
