using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Definitions;

/// <summary>What a segment is to be.</summary>
/// <param name="Visitors">Whether visitors of whom nobody is known belong, too.</param>
public sealed record SegmentDraft(string Name, string Description, Rule Rule, bool Visitors = false)
{
    /// <summary>A list has no rule of its own choice: the given one is not looked at, and everybody can be put on it.</summary>
    public SegmentKind Kind { get; init; }

    /// <summary>Key of the template that it is made from, so that it is found again whatever it is called; null for none.</summary>
    public string? Template { get; init; }

    /// <summary>A list with nobody on it yet.</summary>
    public static SegmentDraft List(string name, string description) => new(name, description, new AllOf([])) { Kind = SegmentKind.List };
}

/// <summary>By what somebody belongs.</summary>
public enum SegmentKind
{
    /// <summary>By a rule.</summary>
    Rule,

    /// <summary>Because somebody put them on it.</summary>
    List,
}

/// <summary>Makes a segment, or changes one: from then on every fact is judged by the new rule, and everybody is asked it.</summary>
public sealed class SaveSegment(Database database, SegmentBook book, AuditLog audit, CurrentActor actor, TimeProvider time)
{
    public const int LongestName = 100, LongestDescription = 500;

    /// <summary>Most segments in force.</summary>
    public const int Most = 500;

    /// <param name="segmentId">Null makes a new one.</param>
    /// <param name="also">What is written with it, in the same transaction, of the segment with this id.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="ProblemException"><c>segment_name_missing</c>, <c>segment_name_taken</c> (409), <c>segments_too_many</c> (409), <c>segment_missing</c> (404), <c>segment_kind_fixed</c> (409), <c>rule_names_missing</c> (409), <c>rule_invalid</c>.</exception>
    public async Task<Guid> RunAsync(Guid? segmentId, SegmentDraft draft, CancellationToken ct, Func<Transaction, Guid, Task>? also = null)
    {
        actor.Demand(SegmentsPermissions.Edit);
        var (name, description) = (draft.Name.Trim(), draft.Description.Trim());
        if (name.Length is 0 or > LongestName || description.Length > LongestDescription)
        {
            throw new ProblemException("segment_name_missing", "A segment has a name of at most {0} characters, and a description of at most {1}.", 400, LongestName, LongestDescription) { Parameter = "name" };
        }
        var id = segmentId ?? Id.New();
        draft = draft.Kind == SegmentKind.List ? draft with { Rule = new Listed(id), Visitors = true } : draft;
        if (draft.Kind == SegmentKind.Rule && PreviewRule.PartsOf(draft.Rule).Any(r => r is Listed))
        {
            throw RuleJson.Wrong("", "At {0}: A rule names a list as a segment.");
        }
        var opened = await book.OpenAsync(ct);
        // With the draft in its place, so that a circle through itself is seen; what it names gets its numbers now.
        var segments = opened.Around.Segments.ToDictionary();
        segments[id] = draft.Rule;
        await book.CompileAsync([new InSegment(id)], opened.Around with { Segments = segments }, ct);
        await database.WriteAsync(async tx =>
        {
            await WriteAsync(tx, id, segmentId is null, draft with { Name = name, Description = description }, ct);
            await (also?.Invoke(tx, id) ?? Task.CompletedTask);
        }, ct);
        return id;
    }

