using System.Collections.Concurrent;
using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Rules;

/// <summary>Tests a property of a fact.</summary>
/// <param name="name">Number of the property's name.</param>
/// <param name="lookup">What the catalogue says of the word that the property holds; null where the word itself is tested.</param>
internal sealed class CompiledTest(int name, Test test, Vocabulary vocabulary, Func<string, string?>? lookup)
{
    /// <summary>A word passes or does not: asked once. With the word, as a number that was given in a transaction that failed may be another's the next time.</summary>
    private readonly ConcurrentDictionary<int, (string Word, bool Holds)> words = new();

    private readonly bool ofMissing = ValueTest.Holds(test, null);

    public bool Holds(ReadOnlySpan<byte> properties)
    {
        var reader = new PropertyReader(properties);
        while (reader.MoveNext())
        {
            if (reader.Name == name)
            {
                return reader.Type switch
                {
                    PackedType.Word => OfWord(reader.Word),
                    PackedType.Whole or PackedType.Decimal when lookup is null => ValueTest.HoldsNumber(test, reader.Number),
                    _ => lookup is null ? ValueTest.Holds(test, reader.Value(vocabulary)) : OfWord(reader.Value(vocabulary).ToString()),
                };
            }
        }
        return ofMissing;
    }

    private bool OfWord(int code)
    {
        var word = vocabulary.Word(code);
        if (!words.TryGetValue(code, out var known) || !ReferenceEquals(known.Word, word))
        {
            words[code] = known = (word, OfWord(word));
        }
        return known.Holds;
    }

    private bool OfWord(string word) => lookup is null ? ValueTest.Holds(test, FactValue.Of(word)) : ValueTest.Holds(test, lookup(word) is { } found ? FactValue.Of(found) : null);
}

/// <summary>Finds the facts of some kinds whose properties pass, and that are known at the moment.</summary>
/// <param name="kinds">Numbers of the kinds.</param>
internal sealed class CompiledFilter(IReadOnlyList<int> kinds, IReadOnlyList<CompiledTest> tests)
{
    public IReadOnlyList<int> Kinds => kinds;

    /// <summary>How many pass, whenever they happened up to now.</summary>
    /// <returns>-1 where one lies in the future, so that time has to be looked at.</returns>
    public int Count(Moment moment)
    {
        var count = 0;
        foreach (var history in moment.Histories)
        {
            foreach (var kind in kinds)
            {
                var reader = PackedHistory.Of(history, kind);
                while (reader.MoveNext())
                {
                    if (reader.KnownAt <= moment.KnownBy && Passes(reader.Properties))
                    {
                        if (reader.At > moment.Now)
                        {
                            return -1;
                        }
                        count++;
                    }
                }
            }
        }
        return count;
    }

    /// <summary>Adds those that pass, in no particular order.</summary>
    /// <param name="measured">Number of the property whose value is wanted; null for none.</param>
    /// <param name="hashed">Likewise, of the one that is to be told apart.</param>
    public void Find(Moment moment, Window window, int? measured, int? hashed, List<Match> found)
    {
        var sink = new MatchSink(measured, hashed, found);
        Visit(moment, window, ref sink);
    }

    /// <summary>Shows those that pass, in no particular order; those of the future, too.</summary>
    public void Visit<TSink>(Moment moment, Window window, ref TSink sink) where TSink : struct, IFactSink
    {
        var since = window.Since is { } s ? Fact.Milliseconds(s) : long.MinValue;
        var until = window.Until is { } u ? Fact.Milliseconds(u) : long.MaxValue;
        if (window.Last is { } last)
        {
            since = Math.Max(since, moment.Now - (long)last.TotalMilliseconds + 1);
        }
        foreach (var history in moment.Histories)
        {
            foreach (var kind in kinds)
            {
                var reader = PackedHistory.Of(history, kind);
                while (reader.MoveNext())
                {
                    if (reader.At >= since && reader.At < until && reader.KnownAt <= moment.KnownBy && Passes(reader.Properties))
                    {
                        sink.Take(in reader);
                    }
                }
            }
        }
    }

    private bool Passes(ReadOnlySpan<byte> properties)
    {
        for (var i = 0; i < tests.Count; i++)
        {
            if (!tests[i].Holds(properties))
            {
                return false;
            }
        }
        return true;
    }

    private readonly struct MatchSink(int? measured, int? hashed, List<Match> found) : IFactSink
    {
        public void Take(in FactReader fact) => found.Add(MatchOf(fact.At, fact.Properties, measured, hashed));
    }

    private static Match MatchOf(long at, ReadOnlySpan<byte> properties, int? measured, int? hashed)
    {
        if (measured is null && hashed is null)
        {
            return new Match(at, null, 0);
        }
        decimal? value = null;
        var hash = 0L;
        var reader = new PropertyReader(properties);
        while (reader.MoveNext())
        {
            if (reader.Name == measured && reader.Type is (PackedType.Whole or PackedType.Decimal))
            {
                value = reader.Number;
            }
            if (reader.Name == hashed)
            {
                hash = reader.Hash;
            }
        }
        return new Match(at, value, hash);
    }
}

/// <summary>Takes the facts that a filter finds.</summary>
internal interface IFactSink
{
    void Take(in FactReader fact);
}
