using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.ComputedTraits;

/// <summary>What a computed trait says of a customer.</summary>
public sealed record TraitValue(ComputedTraitRow Trait, ComputedValue Computed);

/// <summary>Works out all computed traits of a customer from what is known of them now.</summary>
public sealed class ComputeTraits(Database database, Vocabulary vocabulary, SegmentBook book, ListComputedTraits list, ICustomers customers, CurrentActor actor, TimeProvider time)
{
    /// <param name="subject">The customer's id, or that of any of their subjects.</param>
    /// <returns>By name; without facts where nothing is known of the customer.</returns>
    public async Task<IReadOnlyList<TraitValue>> RunAsync(Guid subject, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        actor.Demand(CustomersPermissions.Read);
        var traits = await list.RunAsync(archived: false, ct);
        if (traits.Count == 0)
        {
            return [];
        }
        var customer = (await customers.CustomersOfAsync([subject], ct)).GetValueOrDefault(subject, subject);
        var histories = await database.ReadAsync(async s => await HistoryStore.ReadAsync(s, await s.QueryAsync(HistoryStore.SubjectsNow, new { customer }, r => r.Guid(0), ct), ct), ct);
        await database.ReadAsync(s => vocabulary.ReadAsync(s, ct), ct);
        var compiled = await CompileAsync(book, await book.OpenAsync(ct), [.. traits.Select(t => t.Formula)], ct);
        var moment = new Moment { Histories = [.. histories.Values.Select(h => h.Facts)], Now = Fact.Milliseconds(time.GetUtcNow()) };
        return [.. traits.Select((t, i) => new TraitValue(t, compiled[i].Compute(moment)))];
    }

    /// <summary>Formulas that need not be a trait's yet.</summary>
    internal static async Task<IReadOnlyList<CompiledComputed>> CompileAsync(SegmentBook book, OpenBook opened, IReadOnlyList<TraitFormula> formulas, CancellationToken ct)
    {
        var named = formulas.Select(f => (Id: Platform.Id.New(), Formula: f)).ToList();
        var rules = named.ConvertAll(n => (Rule)new ComputedTrait(n.Id, new Test(TestOperator.Exists, [])));
        return [.. (await book.CompileAsync(rules, opened.Around with { Traits = named.ToDictionary(n => n.Id, n => n.Formula) }, ct)).Cast<CompiledComputed>()];
    }
}
