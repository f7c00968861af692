using System.Text.Json;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Contract;

/// <summary>What kind of values a trait has.</summary>
public enum TraitType
{
    Text,

    /// <summary>Less than a thousand million either way, with at most nine digits after the point.</summary>
    Number,
    Boolean,

    /// <summary>A day, or a moment in UTC.</summary>
    Date,
}

/// <summary>How much of a trait stands in clear, so that segments can ask it.</summary>
public enum TraitTelling
{
    /// <summary>Personal: nothing, it is sealed.</summary>
    Sealed,

    /// <summary>Not personal: all of it.</summary>
    Clear,

    /// <summary>Of a date the month and the day, never the year: enough for a birthday.</summary>
    MonthAndDay,
}

/// <summary>A trait that the shop defined.</summary>
/// <param name="Name">In snake_case.</param>
/// <param name="Label">As people call it.</param>
public sealed record ShopTrait(string Name, string Label, TraitType Type, TraitTelling Telling);

/// <summary>Something was said of a person that the shop declared not to be personal. Not shown: the customer's page has it.</summary>
public sealed record ShopTraitsTold(Guid SubjectId, DateTimeOffset OccurredAt, IReadOnlyList<ToldTrait> Traits) : ILogEvent;

/// <param name="Value">A text, a number or a truth value; of a date <c>2026-01-31</c>, <c>2026-01-31T09:30:00Z</c> or, without the year, <c>--01-31</c>; null takes it back.</param>
/// <param name="Weight">The weightiest counts, then the latest: made so that this picks what the rule of the trait picks.</param>
public sealed record ToldTrait(string Name, JsonElement? Value, long Weight);

/// <summary>What was told of traits of a subject until now does not hold any more: their definition changed, and they are told anew, or no more.</summary>
/// <param name="Names">The traits.</param>
public sealed record ShopTraitsForgotten(Guid SubjectId, DateTimeOffset OccurredAt, IReadOnlyList<string> Names) : ILogEvent;

/// <summary>A cell of a file that says a trait of somebody.</summary>
/// <param name="Line">Of several lines about one person the last one counts.</param>
public sealed record ImportedTrait(Guid SubjectId, string Name, string Value, long Line);

/// <summary>Traits of a batch of an import, sealed and ready to be written.</summary>
public interface IImportedTraits
{
    /// <summary>Writes them, in the batch's transaction and after its people.</summary>
    Task WriteAsync(Transaction tx, CancellationToken ct);
}

/// <summary>The shop's own traits, for other modules.</summary>
public interface IShopTraits
{
    /// <summary>Those in force, by name.</summary>
    Task<IReadOnlyList<ShopTrait>> DefinedAsync(CancellationToken ct);

    /// <summary>Why a file may not say this value of a trait, as a code; null where it may.</summary>
    Task<string?> ProblemAsync(string name, string value, CancellationToken ct);

    /// <summary>Seals what a batch of an import says.</summary>
    Task<IImportedTraits> PrepareAsync(Guid importId, IReadOnlyList<ImportedTrait> said, DateTimeOffset saidAt, CancellationToken ct);
}
