using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Recommendations.Models;
using Wellmet.Science.Predictions;

namespace Wellmet.Recommendations.Intent;

/// <summary>What somebody did in a visit.</summary>
internal enum StepKind : byte
{
    Product,
    List,
    Search,
    Other,
    BasketAdd,
    BasketRemove,
    Checkout,

    /// <summary>Ends the visit.</summary>
    Order,
}

/// <param name="Time">Seconds since 1970-01-01 UTC.</param>
/// <param name="Product">Tells products apart; 0 for none.</param>
/// <param name="Hundredths">Price times pieces, in hundredths of the currency; 0 where it is not told.</param>
/// <param name="Known">Somebody is known behind the subject.</param>
internal readonly record struct VisitStep(Guid Subject, long Time, StepKind Kind, int Product, long Hundredths, bool Known)
{
    private const decimal MostMoney = 1e9m;

    /// <summary>What is read from the log, beside orders.</summary>
    public static readonly Type[] Events = [typeof(ShopEventCollected), typeof(EventCollected)];

    /// <summary>Null for an event that is no step of a visit.</summary>
    public static VisitStep? Of(ILogEvent happened) => happened switch
    {
        ShopEventCollected told => Told(told),
        EventCollected { Kind: CollectedKind.Page or CollectedKind.Screen } page => new(page.SubjectId, Seconds(page), StepKind.Other, 0, 0, !page.Source.Anonymous),
        OrderPlaced order => new(order.SubjectId, Seconds(order), StepKind.Order, 0, 0, !order.Anonymous),
        _ => null,
    };

    /// <summary>Where it happened; null where it is not told.</summary>
    public static Guid? StorefrontOf(ILogEvent happened) => happened switch
    {
        ShopEventCollected told => told.Source.StorefrontId,
        EventCollected page => page.Source.StorefrontId,
        OrderPlaced order => order.StorefrontId,
        _ => null,
    };

    private static VisitStep Told(ShopEventCollected told)
    {
        var kind = told.Name switch
        {
            "Product Viewed" => StepKind.Product,
            "Product List Viewed" => StepKind.List,
            "Products Searched" => StepKind.Search,
            "Product Added" => StepKind.BasketAdd,
            "Product Removed" => StepKind.BasketRemove,
            "Checkout Started" => StepKind.Checkout,
            _ => StepKind.Other,
        };
        var root = told.Source.Properties.Root;
        var product = kind == StepKind.Product && ProductSignal.CodeOf(root) is { } code ? code.GetHashCode(StringComparison.Ordinal) : 0;
        return new(told.SubjectId, Seconds(told), kind, product, kind is StepKind.BasketAdd or StepKind.BasketRemove ? Money(told.Source.Properties) : 0, !told.Source.Anonymous);
    }

    private static long Money(EventProperties properties)
    {
        var (price, pieces) = (EventProperties.NumberIn(properties.Root, "price") ?? 0, EventProperties.NumberIn(properties.Root, "quantity") ?? 1);
        return price < 0 || price > MostMoney || pieces < 0 || pieces > MostMoney ? 0 : (long)Math.Min(MostMoney, price * pieces * 100);
    }

    private static long Seconds(ILogEvent happened) => happened.OccurredAt.ToUnixTimeSeconds();
}

/// <summary>A visit: some steps of a customer without a pause longer than half an hour, up to an order where there is one.</summary>
/// <param name="First">The first of the steps.</param>
/// <param name="Count">Steps, the order not counted; at least 1.</param>
/// <param name="Last">Time of the last of them.</param>
internal readonly record struct Visit(int First, int Count, long Began, long Last, bool Ordered);

/// <summary>What one customer did, as visits, and how a visit stood after some of its steps.</summary>
internal sealed class CustomerVisits
{
    /// <summary>Who does nothing for so long has left.</summary>
    public const long Pause = ViewHistory.Pause;

    /// <summary>Who was here within so many days before comes again.</summary>
    public const int ReturningDays = 30;

    private readonly VisitStep[] steps;
    private readonly TimeZoneInfo zone;

    /// <param name="steps">In any order.</param>
    /// <param name="zone">The shop's.</param>
    public CustomerVisits(IEnumerable<VisitStep> steps, TimeZoneInfo zone)
    {
        // An order is told last of what happened in its second.
        this.steps = [.. steps.OrderBy(s => s.Time).ThenBy(s => s.Kind)];
        this.zone = zone;
        All = Split();
    }

    /// <summary>Earliest first.</summary>
    public IReadOnlyList<Visit> All { get; }

    /// <summary>The visit that runs at a time (seconds since 1970-01-01 UTC); null where the last one ended.</summary>
    public Visit? RunningAt(long time) => All is [.., var last] && !last.Ordered && time - last.Last <= Pause ? last : null;

    /// <summary>
    /// How a visit stood right after its first steps. Earlier visits and orders are those of who was known by then: a visitor who says only at the checkout who they are is somebody new until then.
    /// </summary>
    /// <param name="count">Of its steps; at least 1.</param>
    public SessionFeatures After(Visit visit, int count)
    {
        var done = steps.AsSpan(visit.First, count);
        var (kinds, products, subjects, basket) = (new int[Enum.GetValues<StepKind>().Length], new HashSet<int>(), new HashSet<Guid>(), 0L);
        var known = false;
        foreach (var step in done)
        {
            kinds[(int)step.Kind]++;
            subjects.Add(step.Subject);
            known |= step.Known;
            basket += step.Kind == StepKind.BasketAdd ? step.Hundredths : step.Kind == StepKind.BasketRemove ? -step.Hundredths : 0;
            if (step.Kind == StepKind.Product)
            {
                products.Add(step.Product);
            }
        }
        var seconds = done[^1].Time - visit.Began;
        var (returning, orders) = (false, 0);
        foreach (var step in steps.AsSpan(0, visit.First))
        {
            var same = known || subjects.Contains(step.Subject);
            orders += same && step.Kind == StepKind.Order ? 1 : 0;
            returning |= same && (step.Kind == StepKind.Order || step.Time >= visit.Began - (ReturningDays * 86_400L));
        }
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(done[^1].Time), zone);
        return new SessionFeatures(seconds, count == 1 ? double.NaN : (double)seconds / (count - 1), kinds[(int)StepKind.Product], products.Count, kinds[(int)StepKind.List], kinds[(int)StepKind.Search],
            kinds[(int)StepKind.Other], kinds[(int)StepKind.BasketAdd], kinds[(int)StepKind.BasketRemove], Math.Max(0, basket), kinds[(int)StepKind.Checkout] > 0, returning, known ? orders : null, local.Hour, local.DayOfWeek);
    }

    /// <summary>An order without a visit before it, from a file for instance, is none.</summary>
    private List<Visit> Split()
    {
        var visits = new List<Visit>();
        var first = -1;
        for (var at = 0; at < steps.Length; at++)
        {
            if (first >= 0 && steps[at].Time - steps[at - 1].Time > Pause)
            {
                End(at, ordered: false);
            }
            if (steps[at].Kind == StepKind.Order)
            {
                if (first >= 0)
                {
                    End(at, ordered: true);
                }
            }
            else if (first < 0)
            {
                first = at;
            }
        }
        if (first >= 0)
        {
            End(steps.Length, ordered: false);
        }
        return visits;

        void End(int end, bool ordered)
        {
            visits.Add(new Visit(first, end - first, steps[first].Time, steps[end - 1].Time, ordered));
            first = -1;
        }
    }
}
