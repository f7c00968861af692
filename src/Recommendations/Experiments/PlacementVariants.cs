using Wellmet.Customers.Contract;
using Wellmet.Platform.Experiments;
using Wellmet.Platform.Purposes;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Placements;

namespace Wellmet.Recommendations.Experiments;

/// <param name="Placement">What stands there.</param>
/// <param name="Running">The variant of a running experiment that this is; null where none runs, or the customer takes part in none.</param>
/// <param name="MixedWith">The list is to be mixed from this one's and that one's; null where it is not.</param>
internal sealed record ShownVariant(Placement Placement, AssignedVariant? Running, Placement? MixedWith = null);

/// <summary>
/// What stands at a placement for whoever asks: where an experiment runs, the variant of the customer; where one was decided, its winner. A variant is another placement that answers instead, so
/// whatever a shop can arrange it can also try. Who is unknown, or may not be measured, takes part in nothing.
/// </summary>
public sealed class PlacementVariants(IExperiments experiments, PlacementStore placements, KeptModels kept, ICustomers customers, IPurposeGate gate)
{
    /// <summary>In the settings of a variant: the name of the placement that answers.</summary>
    public const string Setting = "placement";

    /// <summary>Under which experiments on a placement are kept.</summary>
    public static string AreaOf(string placement) => AreaPrefix + placement;

    internal const string AreaPrefix = "recommendations.";

    /// <param name="who">The customer, or a visitor whom nobody knows; null for nobody.</param>
    internal async Task<ShownVariant> OfAsync(Placement placement, Guid? who, CancellationToken ct)
    {
        var assigned = await AssignAsync(placement.Name, who, ct);
        if (assigned?.Mixed is [var first, var second])
        {
            return await FindAsync(placement, first.Settings, ct) is { } one && await FindAsync(placement, second.Settings, ct) is { } other ? new ShownVariant(one, assigned, other) : new ShownVariant(placement, null);
        }
        // Where it was removed or changed since, the place stands as it is, and nobody counts as having seen what they did not.
        return assigned is not null && await FindAsync(placement, assigned.Settings, ct) is { } shown ? new ShownVariant(shown, assigned.Counts ? assigned : null) : new ShownVariant(placement, null);
    }

    /// <summary>The placement that a variant names, where it can stand there, with the model that it names; else null.</summary>
    private async Task<Placement?> FindAsync(Placement place, IReadOnlyDictionary<string, string> settings, CancellationToken ct) => settings.GetValueOrDefault(Setting) is not { } name ? null
        : name == place.Name ? place
        : await placements.FindAsync(name, ct) is { } found && found.Source.FitsPlaceOf(place.Source) && (found.ModelDay is not { } day || kept.Of(day) is not null) ? found : null;

    /// <summary>The variant of a person, whichever of their subjects is named.</summary>
    internal async Task<AssignedVariant?> AssignAsync(string placement, Guid? who, CancellationToken ct)
    {
        var area = AreaOf(placement);
        if (who is not { } id || !await experiments.RunsAsync(area, ct))
        {
            return await experiments.AssignAsync(area, [], ct);
        }
        var customer = (await customers.CustomersOfAsync([id], ct)).GetValueOrDefault(id, id);
        var assigned = await experiments.AssignAsync(area, [customer, .. (await customers.SubjectsOfAsync(customer, ct)).Where(s => s != customer)], ct);
        return assigned is not { Counts: true } || (await gate.AskAsync(new DataUse(Purpose.Measurement, Channel.Web), [customer], ct))[customer].Allowed
            ? assigned
            : await experiments.AssignAsync(area, [], ct);
    }
}
