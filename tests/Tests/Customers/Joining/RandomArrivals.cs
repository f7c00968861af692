using System.Globalization;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Joining;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Science.Statistics;
using Wellmet.Tests.Customers.Collection;

namespace Wellmet.Tests.Customers.Joining;

/// <summary>
/// One made-up story of a small shop: people who share devices and mailboxes, sign in, order, are imported, are merged and parted by staff. It is told several times, under other names and in another order of arrival,
/// between the same acts of staff; who is one customer is asked of a model that knows nothing but the rules.
/// </summary>
internal sealed class RandomArrivals(TestShop shop, ulong seed)
{
    private const int Users = 4, Browsers = 5, Mails = 2, Copies = 2;

    /// <summary>Narrow ones, so that each of them is often met.</summary>
    public static readonly JoinRules Rules = new(
        [new(JoinRules.Email, JoinWhen.Verified, 1, 3), new(JoinRules.Phone, JoinWhen.Never, 1, 1), new(JoinRules.Device, JoinWhen.Never, 1, 1), new(JoinRules.Browser, JoinWhen.Verified, 2, 3)],
        MostAccounts: 2, MostBrowsers: 3, BrowserDays: 2);

    private static readonly DateTimeOffset Start = new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SeededRandom random = new(seed);
    private readonly ArrivalModel model = new(Rules);

    /// <summary>For each rule how often the model met it, so that a test that tests nothing is seen.</summary>
    public IReadOnlyDictionary<string, int> Met => model.Met;

    public async Task PlayAsync()
    {
        var minutes = new Queue<int>(Enumerable.Range(0, 60).OrderBy(_ => random.NextBits()).Select(i => i * 143));
        var told = new List<Told>();
        for (var copy = 0; copy < Copies; copy++)
        {
            await BeginAsync(copy);
        }
        foreach (var length in new[] { 10, 8, 6 })
        {
            var phase = Enumerable.Range(0, length).Select(i => Message(told.Count + i, minutes.Dequeue())).ToList();
            told.AddRange(phase);
            phase.ForEach(model.Hear);
            for (var copy = 0; copy < Copies; copy++)
            {
                await TellAsync(copy, [.. phase.OrderBy(_ => random.NextBits())]);
                (await GroupsAsync(copy)).ShouldBe(model.Groups(Names), $"seed {seed}, copy {copy}, after {told.Count} messages");
            }
            await ActAsync();
        }
        for (var copy = 0; copy < Copies; copy++)
        {
            (await GroupsAsync(copy)).ShouldBe(model.Groups(Names), $"seed {seed}, copy {copy}, after the last act");
        }
    }

    /// <summary>Figures and traits are the same in each copy, once receivers have come to rest.</summary>
    /// <returns>How many of the customers ordered.</returns>
    public async Task<int> CompareAsync()
    {
        var first = await FiguresAsync(0);
        for (var copy = 1; copy < Copies; copy++)
        {
            (await FiguresAsync(copy)).ShouldBe(first, $"seed {seed}");
        }
        return first.Count(l => !l.Contains("orders 0", StringComparison.Ordinal));
    }

    private static readonly IReadOnlyList<string> Names =
        [.. Enumerable.Range(0, Users).Select(i => $"u{i}"), .. Enumerable.Range(0, Browsers).Select(i => $"b{i}"), .. Enumerable.Range(0, Mails).Select(i => $"m{i}")];

    private string In(int copy, string name) => name[0] == 'm' ? $"{name}.{seed}.{copy}@example.com" : $"{name}-{seed}-{copy}";

    private static PersonClaim Claim(string name, string value, PersonDetails? details = null) =>
        new(name[0] switch { 'u' => IdentityKind.ExternalId, 'b' => IdentityKind.AnonymousId, _ => IdentityKind.Email }, value, details ?? new PersonDetails());

    /// <summary>Everybody was there before, so that staff can act on them.</summary>
    private Task BeginAsync(int copy) => shop.SeeAsync([.. Names.Select(n => Claim(n, In(copy, n)))], at: Start.AddDays(-1));

    private Told Message(int number, int minute)
    {
        var (user, browser, mail) = ($"u{random.Next(Users)}", $"b{random.Next(Browsers)}", $"m{random.Next(Mails)}");
        return random.Next(10) switch
        {
            < 5 => new Told(number, minute, What.SignedIn, user, browser),
            5 or 6 => new Told(number, minute, What.ProvedMail, user, mail),
            7 => new Told(number, minute, What.Ordered, random.Next(2) == 0 ? user : browser, null),
            8 => new Told(number, minute, What.Imported, user, null),
            _ => new Told(number, minute, What.SaidCountry, user, browser),
        };
    }

    /// <summary>In requests of one to four messages.</summary>
    private async Task TellAsync(int copy, List<Told> messages)
    {
        while (messages.Count > 0)
        {
            var now = messages.Take(1 + random.Next(4)).ToList();
            messages.RemoveRange(0, now.Count);
            foreach (var told in now.Where(t => t.What == What.Imported))
            {
                await shop.SeeAsync([Claim(told.Who, In(copy, told.Who), new PersonDetails($"Name {told.Number}", Country: told.Country))], Id.New(), told.At);
            }
            if (now.Exists(t => t.What != What.Imported))
            {
                await shop.CollectAsync(now.Where(t => t.What != What.Imported).Select(t => Call(copy, t)));
            }
        }
    }

