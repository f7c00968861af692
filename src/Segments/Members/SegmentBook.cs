using Microsoft.Extensions.DependencyInjection;
using Wellmet.Commerce.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Segments.ComputedTraits;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Members;

/// <summary>Whether a segment is in force.</summary>
public enum SegmentState
{
    /// <summary>Everybody is being asked; who was asked is in it already, and what happens meanwhile counts.</summary>
    Filling,
    Live,
    Archived,
}

/// <summary>A segment and its rule, ready to be asked.</summary>
/// <param name="People">Whether somebody can belong at all: visitors of whom nobody is known cannot, where the segment does not take them in.</param>
public sealed record LiveSegment(Guid SegmentId, string Name, SegmentState State, int Version, CompiledRule Rule, CompiledRule People);

/// <summary>The segments in force at one state of their definitions.</summary>
/// <param name="Stamp">Which state.</param>
/// <param name="Around">What they were compiled against.</param>
/// <param name="ReadAt">When.</param>
public sealed record OpenBook(long Stamp, IReadOnlyList<LiveSegment> Segments, RuleSurroundings Around, DateTimeOffset ReadAt)
{
    private readonly ILookup<int, LiveSegment> byKind = Segments.SelectMany(s => s.Rule.Kinds.Select(k => (k, s))).ToLookup(p => p.k, p => p.s);

    /// <summary>The segments whose answer facts of these kinds can change.</summary>
    public IReadOnlyCollection<LiveSegment> Touched(IReadOnlyCollection<int> kinds) => kinds.SelectMany(k => byKind[k]).Distinct().ToList();
}

/// <summary>Keeps the segments compiled, and reads them anew when they have changed, when a product is new, and now and then, as the catalogue may say something else of the others.</summary>
public sealed class SegmentBook(Database database, Vocabulary vocabulary, RuleCompiler compiler, IServiceScopeFactory scopes, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private OpenBook? held;

    /// <inheritdoc cref="OpenAsync(Transaction, IReadOnlyCollection{Guid}, CancellationToken)"/>
    public Task<OpenBook> OpenAsync(Transaction tx, CancellationToken ct) => OpenAsync(tx, [], ct);

    /// <summary>As the caller's transaction finds them; nobody changes a segment until it ends.</summary>
    /// <param name="products">Those of which the catalogue is to be asked, where that was not done yet.</param>
    public async Task<OpenBook> OpenAsync(Transaction tx, IReadOnlyCollection<Guid> products, CancellationToken ct)
    {
        var stamp = await tx.CountAsync($"select value from segments_counters where name = 'definitions' {tx.Pick("", "for share")}", null, ct);
        return held is { } book && book.Stamp == stamp && IsFresh(book) && products.All(book.Around.Products.ContainsKey) ? book : await ReadAsync(tx, stamp, products, ct);
    }

    public async Task<OpenBook> OpenAsync(CancellationToken ct)
    {
        var stamp = await database.ReadAsync(s => s.CountAsync("select value from segments_counters where name = 'definitions'", null, ct), ct);
        return held is { } book && book.Stamp == stamp && IsFresh(book) ? book : await database.WriteAsync(tx => OpenAsync(tx, ct), ct);
    }

    /// <summary>Without a storefront it is not known yet in which currency amounts are asked for.</summary>
    private bool IsFresh(OpenBook book) => book.Around.Currency is not null && time.GetUtcNow() - book.ReadAt < Fresh;

    /// <summary>A rule that is no segment's, or not yet.</summary>
    /// <exception cref="Platform.ProblemException"><c>rule_invalid</c>.</exception>
    public async Task<IReadOnlyList<CompiledRule>> CompileAsync(IReadOnlyList<Rule> rules, RuleSurroundings around, CancellationToken ct)
    {
        var words = compiler.WordsOf(rules, around);
        var numbers = words.All(w => vocabulary.Find(w) is not null)
            ? words.ToDictionary(w => w, w => vocabulary.Find(w)!.Value)
            : await database.WriteAsync(tx => vocabulary.AddAsync(tx, words, ct), ct);
        return [.. rules.Select(r => compiler.Compile(r, around, numbers))];
    }

    /// <summary>Says that segments changed; the caller's transaction waits here for those that tell facts, and they for it.</summary>
    public static Task ChangedAsync(Transaction tx, CancellationToken ct) => tx.ExecuteAsync("update segments_counters set value = value + 1 where name = 'definitions'", null, ct);

    private async Task<OpenBook> ReadAsync(Transaction tx, long stamp, IReadOnlyCollection<Guid> products, CancellationToken ct)
    {
        await vocabulary.ReadAsync(tx, ct);
        var around = await SurroundingsAsync(products, ct);
        var rows = await tx.QueryAsync("""
            select s.segment_id, s.name, s.state, s.version, s.visitors, v.rule from segments_segments s join segments_versions v on v.segment_id = s.segment_id and v.version = s.version where s.state <> 'archived'
            """, null, r => (Id: r.Guid(0), Name: r.Text(1), State: r.Enum<SegmentState>(2), Version: r.Int(3), Visitors: r.Bool(4), Rule: RuleJson.Read(r.Text(5))), ct);
        around = around with { Segments = rows.ToDictionary(r => r.Id, r => Whole(r.Rule, r.Visitors)), Traits = await ListComputedTraits.FormulasAsync(tx, null, ct) };
        var everybody = new AllOf([]);
        var words = compiler.WordsOf([.. rows.Select(r => Whole(r.Rule, r.Visitors)), Whole(everybody, false)], around);
        var numbers = await vocabulary.AddAsync(tx, words, ct);
        var book = new OpenBook(stamp, [.. rows.Select(r => new LiveSegment(r.Id, r.Name, r.State, r.Version,
            compiler.Compile(Whole(r.Rule, r.Visitors), around, numbers), compiler.Compile(Whole(everybody, r.Visitors), around, numbers)))], around, time.GetUtcNow());
        // Not before: what it was compiled with may not come to stand.
        tx.AfterCommit(() => held = book);
        return book;
    }

    /// <summary>A segment is of people who are known, unless it takes visitors in, too.</summary>
    public static Rule Whole(Rule rule, bool visitors) =>
        visitors ? rule : new AllOf([rule, new Trait(CompiledAppearance.Anonymous, new Test(TestOperator.Is, [FactValue.Of(false)]))]);

    /// <summary>The catalogue and the currency, as they are now; products that the catalogue does not know are noted as such.</summary>
    private async Task<RuleSurroundings> SurroundingsAsync(IReadOnlyCollection<Guid> products, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var known = (await scope.ServiceProvider.GetRequiredService<ICatalog>().AllAsync(ct)).ToDictionary(p => p.ProductId, ProductLabel? (p) => p);
        foreach (var product in products)
        {
            known.TryAdd(product, null);
        }
        var currency = await scope.ServiceProvider.GetRequiredService<IStorefronts>().CurrencyAsync(ct);
        return new RuleSurroundings(currency, known, new Dictionary<Guid, Rule>());
    }
}
