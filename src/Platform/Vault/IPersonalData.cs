using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Vault;

/// <summary>
/// What a module knows about people: each module with a <c>[Pii]</c> property implements it, so that one request reaches all of them.
/// </summary>
public interface IPersonalData
{
    /// <summary>Everything held about the subjects, opened, for a data-subject request.</summary>
    Task<IReadOnlyList<PersonalRecord>> ExportAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct);

    /// <summary>
    /// Removes or makes anonymous what is held in rows; the subjects' keys are destroyed afterwards, which takes the sealed values with them.
    /// </summary>
    Task EraseAsync(IReadOnlyCollection<Guid> subjects, Transaction tx, CancellationToken ct);
}

/// <summary>One record of an export.</summary>
/// <param name="Kind">E.g. <c>profile</c>, <c>order</c>.</param>
/// <param name="Fields">Name → value, as people read it.</param>
public sealed record PersonalRecord(Guid SubjectId, string Kind, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>A record of the fields that say something.</summary>
    public static PersonalRecord Of(Guid subjectId, string kind, params IEnumerable<(string Name, string? Value)> fields) =>
        new(subjectId, kind, fields.Where(f => !string.IsNullOrEmpty(f.Value)).ToDictionary(f => f.Name, f => f.Value!));
}
