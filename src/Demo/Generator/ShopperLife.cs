using Wellmet.Demo.Contract;
using Wellmet.Science.Statistics;

namespace Wellmet.Demo.Generator;

/// <summary>How somebody uses the shop.</summary>
internal enum Persona
{
    /// <summary>Looks around and buys nothing.</summary>
    Visitor,
    Once,
    Occasional,
    Loyal,

    /// <summary>Came often, and stopped in the middle of the time.</summary>
    Lapsed,
}

/// <summary>One person's time with the demo shop, lived from the first visit to the end of the plan.</summary>
internal sealed class ShopperLife
{
    /// <summary>Share of each persona, and mean days between two reasons to order.</summary>
    private static readonly (double Share, double Gap)[] Personas = [(0.2, 0), (0.44, 0), (0.22, 170), (0.07, 75), (0.07, 45)];

    private const int MostOrders = 12, MostClocks = 2;
    private const double Regular = 0.5, Churn = 0.15, ClockSpread = 0.16;

    private readonly DemoPlan plan;
    private readonly int number;
    private readonly SeededRandom random;
    private readonly Persona persona;
    private readonly BasketChoice baskets;
    private readonly List<(DateTimeOffset Due, int Product)> clocks = [];
    private readonly List<DemoVisit> visits = [];
    private readonly List<DemoOrder> orders = [];
    private readonly DateTimeOffset until;

    public ShopperLife(DemoPlan plan, string country, int number, SeededRandom random)
    {
        (this.plan, this.number, this.random) = (plan, number, random);
        persona = (Persona)Pick.Of(random, Personas.Length, p => Personas[p].Share);
        // The shop grows: the later, the more people come for the first time.
        var first = Moment((plan.Now - plan.Start).TotalDays * Math.Pow(random.NextDouble(), persona == Persona.Lapsed ? 1.6 : 0.8));
        FirstSeenAt = first < plan.Now ? first : plan.Now.AddMinutes(-random.Next(600));
        until = persona == Persona.Lapsed ? FirstSeenAt + ((plan.Now - FirstSeenAt) / 2) : plan.Now;
        baskets = new BasketChoice(country, random);
    }

    public DateTimeOffset FirstSeenAt { get; }
    public IReadOnlyList<DemoVisit> Visits => visits;
    public IReadOnlyList<DemoOrder> Orders => orders;

    public void Live()
    {
        Browse(FirstSeenAt);
        if (persona == Persona.Visitor)
        {
            return;
        }
        var reason = Later(FirstSeenAt, Pick.Wait(random, persona == Persona.Once ? 4 : 2) + 0.01);
        while (orders.Count < MostOrders)
        {
            var (due, clock) = NextClock();
            var at = due < reason ? due : reason;
            if (at >= until)
            {
                break;
            }
            Order(at, clock >= 0 && due <= reason ? clock : null);
            if (at == reason)
            {
                reason = persona == Persona.Once ? DateTimeOffset.MaxValue : Later(reason, Pick.Wait(random, Personas[(int)persona].Gap) + 1);
            }
        }
        visits.Sort((a, b) => a.At.CompareTo(b.At));
    }

    private (DateTimeOffset Due, int Index) NextClock()
    {
        var next = (Due: DateTimeOffset.MaxValue, Index: -1);
        for (var i = 0; i < clocks.Count; i++)
        {
            next = clocks[i].Due < next.Due ? (clocks[i].Due, i) : next;
        }
        return next;
    }

    /// <param name="clock">What is used up; null for an order with another reason.</param>
    private void Order(DateTimeOffset at, int? clock)
    {
        var items = new List<DemoItem>();
        if (clock is { } index)
        {
            items.Add(new DemoItem(clocks[index].Product, Quantity(clocks[index].Product)));
            Wind(index, at);
        }
        if (clock is null || Pick.Chance(random, 0.2))
        {
            baskets.Fill(items, at.Month, clock is null ? 1 + Pick.Of(random, 4, n => BasketChoice.Sizes[n]) : 1, Quantity);
        }
        StartClocks(items, at);
        LookFirst(items, at);
        orders.Add(new OrderFate(plan, random).Of($"D{1_000_000 + number}-{orders.Count + 1}", at, items));
        if (Pick.Chance(random, 0.2))
        {
            Browse(Later(at, 1 + Pick.Wait(random, 10)));
        }
    }

    /// <summary>Some come back for what they used up; some stop one day.</summary>
    private void StartClocks(List<DemoItem> items, DateTimeOffset at)
    {
        foreach (var item in items.Where(i => Habits.Clocks.ContainsKey(Catalogue.TypeOf(i.Product).Name) && clocks.TrueForAll(c => c.Product != i.Product)))
        {
            if (persona != Persona.Once && clocks.Count < MostClocks && Pick.Chance(random, Regular))
            {
                clocks.Add((default, item.Product));
                Wind(clocks.Count - 1, at);
            }
        }
    }

    private void Wind(int index, DateTimeOffset at)
    {
        var product = clocks[index].Product;
        var days = Habits.Clocks[Catalogue.TypeOf(product).Name] * Pick.About(random, ClockSpread);
        clocks[index] = (Pick.Chance(random, Churn) ? DateTimeOffset.MaxValue : at + TimeSpan.FromSeconds((long)(days * 86_400)), product);
    }

    private long Quantity(int product) => Habits.Clocks.ContainsKey(Catalogue.TypeOf(product).Name) && Pick.Chance(random, 0.3) ? 2 + random.Next(2)
        : Pick.Chance(random, 0.06) ? 2 : 1;

    /// <summary>Everything that is bought was looked at; about half of the carts are told, too.</summary>
    private void LookFirst(List<DemoItem> items, DateTimeOffset at)
    {
        foreach (var item in items)
        {
            See(at.AddMinutes(-5 - random.Next(50)), item.Product, false);
        }
        if (Pick.Chance(random, 0.5))
        {
            See(at.AddMinutes(-4), items[0].Product, true);
        }
    }

    private void Browse(DateTimeOffset at)
    {
        var looks = 1 + random.Next(2);
        for (var look = 0; look < looks; look++)
        {
            See(at.AddMinutes(2 * look), baskets.Interesting(at.Month), Pick.Chance(random, 0.12));
        }
    }

    private void See(DateTimeOffset at, int product, bool intoCart)
    {
        if (at <= plan.Now)
        {
            visits.Add(new DemoVisit(at < FirstSeenAt ? FirstSeenAt : at, product, intoCart));
        }
    }

    private DateTimeOffset Later(DateTimeOffset from, double days)
    {
        var at = Moment((from - plan.Start).TotalDays + days);
        return at > from ? at : from.AddMinutes(20 + random.Next(60));
    }

    /// <summary>A time of day at which people are awake, in whole seconds.</summary>
    private DateTimeOffset Moment(double days)
    {
        var day = plan.Start.AddDays(Math.Floor(days));
        return new DateTimeOffset(day.Year, day.Month, day.Day, 0, 0, 0, TimeSpan.Zero).AddSeconds((6 * 3600) + random.Next(16 * 3600));
    }
}
