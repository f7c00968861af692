using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.ComputedTraits;

/// <summary>What a computed trait is to be.</summary>
public sealed record ComputedTraitDraft(string Name, string Description, TraitFormula Formula);

/// <summary>Makes a computed trait, or changes one: from then on it is worked out by the new formula, and the segments that ask it ask everybody anew.</summary>
public sealed class SaveComputedTrait(Database database, SegmentBook book, AuditLog audit, CurrentActor actor, TimeProvider time)
{
    public const int LongestName = 60, LongestDescription = 500;

    /// <summary>Most computed traits in force.</summary>
    public const int Most = 100;

    /// <param name="traitId">Null makes a new one.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="ProblemException"><c>computed_trait_name_missing</c>, <c>computed_trait_name_taken</c> (409), <c>computed_traits_too_many</c> (409), <c>computed_trait_missing</c> (404).</exception>
    public async Task<Guid> RunAsync(Guid? traitId, ComputedTraitDraft draft, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Edit);
        var (name, description) = (draft.Name.Trim(), draft.Description.Trim());
        if (name.Length is 0 or > LongestName || description.Length > LongestDescription)
        {
            throw new ProblemException("computed_trait_name_missing", "A computed trait has a name of at most {0} characters, and a description of at most {1}.", 400, LongestName, LongestDescription) { Parameter = "name" };
        }
        var id = traitId ?? Id.New();
        // What it names gets its numbers now.
        await ComputeTraits.CompileAsync(book, await book.OpenAsync(ct), [draft.Formula], ct);
        await database.WriteAsync(tx => WriteAsync(tx, id, traitId is null, draft with { Name = name, Description = description }, ct), ct);
        return id;
    }

    private async Task WriteAsync(Transaction tx, Guid id, bool isNew, ComputedTraitDraft draft, CancellationToken ct)
    {
        await SegmentBook.ChangedAsync(tx, ct);
        if (await tx.CountAsync("select count(*) from segments_traits where lower(name) = lower(@Name) and trait_id <> @id", new { draft.Name, id }, ct) > 0)
        {
            throw new ProblemException("computed_trait_name_taken", "There is a computed trait of this name already. Choose another one.", 409) { Parameter = "name" };
        }
        if (isNew && await tx.CountAsync("select count(*) from segments_traits where not archived", null, ct) >= Most)
        {
            throw new ProblemException("computed_traits_too_many", "There are {0} computed traits, and that is the most. Archive some that nobody uses.", 409, Most);
        }
        var version = isNew ? 1 : 1 + (int)await tx.CountAsync("select version from segments_traits where trait_id = @id and not archived", new { id }, ct);
        if (!isNew && version == 1)
        {
            throw Missing();
        }
        var row = new { id, draft.Name, draft.Description, version, now = time.GetUtcNow(), by = actor.Value.ToString(), formula = new Json(TraitFormulaJson.Write(draft.Formula)), no = false };
        await tx.ExecuteAsync(isNew
            ? "insert into segments_traits (trait_id, name, description, archived, version, made_at, made_by) values (@id, @Name, @Description, @no, @version, @now, @by)"
            : "update segments_traits set name = @Name, description = @Description, version = @version where trait_id = @id", row, ct);
        await tx.ExecuteAsync("insert into segments_trait_versions (trait_id, version, formula, made_at, made_by) values (@id, @version, @formula, @now, @by)", row, ct);
        await SaveSegment.FillDependentsAsync(tx, id, ct);
        await audit.RecordAsync(tx, isNew ? "computed_trait.made" : "computed_trait.changed", $"computed_trait:{id}", reason: null, ct);
    }

    internal static ProblemException Missing() => new("computed_trait_missing", "There is no such computed trait.", 404);
}
