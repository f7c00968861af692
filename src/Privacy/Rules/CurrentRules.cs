using Wellmet.Platform.Storage;

namespace Wellmet.Privacy.Rules;

/// <summary>
/// The rules as the gate asks them, at every use of personal data: read once in two seconds and held in between. A change holds at once on the node where it was made and within two seconds on
/// the others; what people said is read each time.
/// </summary>
public sealed class CurrentRules(Database database, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private Held? held;
    private int changes;

    public async ValueTask<RuleBook> ReadAsync(CancellationToken ct)
    {
        if (Volatile.Read(ref held) is { } current && current.Changes == Volatile.Read(ref changes) && time.GetElapsedTime(current.At) < Fresh)
        {
            return current.Book;
        }
        var (before, at) = (Volatile.Read(ref changes), time.GetTimestamp());
        var book = await database.ReadAsync(s => RuleBook.ReadAsync(s, ct), ct);
        // What was read beside a change may be from before it: it is not used again.
        Volatile.Write(ref held, new Held(book, at, before));
        return book;
    }

    /// <summary>A rule was changed: they are read anew.</summary>
    public void Forget() => Interlocked.Increment(ref changes);

    private sealed record Held(RuleBook Book, long At, int Changes);
}