    private async Task WriteAsync(Transaction tx, Guid id, bool isNew, SegmentDraft draft, CancellationToken ct)
    {
        await SegmentBook.ChangedAsync(tx, ct);
        if (await tx.CountAsync("select count(*) from segments_segments where lower(name) = lower(@Name) and segment_id <> @id", new { draft.Name, id }, ct) > 0)
        {
            throw new ProblemException("segment_name_taken", "There is a segment of this name already. Choose another one.", 409) { Parameter = "name" };
        }
        if (isNew && await tx.CountAsync("select count(*) from segments_segments where state <> 'archived'", null, ct) >= Most)
        {
            throw new ProblemException("segments_too_many", "There are {0} segments, and that is the most. Archive some that nobody uses.", 409, Most);
        }
        var version = isNew ? 1 : 1 + (int)await tx.CountAsync("select version from segments_segments where segment_id = @id and state <> 'archived'", new { id }, ct);
        if (!isNew && version == 1)
        {
            throw Missing();
        }
        if (!isNew && await tx.CountAsync("select count(*) from segments_segments where segment_id = @id and kind = @Kind", new { id, draft.Kind }, ct) == 0)
        {
            throw new ProblemException("segment_kind_fixed", "A list stays a list, and a segment by rule stays one. Make a new one.", 409);
        }
        await DemandNamedAsync(tx, id, draft.Rule, ct);
        await audit.RecordAsync(tx, isNew ? "segment.made" : "segment.changed", $"segment:{id}", reason: null, ct);
        if (!isNew && draft.Kind == SegmentKind.List)
        {
            await tx.ExecuteAsync("update segments_segments set name = @Name, description = @Description where segment_id = @id", new { id, draft.Name, draft.Description }, ct);
            return;
        }
        var row = new { id, draft.Kind, draft.Template, state = draft.Kind == SegmentKind.List ? SegmentState.Live : SegmentState.Filling, draft.Name, draft.Description, draft.Visitors, version, now = time.GetUtcNow(), by = actor.Value.Name, rule = new Json(RuleJson.Write(draft.Rule)),
            // Nobody is on a new list, which everybody need not be asked.
            filled = draft.Kind == SegmentKind.List ? time.GetUtcNow() : (DateTimeOffset?)null };
        await tx.ExecuteAsync(isNew
            ? "insert into segments_segments (segment_id, name, description, state, version, visitors, made_at, made_by, fill, filled_at, kind, template) values (@id, @Name, @Description, @state, @version, @Visitors, @now, @by, 1, @filled, @Kind, @Template)"
            : "update segments_segments set name = @Name, description = @Description, state = 'filling', fill = fill + 1, version = @version, visitors = @Visitors where segment_id = @id", row, ct);
        await tx.ExecuteAsync("insert into segments_versions (segment_id, version, rule, made_at, made_by) values (@id, @version, @rule, @now, @by)", row, ct);
        await FillDependentsAsync(tx, id, ct);
    }

    /// <summary>What a rule names is there and in force; who changes a segment may leave in it what was archived since.</summary>
    private static async Task DemandNamedAsync(Transaction tx, Guid id, Rule rule, CancellationToken ct)
    {
        var named = NamedBy(rule).ToHashSet();
        named.ExceptWith(named.Count == 0 ? [] : await tx.QueryAsync("""
            select segment_id from segments_segments where segment_id in @named and state <> 'archived' union all select trait_id from segments_traits where trait_id in @named and not archived
            """, new { named }, r => r.Guid(0), ct));
        if (named.Count == 0)
        {
            return;
        }
        var before = await tx.QueryAsync("select v.rule from segments_segments s join segments_versions v on v.segment_id = s.segment_id and v.version = s.version where s.segment_id = @id", new { id }, r => RuleJson.Read(r.Text(0)), ct);
        named.ExceptWith(before.SelectMany(NamedBy));
        if (named.Count > 0)
        {
            throw new ProblemException("rule_names_missing", "The rule names a segment or a computed trait that does not exist or is archived. Choose another one.", 409);
        }
    }

    /// <summary>Segments that name this one, or this computed trait, and those that name them, are asked anew, too.</summary>
    internal static async Task FillDependentsAsync(Transaction tx, Guid id, CancellationToken ct)
    {
        var rules = await tx.QueryAsync("select s.segment_id, v.rule from segments_segments s join segments_versions v on v.segment_id = s.segment_id and v.version = s.version where s.state <> 'archived'", null,
            r => (Id: r.Guid(0), Names: NamedBy(RuleJson.Read(r.Text(1))).ToHashSet()), ct);
        var changed = new HashSet<Guid> { id };
        while (rules.Where(r => !changed.Contains(r.Id) && r.Names.Overlaps(changed)).Select(r => r.Id).ToList() is { Count: > 0 } more)
        {
            changed.UnionWith(more);
        }
        changed.Remove(id);
        await tx.ExecuteAsync("update segments_segments set state = 'filling', fill = fill + 1 where segment_id in @changed", new { changed }, ct);
    }

    /// <summary>Segments in force that name this one in their rule.</summary>
    internal static async Task<IReadOnlyList<(Guid Id, string Name)>> DependentsAsync(Session session, Guid id, CancellationToken ct) => [.. (await session.QueryAsync(
        "select s.segment_id, s.name, v.rule from segments_segments s join segments_versions v on v.segment_id = s.segment_id and v.version = s.version where s.state <> 'archived' order by lower(s.name)", null,
        r => (Id: r.Guid(0), Name: r.Text(1), Rule: RuleJson.Read(r.Text(2))), ct)).Where(s => NamedBy(s.Rule).Contains(id)).Select(s => (s.Id, s.Name))];

    /// <summary>The segments and computed traits that a rule names.</summary>
    internal static IEnumerable<Guid> NamedBy(Rule rule) => rule switch
    {
        InSegment other => [other.SegmentId],
        ComputedTrait computed => [computed.TraitId],
        _ => rule.Children.SelectMany(NamedBy),
    };

    internal static ProblemException Missing() => new("segment_missing", "There is no such segment.", 404);
}
