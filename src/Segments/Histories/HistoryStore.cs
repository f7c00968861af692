using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Segments.Histories;

/// <summary>A row of segments_histories.</summary>
/// <param name="CustomerId">Whom the subject belongs to.</param>
/// <param name="Revised">Of the row of the customer's own id: grows with every change of any of the customer's subjects.</param>
public sealed record StoredHistory(Guid SubjectId, Guid CustomerId, long Revised, byte[] Facts);

/// <summary>Reads and writes packed histories inside a transaction.</summary>
public sealed class HistoryStore(Vocabulary vocabulary, ICustomers customers, TimeProvider time)
{
    private static readonly Column<StoredHistory>[] Columns =
    [
        new("subject_id", typeof(Guid), h => h.SubjectId),
        new("customer_id", typeof(Guid), h => h.CustomerId),
        new("revised", typeof(long), h => h.Revised),
        new("facts", typeof(byte[]), h => h.Facts),
    ];

    private static readonly BulkInsert<StoredHistory> Insert = new("segments_histories", Columns) { OnConflict = "on conflict (subject_id) do update set customer_id = excluded.customer_id, revised = excluded.revised, facts = excluded.facts" };

    private static readonly BulkInsert<StoredHistory> InsertMissing = new("segments_histories", Columns) { OnConflict = "on conflict (subject_id) do nothing" };

    /// <summary>
    /// Takes the locks of these subjects' customers and reads all that is known of them; a subject of whom nothing was known has an empty history. Who belongs to whom is asked
    /// now, and written where it changed: so mergers may be heard of in any order, and more than once.
    /// </summary>
    /// <param name="whole">With the histories of all subjects of each customer; without, only those asked for.</param>
    public async Task<Dictionary<Guid, StoredHistory>> OpenAsync(Transaction tx, IReadOnlyCollection<Guid> subjects, bool whole, CancellationToken ct)
    {
        var owners = new Dictionary<Guid, Guid>(await customers.CustomersOfAsync(tx, subjects, ct));
        foreach (var subject in subjects)
        {
            owners.TryAdd(subject, subject);
        }
        if (whole)
        {
            Guid[] all = [.. owners.Values.Distinct()];
            foreach (var set in await customers.SubjectsOfAsync(tx, all, ct))
            {
                foreach (var subject in set)
                {
                    owners[subject] = set.Key;
                }
            }
        }
        foreach (var customer in owners.Values.Distinct().ToList())
        {
            owners.TryAdd(customer, customer);
        }
        // As if everybody were their own customer, so that a move is noted below.
        await InsertMissing.RunAsync(tx, [.. owners.OrderBy(o => o.Key).Select(o => new StoredHistory(o.Key, o.Key, 0, PackedHistory.Empty))], ct);
        if (tx.Engine == Engine.Postgres)
        {
            await tx.QueryAsync("select subject_id from segments_histories where subject_id in @customers order by subject_id for update", new { customers = owners.Values.Distinct() }, r => 0, ct);
        }
        var found = await ReadAsync(tx, owners.Keys, ct);
        await vocabulary.ReadAsync(tx, ct);
        foreach (var history in found.Values.Where(h => owners[h.SubjectId] != h.CustomerId).ToList())
        {
            // Both are revised: whoever judged either before knows that it has to look again.
            var owner = owners[history.SubjectId];
            await tx.ExecuteAsync("insert into segments_moves (subject_id, moved_at, customer_id) values (@SubjectId, @now, @owner) on conflict (subject_id, moved_at) do update set customer_id = excluded.customer_id", new { history.SubjectId, owner, now = time.GetUtcNow() }, ct);
            await tx.ExecuteAsync("update segments_histories set customer_id = @owner, revised = revised + 1 where subject_id = @SubjectId", new { history.SubjectId, owner }, ct);
            await tx.ExecuteAsync("update segments_histories set revised = revised + 1 where subject_id = @owner and subject_id <> @SubjectId", new { history.SubjectId, owner }, ct);
            found[history.SubjectId] = history with { CustomerId = owner, Revised = history.Revised + 1 };
            if (owner != history.SubjectId)
            {
                found[owner] = found[owner] with { Revised = found[owner].Revised + 1 };
            }
        }
        return found;
    }

