using Wellmet.Platform.Access;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.ComputedTraits;

/// <summary>What a formula says of the shop's customers now.</summary>
/// <param name="Known">Customers of whom it says something; an estimate where not everybody was asked.</param>
/// <param name="Asked">Customers who were asked; the answer of all where it is <paramref name="Total"/>.</param>
/// <param name="Total">Customers.</param>
/// <param name="Examples">Some of whom it says something, the latest who came first.</param>
/// <param name="Distribution">How many of those who were asked have which value.</param>
public sealed record TraitPreview(long Known, long Asked, long Total, IReadOnlyList<(Guid CustomerId, ComputedValue Computed)> Examples, TraitDistribution Distribution)
{
    public bool IsExact => Asked == Total;
}

/// <summary>Works a formula out for everybody who is known, or, where there are too many while somebody waits, for some.</summary>
public sealed class PreviewTrait(EachCustomer everybody, SegmentBook book, CurrentActor actor, TimeProvider time)
{
    public const int MostExamples = 10;

    public async Task<TraitPreview> RunAsync(TraitFormula formula, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        var opened = await book.OpenAsync(ct);
        var compiled = (await ComputeTraits.CompileAsync(book, opened, [formula], ct))[0];
        var people = (await book.CompileAsync([SegmentBook.Whole(new AllOf([]), visitors: false)], opened.Around, ct))[0];
        var moment = new Moment { Now = Fact.Milliseconds(time.GetUtcNow()) };
        var (asked, known, examples, values) = (0L, 0L, new List<(Guid, ComputedValue)>(), new Dictionary<FactValue, long>());
        var scale = await everybody.VisitAsync((customer, histories) =>
        {
            moment.Histories = histories;
            if (!people.Ask(moment).Holds)
            {
                return;
            }
            asked++;
            var computed = compiled.Compute(moment);
            if (computed.Value is not { } value)
            {
                return;
            }
            known++;
            values[value] = values.GetValueOrDefault(value) + 1;
            // Counts of nothing are true of everybody, and show little.
            if (computed.Facts > 0 && examples.Count < MostExamples)
            {
                examples.Add((customer, computed));
            }
        }, PreviewRule.Patience, ct);
        return new TraitPreview((long)Math.Round(known * scale), asked, (long)Math.Round(asked * scale), examples, TraitDistribution.Of(values, moment.Now));
    }
}
