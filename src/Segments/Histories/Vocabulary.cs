using System.Collections.Concurrent;
using Wellmet.Platform.Storage;

namespace Wellmet.Segments.Histories;

/// <summary>
/// Numbers for the words of histories: names of events and properties, and values that name things of the shop (a category, a product). A word keeps its number
/// for ever, so what is packed can always be read. Nothing that somebody typed gets a number.
/// </summary>
public sealed class Vocabulary
{
    /// <summary>Most words. Values get no number from then on and stand in the histories as they are; names do.</summary>
    public const int Most = 200_000;

    private readonly ConcurrentDictionary<string, int> codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, string> words = new();

    /// <summary>How many there are.</summary>
    public int Count => codes.Count;

    /// <summary>All that are known here, in no order.</summary>
    public IEnumerable<string> Known() => codes.Keys;

    public int? Find(string word) => codes.TryGetValue(word, out var code) ? code : null;

    /// <summary>The word of a number that <see cref="ReadAsync"/> has read or that was given since.</summary>
    public string Word(int code) => words.TryGetValue(code, out var word) ? word : "";

    /// <summary>Reads what other processes added, where they did. After histories were read: their words stand then.</summary>
    public async Task ReadAsync(Session session, CancellationToken ct)
    {
        if (await session.CountAsync("select value from segments_counters where name = 'words'", null, ct) <= LastInRow())
        {
            return;
        }
        foreach (var (code, word) in await session.QueryAsync("select code, word from segments_words where code > @last", new { last = LastInRow() }, r => (r.Int(0), r.Text(1)), ct))
        {
            Keep(code, word);
        }
    }

    /// <summary>Gives words that have none a number, in the caller's transaction; they are known here once it is committed.</summary>
    /// <returns>All of them with their numbers.</returns>
    public async Task<IReadOnlyDictionary<string, int>> AddAsync(Transaction tx, IReadOnlyCollection<string> wanted, CancellationToken ct)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var word in wanted.Distinct(StringComparer.Ordinal))
        {
            if (Find(word) is { } code)
            {
                found[word] = code;
            }
            else
            {
                missing.Add(word);
            }
        }
        if (missing.Count == 0)
        {
            return found;
        }
        // The row's lock: of two transactions that meet a new word, one waits and finds it.
        await tx.ExecuteAsync("update segments_counters set value = value where name = 'words'", null, ct);
        foreach (var page in missing.Order(StringComparer.Ordinal).Chunk(1000))
        {
            foreach (var (code, word) in await tx.QueryAsync("select code, word from segments_words where word in @page", new { page }, r => (r.Int(0), r.Text(1)), ct))
            {
                found[word] = code;
            }
        }
        var fresh = missing.Where(w => !found.ContainsKey(w)).ToList();
        var last = await tx.CountAsync("update segments_counters set value = value + @Count where name = 'words' returning value", new { fresh.Count }, ct);
        var added = fresh.Select((word, i) => (Code: (int)(last - fresh.Count + 1 + i), Word: word)).ToList();
        await Insert.RunAsync(tx, added, ct);
        added.ForEach(a => found[a.Word] = a.Code);
        // Read at once, by who judges in this transaction; given out only when it came to stand.
        missing.ForEach(w => words[found[w]] = w);
        tx.AfterCommit(() => missing.ForEach(w => Keep(found[w], w)));
        return found;
    }

    private static readonly BulkInsert<(int Code, string Word)> Insert = new("segments_words", new("code", typeof(int), w => w.Code), new("word", typeof(string), w => w.Word));

    /// <summary>All numbers up to here are known; those of this process may lie beyond some that others gave.</summary>
    private int LastInRow()
    {
        // What was given in transactions that are not committed is not counted on.
        while (words.TryGetValue(inRow + 1, out var next) && codes.TryGetValue(next, out var code) && code == inRow + 1)
        {
            inRow++;
        }
        return inRow;
    }

    private int inRow;

    private void Keep(int code, string word)
    {
        words[code] = word;
        codes[word] = code;
    }
}
