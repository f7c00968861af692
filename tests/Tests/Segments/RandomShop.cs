using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Science.Statistics;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Rules;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Segments;

/// <summary>A shop in which rules are edited, things happen, customers are put on a list and taken off it, merged and parted, at random; and who belongs is compared with why, now and at moments of the past.</summary>
internal sealed class RandomShop(TestShop shop, int seed)
{
    private const int People = 9, Segments = 5;
    private readonly SeededRandom random = new((ulong)seed);
    private readonly List<Guid> segments = [];
    private readonly List<(DateTimeOffset At, HashSet<(Guid Customer, Guid Segment)> Members, List<Guid> Customers)> past = [];
    private List<Guid> people = [];
    private Guid list;

    /// <summary>How many answers were compared.</summary>
    public int Compared { get; private set; }

    public async Task PlayAsync(int edits)
    {
        people = [.. (await shop.SeeAsync([.. Enumerable.Range(0, People).Select(i => CollectionInShop.External($"person {i}"))])).Select(p => p.SubjectId)];
        list = await ListsTest.ListAsync(shop, "List");
        for (var edit = 1; edit <= edits; edit++)
        {
            await StepAsync(edit);
            if (edit % 10 == 0)
            {
                await CompareAsync();
            }
        }
        // Both answers are common, or nothing was compared.
        Assert.InRange(past.Sum(p => p.Members.Count), past.Sum(p => p.Customers.Count), past.Sum(p => p.Customers.Count * Segments));
        foreach (var (at, members, customers) in past)
        {
            await CompareAsync(members, customers, at);
        }
    }

    private async Task StepAsync(int edit)
    {
        for (var i = random.Next(4); i > 0; i--)
        {
            await TellAsync();
        }
        if (random.Next(6) == 0)
        {
            await MoveAsync();
        }
        if (random.Next(2) == 0)
        {
            await ListsTest.ChangeAsync(shop, list, on: random.Next(2) == 0, people[random.Next(People)], people[random.Next(People)]);
        }
        var segment = segments.Count < Segments ? null : (Guid?)segments[random.Next(Segments)];
        var rule = new RandomRules(seed * 100_000 + edit).Rule();
        // Some name another segment: an earlier one, so that there is no circle.
        if (segment is { } own && segments.IndexOf(own) is var place and > 0 && random.Next(4) == 0)
        {
            rule = new AnyOf([rule, new Not(new InSegment(segments[random.Next(place)]))]);
        }
        // And some the list.
        rule = random.Next(5) == 0 ? new AllOf([new Not(new InSegment(list)), rule]) : random.Next(5) == 0 ? new AnyOf([new InSegment(list), rule]) : rule;
        var id = await shop.UseAsync<SaveSegment, Guid>(s => s.RunAsync(segment, new SegmentDraft($"Segment {(segment is null ? segments.Count : segments.IndexOf(segment.Value))}", "", rule), default));
        if (segment is null)
        {
            segments.Add(id);
        }
    }

    /// <summary>What the random rules ask about, as the shop would tell it; some of it late, some taken back.</summary>
    private Task TellAsync()
    {
        var facts = new RandomRules(random.Next(1_000_000)).Facts(4);
        var subject = people[random.Next(People)];
        return shop.TellAsync([.. facts.Where(f => f.At <= Fact.Milliseconds(TimeProvider.System.GetUtcNow())).Select(f => EventOf(subject, f))]);
    }

    private static ILogEvent EventOf(Guid subject, Fact fact)
    {
        var at = Fact.Time(fact.At) + (TimeProvider.System.GetUtcNow() - RandomRules.Now);
        if (fact.Kind.StartsWith(FactKinds.Trait, StringComparison.Ordinal))
        {
            return new TraitsTold(subject, at, (int)fact.Properties[^1].Value.Number!.Value, new Dictionary<string, string?> { [fact.Kind[FactKinds.Trait.Length..]] = fact.Properties.Count > 1 ? fact.Properties[0].Value.Text : null });
        }
        var properties = new EventProperties(System.Text.Json.JsonSerializer.Serialize(fact.Properties.ToDictionary(p => p.Name, p => (object)(p.Value.Text is { } text ? text : p.Value.Number!))));
        var source = new CollectedFacts(Id.New(), null, Id.New().ToString(), Trusted: true, Anonymous: false, properties, null);
        return fact.Kind == FactKinds.OrderPlaced
            ? new OrderPlaced(subject, at, Id.New(), Id.New().ToString(), Guid.Empty, "EUR", 1000, 2, null, Anonymous: false, [])
            : new ShopEventCollected(subject, at, fact.Kind, source);
    }

    private async Task MoveAsync()
    {
        var merges = await shop.Database.ReadAsync(s => s.QueryAsync("select subject_id, merge_id from customers_merges", null, r => new UnmergeCustomer.Request(r.Guid(0), r.Guid(1)), default), default);
        try
        {
            if (merges.Count > 0 && random.Next(2) == 0)
            {
                await shop.UseAsync<UnmergeCustomer>(u => u.RunAsync(merges[random.Next(merges.Count)], default));
            }
            else
            {
                await shop.UseAsync<MergeCustomers>(m => m.RunAsync(new(people[random.Next(People)], people[random.Next(People)], MergeReason.CustomerSaidSo), default));
            }
        }
        catch (ProblemException e) when (e.Code == "customer_same")
        {
        }
    }

    private async Task CompareAsync()
    {
        await shop.DrainAsync();
        await MembershipTest.FilledAsync(shop.Database);
        await shop.DrainAsync();
        var members = await MembersAsync();
        var customers = (await shop.UseAsync<ICustomers, IReadOnlyDictionary<Guid, Guid>>(c => c.CustomersOfAsync(people, default))).Values.Distinct().ToList();
        Assert.Empty(members.Select(m => m.Customer).Except(customers));
        await CompareAsync(members, customers, null);
        await Task.Delay(3);
        past.Add((TimeProvider.System.GetUtcNow(), members, customers));
        await Task.Delay(3);
    }

    private async Task CompareAsync(HashSet<(Guid Customer, Guid Segment)> members, List<Guid> customers, DateTimeOffset? at)
    {
        foreach (var customer in customers)
        {
            foreach (var segment in segments.Append(list))
            {
                var why = await shop.UseAsync<ExplainMembership, ExplainedMembership?>(e => e.RunAsync(segment, customer, at, default));
                Assert.True((why?.Why.Holds ?? false) == members.Contains((customer, segment)) , $"seed {seed}, {customer} in {segment} at {at:O}: {System.Text.Json.JsonSerializer.Serialize(why?.Why.Rule is { } rule ? RuleJson.Write(rule) : "nothing")}");
                Compared++;
            }
        }
    }

    private async Task<HashSet<(Guid Customer, Guid Segment)>> MembersAsync() =>
        [.. await shop.Database.ReadAsync(s => s.QueryAsync("select subject_id, segment_id from segments_members", null, r => (r.Guid(0), r.Guid(1)), default), default)];
}