    private object Call(int copy, Told told)
    {
        var (id, who, with) = ($"{seed}-{copy}-{told.Number}", In(copy, told.Who), told.With is null ? null : In(copy, told.With));
        var (user, browser) = told.Who[0] == 'b' ? (null, who) : (who, told.With?[0] == 'b' ? with : null);
        var timestamp = told.At.ToString("O", CultureInfo.InvariantCulture);
        return told.What switch
        {
            What.Ordered => new { type = "track", messageId = id, userId = user, anonymousId = browser, timestamp, @event = "Order Completed", properties = new { order_id = id, revenue = 10 + told.Number, currency = "EUR" } },
            What.ProvedMail => new { type = "identify", messageId = id, userId = user, timestamp, traits = new { email = with } },
            What.SaidCountry => new { type = "identify", messageId = id, userId = user, anonymousId = browser, timestamp, traits = new { country = told.Country } },
            _ => new { type = "track", messageId = id, userId = user, anonymousId = browser, timestamp, @event = "Signed In" },
        };
    }

    /// <summary>Staff do the same in each copy, on what they see there.</summary>
    private async Task ActAsync()
    {
        var (one, other) = ($"u{random.Next(Users)}", $"u{random.Next(Users)}");
        if (random.Next(2) == 0 && model.MergeByStaff(one, other))
        {
            await EachAsync(async copy => await shop.UseAsync<MergeCustomers>(async m => await m.RunAsync(new(await SubjectAsync(copy, one), await SubjectAsync(copy, other), MergeReason.CustomerSaidSo), default)));
        }
        var parted = random.Next(2) == 0 ? $"b{random.Next(Browsers)}" : $"u{random.Next(Users)}";
        if (random.Next(2) == 0 && model.PartByStaff(parted))
        {
            await EachAsync(async copy =>
            {
                var subject = await SubjectAsync(copy, parted);
                var merge = await shop.Database.ReadAsync(s => s.FirstAsync("select merge_id from customers_merges where subject_id = @subject", new { subject }, r => r.Guid(0), default), default);
                await shop.UseAsync<UnmergeCustomer>(u => u.RunAsync(new(subject, merge), default));
            });
        }
    }

    private static async Task EachAsync(Func<int, Task> act)
    {
        for (var copy = 0; copy < Copies; copy++)
        {
            await act(copy);
        }
    }

    private async Task<Guid> SubjectAsync(int copy, string name) => (await SubjectsAsync(copy))[name];

    private async Task<Dictionary<string, Guid>> SubjectsAsync(int copy)
    {
        var people = await shop.UseAsync<ICustomers, IReadOnlyList<ResolvedPerson>>(c => c.ResolveAsync([.. Names.Select(n => Claim(n, In(copy, n)))], null, default));
        return Names.Zip(people).ToDictionary(p => p.First, p => p.Second.SubjectId);
    }

    private async Task<Dictionary<string, Guid>> CustomersAsync(int copy)
    {
        var subjects = await SubjectsAsync(copy);
        var customers = await shop.UseAsync<ICustomers, IReadOnlyDictionary<Guid, Guid>>(c => c.CustomersOfAsync(subjects.Values, default));
        return subjects.ToDictionary(s => s.Key, s => customers[s.Value]);
    }

    private async Task<string> GroupsAsync(int copy) => ArrivalModel.Text((await CustomersAsync(copy)).GroupBy(c => c.Value, c => c.Key));

    /// <summary>Of each group its row in lists, by names instead of ids, and what is said of it.</summary>
    private async Task<List<string>> FiguresAsync(int copy)
    {
        var (subjects, customers) = (await SubjectsAsync(copy), await CustomersAsync(copy));
        return await shop.Database.ReadAsync(async s =>
        {
            var rows = (await s.QueryAsync("select subject_id, anonymous, country, orders, revenue_minor, first_order_at, last_order_at from customers_summaries where subject_id in @ids", new { ids = customers.Values.Distinct() },
                r => (Id: r.Guid(0), Text: $"{r.Bool(1)} {r.TextOrNull(2)} orders {r.Long(3)} {r.Long(4)} {r.TimeOrNull(5):O} {r.TimeOrNull(6):O}"), default)).ToDictionary(r => r.Id, r => r.Text);
            var traits = (await s.QueryAsync("select subject_id, name, said_at, code from customers_traits where subject_id in @ids order by name", new { ids = subjects.Values },
                r => (Id: r.Guid(0), Text: $"{r.Text(1)} {r.Time(2):O} {r.TextOrNull(3)}"), default)).ToLookup(r => r.Id, r => r.Text);
            return customers.GroupBy(c => c.Value, c => c.Key).OrderBy(g => g.Min(StringComparer.Ordinal), StringComparer.Ordinal)
                .Select(g => $"{string.Join(' ', g.Order(StringComparer.Ordinal))}: {rows[g.Key]}; {string.Join(", ", g.Order(StringComparer.Ordinal).SelectMany(n => traits[subjects[n]]))}").ToList();
        }, default);
    }

    internal enum What
    {
        SignedIn,
        ProvedMail,
        Ordered,
        Imported,
        SaidCountry,
    }

    /// <param name="Minute">Different for each: two that happen at once are decided by their messages, whose names differ between the copies.</param>
    internal sealed record Told(int Number, int Minute, What What, string Who, string? With)
    {
        public DateTimeOffset At => Start.AddMinutes(Minute);

        public string Country => Number % 2 == 0 ? "DE" : "FR";
    }
}
