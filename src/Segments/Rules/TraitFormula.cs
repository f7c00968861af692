namespace Wellmet.Segments.Rules;

/// <summary>How a computed trait is worked out of a customer's history whenever it is asked for: one value of the facts that fit and count at the moment.</summary>
/// <param name="Of">The property that is added up, averaged, told apart…; null with <see cref="Aggregation.Count"/>, and where the time of the first or last fact is meant.</param>
/// <param name="Last">A fact counts until so long after it happened; null for ever.</param>
public sealed record TraitFormula(FactFilter What, Aggregation Aggregation, string? Of, TimeSpan? Last)
{
    /// <summary>Of <see cref="Rules.Window"/>, the part that a formula has.</summary>
    internal Window Window => Last is null ? Window.Ever : new Window(Last);
}

/// <summary>What is made of the facts that count. Without facts that bear what is wanted a count, a sum and a number of values is 0, and everything else is not known.</summary>
public enum Aggregation
{
    /// <summary>How many facts.</summary>
    Count,

    /// <summary>Of a property that is a number, as the next three.</summary>
    Sum,
    Average,
    Smallest,
    Largest,

    /// <summary>How many different values a property has.</summary>
    Different,

    /// <summary>The time of the earliest fact, or what a property of it says.</summary>
    First,

    /// <summary>Likewise, of the latest.</summary>
    Last,

    /// <summary>The value that most facts bear; of several that are equally frequent the one that came last.</summary>
    MostFrequent,
}

/// <summary>Tests the value that a computed trait has at the moment.</summary>
public sealed record ComputedTrait(Guid TraitId, Test Test) : Rule;
