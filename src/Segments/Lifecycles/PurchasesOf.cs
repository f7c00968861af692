using Wellmet.Platform;
using Wellmet.Science.Lifecycles;
using Wellmet.Segments.ComputedTraits;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Lifecycles;

/// <summary>What a customer bought, as scores need it.</summary>
/// <param name="LastOrder">Milliseconds since 1970; null for none.</param>
/// <param name="Purchases">Orders of one day are one purchase.</param>
/// <param name="MedianGap">Days; null below two purchases.</param>
internal readonly record struct Bought(Guid CustomerId, int Orders, long? LastOrder, long SpentMinor, int Purchases, double? MedianGap);

/// <summary>Reads off packed histories what customers bought: with the formulas of computed traits, so that both say the same.</summary>
internal sealed class PurchasesOf
{
    private const double Day = 86_400_000;

    private readonly CompiledRule people;
    private readonly CompiledComputed orders, spent;
    private readonly CompiledComputed? others;
    private readonly Moment moment;
    private readonly string? currency;

    private PurchasesOf(CompiledRule people, CompiledComputed orders, CompiledComputed spent, CompiledComputed? others, DateTimeOffset now, string? currency) =>
        (this.people, this.orders, this.spent, this.others, moment, this.currency) = (people, orders, spent, others, new Moment { Now = Fact.Milliseconds(now) }, currency);

    /// <param name="leftOut">The demo shop's storefront where its orders do not count.</param>
    public static async Task<PurchasesOf> CompileAsync(SegmentBook book, DateTimeOffset now, Guid? leftOut, CancellationToken ct)
    {
        var opened = await book.OpenAsync(ct);
        PropertyTest[] where = leftOut is { } demo ? [new PropertyTest("storefront", new Test(TestOperator.IsNot, [FactValue.Of(demo.ToString())]))] : [];
        var placed = new FactFilter(FactKinds.OrderPlaced, where);
        var formulas = await ComputeTraits.CompileAsync(book, opened,
            [new TraitFormula(placed, Aggregation.Count, null, null), new TraitFormula(placed, Aggregation.Sum, "net", null), new TraitFormula(new FactFilter(FactKinds.OrderPlaced, []), Aggregation.Count, null, null)], ct);
        var people = (await book.CompileAsync([SegmentBook.Whole(new AllOf([]), visitors: false)], opened.Around, ct))[0];
        return new PurchasesOf(people, formulas[0], formulas[1], leftOut is null ? null : formulas[2], now, opened.Around.Currency);
    }

    public string? Currency => currency;

    /// <returns>Null for visitors of whom nobody is known, and for those who bought in the demo shop alone where it is left out.</returns>
    public Bought? Of(Guid customer, IReadOnlyList<byte[]> histories)
    {
        moment.Histories = histories;
        if (!people.Ask(moment).Holds)
        {
            return null;
        }
        var at = orders.TimesAt(moment);
        if (at.Count == 0)
        {
            return others?.Compute(moment).Facts > 0 ? null : new Bought(customer, 0, null, 0, 0, null);
        }
        var purchases = PurchaseRhythm.Purchases(at.Select(t => t / Day));
        var money = currency is null ? 0 : Money.From(spent.Compute(moment).Value?.Number ?? 0, currency).Minor;
        return new Bought(customer, at.Count, at[^1], money, purchases.Count, PurchaseRhythm.MedianGap(purchases));
    }
}
