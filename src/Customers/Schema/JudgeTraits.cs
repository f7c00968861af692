using Wellmet.Customers.Collection;
using Wellmet.Customers.Events;

namespace Wellmet.Customers.Schema;

/// <summary>Refuses traits of a call that their definition does not allow, each alone and with its reason; the others and the call are taken.</summary>
internal sealed class JudgeTraits(TraitBook book)
{
    public async Task<IncomingEvent> RunAsync(IncomingEvent call, CancellationToken ct)
    {
        if (call.Traits.Count == 0)
        {
            return call;
        }
        var schema = await book.CurrentAsync(ct);
        var judged = call.Traits.Select(t => (Trait: t, Problem: ProblemOf(schema, call.Proves(t) ? TraitSource.Shop : TraitSource.Visitor, t.Name, t.Value))).ToList();
        return judged.TrueForAll(j => j.Problem is null) ? call : call with
        {
            Traits = [.. judged.Where(j => j.Problem is null).Select(j => j.Trait)],
            RefusedTraits = [.. judged.Where(j => j.Problem is not null).Select(j => new PlanBreach(j.Problem!, j.Trait.Name))],
        };
    }

    /// <summary>Code of what keeps a source from saying a value; null for nothing.</summary>
    /// <param name="value">JSON text; null takes the trait back.</param>
    public static string? ProblemOf(TraitSchema schema, TraitSource source, string name, string? value)
    {
        var definition = schema.Of(name);
        if (!definition.Accepts(source))
        {
            return "trait_source_refused";
        }
        string? problem = null;
        if (definition.IsDefined && value is not null)
        {
            TraitValue.Read(definition, value, out problem);
        }
        return problem;
    }
}