    /// <summary>The subjects that a customer has.</summary>
    public const string SubjectsNow = """
        select subject_id from segments_histories where subject_id = @customer and customer_id = @customer
        union all select subject_id from segments_histories where customer_id = @customer and customer_id <> subject_id
        """;

    /// <summary>The subjects that a customer had at a moment.</summary>
    public static async Task<IReadOnlyList<Guid>> SubjectsAtAsync(Session session, Guid customer, DateTimeOffset at, CancellationToken ct) => await session.QueryAsync("""
        select c.subject_id from (
          select @customer as subject_id union select subject_id from segments_moves where customer_id = @customer) c
        left join segments_moves m on m.subject_id = c.subject_id and m.moved_at = (select max(moved_at) from segments_moves l where l.subject_id = c.subject_id and l.moved_at <= @at)
        where coalesce(m.customer_id, c.subject_id) = @customer
        """, new { customer, at }, r => r.Guid(0), ct);

    /// <summary>By subject.</summary>
    public static async Task<Dictionary<Guid, StoredHistory>> ReadAsync(Session session, IReadOnlyCollection<Guid> subjects, CancellationToken ct) =>
        (await session.QueryAsync("select subject_id, customer_id, revised, facts from segments_histories where subject_id in @subjects", new { subjects }, Read, ct)).ToDictionary(h => h.SubjectId);

    /// <summary>Those of all subjects of some customers, without their locks.</summary>
    public static Task<List<StoredHistory>> ReadAllAsync(Session session, IEnumerable<Guid> customers, CancellationToken ct) => session.QueryAsync("""
        select subject_id, customer_id, revised, facts from segments_histories where subject_id in @customers and customer_id = subject_id
        union all select subject_id, customer_id, revised, facts from segments_histories where customer_id in @customers and customer_id <> subject_id
        """, new { customers }, Read, ct);

    internal static StoredHistory Read(Row r) => new(r.Guid(0), r.Guid(1), r.Long(2), r.Bytes(3));

    /// <summary>Adds facts to histories that were opened, without those that are to go, and writes what changed. The customers' own rows are revised.</summary>
    /// <param name="added">By subject.</param>
    /// <param name="gone">Which facts of a subject are to go.</param>
    /// <returns>Numbers of the kinds that changed, by customer.</returns>
    public async Task<Dictionary<Guid, HashSet<int>>> WriteAsync(Transaction tx, Dictionary<Guid, StoredHistory> opened, ILookup<Guid, Fact> added, Func<Guid, PackedFact, bool>? gone, CancellationToken ct)
    {
        var all = added.SelectMany(f => f).ToList();
        var words = await vocabulary.AddAsync(tx, WordsOf(all), ct);
        var numbers = await ImportsAsync(tx, all.Select(f => f.ImportId).OfType<Guid>().Distinct().ToList(), ct);
        var changed = new Dictionary<Guid, HashSet<int>>();
        var written = new HashSet<Guid>();
        foreach (var subject in added.Select(f => f.Key).Union(gone is null ? [] : opened.Keys))
        {
            var history = opened[subject];
            var stand = PackedHistory.Unpack(history.Facts);
            var kinds = changed.TryGetValue(history.CustomerId, out var k) ? k : changed[history.CustomerId] = [];
            var removed = gone is null ? 0 : stand.RemoveAll(f => gone(subject, f) && kinds.Add(f.Kind) is var _);
            var fresh = added[subject].Select(f => new PackedFact(words[f.Kind], f.At, f.KnownAt, f.Seq, f.ImportId is { } import ? numbers[import] : 0, PackedProperties.Pack(f.Properties, words))).ToList();
            if (removed + fresh.Count == 0)
            {
                continue;
            }
            fresh.ForEach(f => kinds.Add(f.Kind));
            stand.AddRange(fresh);
            opened[subject] = history with { Facts = PackedHistory.Pack(Bounded(stand)), Revised = history.Revised + 1 };
            written.Add(subject);
        }
        foreach (var customer in changed.Keys.Where(c => !written.Contains(c) && changed[c].Count > 0).ToList())
        {
            opened[customer] = opened[customer] with { Revised = opened[customer].Revised + 1 };
            written.Add(customer);
        }
        await Insert.RunAsync(tx, [.. written.Order().Select(s => opened[s])], ct);
        return changed;
    }

