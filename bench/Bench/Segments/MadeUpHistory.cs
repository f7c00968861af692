using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Science.Statistics;

namespace Wellmet.Bench.Segments;

/// <summary>Customers with about twenty events each over four hundred days: looks at products, baskets, pages, orders. The same for the same seed.</summary>
internal sealed class MadeUpHistory(ulong seed, DateTimeOffset now)
{
    private static readonly string[] Countries = ["DE", "FR", "CN", "GB", "AT", "NL"];
    private readonly SeededRandom random = new(seed);
    private readonly Guid source = Id.New();

    /// <summary>All events of one customer, earliest first.</summary>
    public List<ILogEvent> Of(Guid subject, int events)
    {
        var times = Enumerable.Range(0, events).Select(_ => now.AddMilliseconds(-random.NextDouble() * TimeSpan.FromDays(400).TotalMilliseconds)).Order().ToList();
        var told = new List<ILogEvent>(events) { new CustomerAppeared(subject, times[0], "live", Anonymous: false) { Traits = new Dictionary<string, string?> { ["country"] = Countries[random.Next(Countries.Length)] } } };
        foreach (var at in times.Skip(1))
        {
            told.Add(Next(subject, Milliseconds(at)));
        }
        return told;
    }

    private ILogEvent Next(Guid subject, DateTimeOffset at) => random.Next(20) switch
    {
        0 => new OrderPlaced(subject, at, Id.New(), $"N{random.Next(1_000_000)}", source, "EUR", 500 + random.Next(20_000), 2, null, Anonymous: false,
            [new OrderedProduct(ProductOf(random.Next(400)), 1, 500), new OrderedProduct(ProductOf(random.Next(400)), 1, 700)]),
        < 4 => new EventCollected(subject, at, CollectedKind.Page, "", Facts($$"""{"path":"{{(random.Next(4) == 0 ? "/sale/" : "/shop/")}}{{random.Next(50)}}"}""")),
        < 7 => Product(subject, at, "Product Added"),
        _ => Product(subject, at, "Product Viewed"),
    };

    private ShopEventCollected Product(Guid subject, DateTimeOffset at, string name)
    {
        var product = random.Next(400);
        return new ShopEventCollected(subject, at, name, Facts($$"""{"name":"Product number {{product}}","price":{{5 + (product % 95)}}.99,"category":"type {{product % 25}}","currency":"EUR","product_id":"P{{product}}"}"""));
    }

    private CollectedFacts Facts(string properties) => new(source, null, Id.New().ToString(), Trusted: true, Anonymous: false, new EventProperties(properties), null);

    private static Guid ProductOf(int number) => new(number, 7, 7, [0, 0, 0, 0, 0, 0, 0, 1]);

    /// <summary>The precision in which rules see time.</summary>
    private static DateTimeOffset Milliseconds(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
