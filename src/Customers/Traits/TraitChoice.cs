using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Schema;

namespace Wellmet.Customers.Traits;

/// <summary>Which of several statements counts: the weightiest, then the latest. Segments choose by the same weights (<see cref="ToldTrait.Weight"/>) over all subjects of a customer, so merging and parting need nothing told anew.</summary>
internal static class TraitChoice
{
    /// <summary>Above every order, before every time.</summary>
    private const long Middle = 1_000_000_000_000_000_000, OverOrders = 4_000_000_000_000_000_000, LastTime = 1_000_000_000_000_000;

    /// <summary>What counts of a trait.</summary>
    /// <param name="runs">Of one trait, of all subjects of a customer.</param>
    /// <returns>Null where nobody says it. Its value may be null: it was taken back.</returns>
    public static TraitRun? Of(TraitDefinition definition, IEnumerable<TraitRun> runs) =>
        runs.Where(r => Counts(definition, r)).MaxBy(r => (WeightOf(definition, r), definition.Rule is TraitRule.First && r.Source is not TraitSource.Staff ? r.First : r.Last));

    /// <summary>Whether a statement counts at all: its source may say the trait, and its value fits.</summary>
    public static bool Counts(TraitDefinition definition, TraitRun run) => definition.Accepts(run.Source) && (run.Value is null
        ? run.Source is TraitSource.Staff || definition.Rule is not (TraitRule.First or TraitRule.Highest or TraitRule.Lowest)
        : !definition.IsDefined || ValueOf(definition, run) is not null);

    /// <summary>Null where the trait was taken back, or the value does not fit.</summary>
    public static TraitValue? ValueOf(TraitDefinition definition, TraitRun run) => run.Value is { } json ? TraitValue.Read(definition, json, out _) : null;

    /// <summary>Of a statement that counts; at least 0.</summary>
    public static long WeightOf(TraitDefinition definition, TraitRun run) => (definition.Rule, run.Source) switch
    {
        (TraitRule.Newest, _) => 0,
        (TraitRule.Trusted or TraitRule.Staff, TraitSource.Staff) => ToldTraits.Staff,
        (TraitRule.Trusted, TraitSource.Visitor) => ToldTraits.Visitor,
        (TraitRule.Trusted or TraitRule.Staff, _) => ToldTraits.Shop,
        (_, TraitSource.Staff) => OverOrders,
        (TraitRule.First, _) => LastTime - run.First.At.ToUnixTimeMilliseconds(),
        (TraitRule.Highest, _) => Middle + (ValueOf(definition, run)?.Order ?? -Middle),
        _ => Middle - (ValueOf(definition, run)?.Order ?? Middle),
    };

    /// <summary>The place of a value among others, as a number or a date, whatever its trait is defined to be.</summary>
    public static long? OrderOf(TraitRun run) => run.Value is null ? null : ValueOf(AsNumber, run)?.Order ?? ValueOf(AsDate, run)?.Order;

    /// <summary>What is to be told of a statement that counts.</summary>
    public static ToldTrait Told(TraitDefinition definition, TraitRun run) => new(run.Name, ValueOf(definition, run)?.Told(definition.Telling) is JsonElement value ? value : null, WeightOf(definition, run));

    private static readonly TraitDefinition AsNumber = TraitDefinition.Undefined("number") with { Type = TraitType.Number }, AsDate = TraitDefinition.Undefined("date") with { Type = TraitType.Date };
}