    /// <summary>What a fact is of.</summary>
    public string KindOf(PackedFact fact) => vocabulary.Word(fact.Kind);

    /// <summary>Whether a trait of a customer said this last. Where two of their subjects said different things in the same moment, it is neither.</summary>
    /// <param name="value">Null for nothing.</param>
    public bool SaidLast(IEnumerable<byte[]> histories, string name, FactValue? value)
    {
        if (vocabulary.Find(FactKinds.Trait + name) is not { } kind)
        {
            return value is null;
        }
        var (same, latest) = (value is null, long.MinValue);
        foreach (var history in histories)
        {
            var (said, at) = ((FactValue?)null, long.MinValue);
            var reader = PackedHistory.Of(history, kind);
            while (reader.MoveNext())
            {
                (said, at) = (ValueOf(reader.Properties), reader.At);
            }
            if (at > long.MinValue && at >= latest)
            {
                (same, latest) = (said == value && (same || at > latest), at);
            }
        }
        return same;
    }

    private FactValue? ValueOf(ReadOnlySpan<byte> packed)
    {
        FactValue? said = null;
        var properties = new PropertyReader(packed);
        while (properties.MoveNext())
        {
            if (vocabulary.Word(properties.Name) == FactKinds.Value)
            {
                said = properties.Value(vocabulary);
            }
        }
        return said;
    }

    /// <summary>Of what visitors do on pages the latest stay.</summary>
    private List<PackedFact> Bounded(List<PackedFact> facts)
    {
        if (facts.Count <= PackedHistory.MostEvents)
        {
            return facts;
        }
        var (kept, events) = (new List<PackedFact>(), new List<PackedFact>());
        facts.ForEach(f => (FactKinds.IsKeptForEver(vocabulary.Word(f.Kind)) ? kept : events).Add(f));
        return [.. kept, .. events.OrderByDescending(f => f.At).Take(PackedHistory.MostEvents)];
    }

    private HashSet<string> WordsOf(List<Fact> facts)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var fact in facts)
        {
            words.Add(fact.Kind);
            foreach (var (name, value) in fact.Properties)
            {
                words.Add(name);
                if (value.Text is { } text && FactsOf.IsName(name) && vocabulary.Count < Vocabulary.Most)
                {
                    words.Add(text);
                }
            }
        }
        return words;
    }

    /// <summary>Numbers of imports; those that have none get one.</summary>
    public static async Task<IReadOnlyDictionary<Guid, int>> ImportsAsync(Transaction tx, IReadOnlyCollection<Guid> wanted, CancellationToken ct)
    {
        if (wanted.Count == 0)
        {
            return new Dictionary<Guid, int>();
        }
        var found = (await tx.QueryAsync("select import_id, code from segments_imports where import_id in @wanted", new { wanted }, r => (r.Guid(0), r.Int(1)), ct)).ToDictionary(i => i.Item1, i => i.Item2);
        foreach (var import in wanted.Where(i => !found.ContainsKey(i)).Order())
        {
            // The counter's lock: of two that meet an import for the first time, the second finds it.
            var next = await tx.CountAsync("update segments_counters set value = value + 1 where name = 'imports' returning value", null, ct);
            await tx.ExecuteAsync("insert into segments_imports (code, import_id) values (@next, @import) on conflict (import_id) do nothing", new { next, import }, ct);
            found[import] = (int)await tx.CountAsync("select code from segments_imports where import_id = @import", new { import }, ct);
        }
        return found;
    }
}
