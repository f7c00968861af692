using Wellmet.Demo.Contract;
using Wellmet.Science.Statistics;

namespace Wellmet.Demo.Generator;

/// <summary>What a demo shop is made from; equal plans make equal shops.</summary>
/// <param name="Customers">1 to <see cref="MostCustomers"/>.</param>
/// <param name="Months">1 to <see cref="MostMonths"/>, ending at <paramref name="Now"/>.</param>
/// <param name="Now">UTC; nothing happens after it.</param>
public sealed record DemoPlan(int Customers, int Months, ulong Seed, DateTimeOffset Now)
{
    public const int DefaultCustomers = 2_000, DefaultMonths = 18, MostCustomers = 5_000_000, MostMonths = 60;
    public const ulong DefaultSeed = 20_25;

    public DateTimeOffset Start => Now.AddMonths(-Months);
}

/// <summary>
/// Makes the people of a demo shop and everything they do in it, one after the other, so that a million never are in memory. Pure: each of them
/// depends on the plan and on their number alone, and so not on who came before or in how large batches they are asked for.
/// </summary>
public sealed class DemoGenerator(DemoPlan plan)
{
    private const ulong Spread = 0xD1B54A32D192ED03UL;

    /// <param name="from">Number of the first; 0 to <see cref="DemoPlan.Customers"/>.</param>
    public IEnumerable<DemoShopper> Shoppers(int from, int count)
    {
        var last = Math.Min(plan.Customers, from + count);
        for (var number = from; number < last; number++)
        {
            yield return Shopper(number);
        }
    }

    private DemoShopper Shopper(int number)
    {
        // Numbers that follow each other must not give sequences that overlap: the seed of each is itself drawn at random.
        var random = new SeededRandom(new SeededRandom(plan.Seed ^ ((ulong)number * Spread)).NextBits());
        var country = People.CountryOf(random);
        var (name, email) = People.NameOf(country, number, random);
        var life = new ShopperLife(plan, country.Code, number, random);
        life.Live();
        return new DemoShopper(name, email, country.Code, country.Locale, life.FirstSeenAt, life.Visits, life.Orders) { Letters = Letters(life, random.NextDouble()) };
    }

    /// <summary>Half ask for letters in a form, and of those who bought a quarter did not refuse them then.</summary>
    private static DemoLetters? Letters(ShopperLife life, double drawn) =>
        drawn < 0.5 ? new DemoLetters(life.FirstSeenAt, false) : drawn < 0.75 && life.Orders is [var first, ..] ? new DemoLetters(first.PlacedAt, true) : null;
}
