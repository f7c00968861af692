using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Rules;

/// <summary>Numbers of the names of the properties that a word about a list bears.</summary>
internal sealed record ListedNames(int Value, int Source, int By);

/// <summary>What the histories say last of whether somebody is on a list.</summary>
/// <param name="On">False where they were taken off it.</param>
/// <param name="Source">See <see cref="FactKinds.Source"/>.</param>
/// <param name="By">Who did it, as the audit log names them.</param>
public sealed record ListWord(bool On, DateTimeOffset At, string Source, string By);

/// <summary>The latest word about a list, over all histories of a customer.</summary>
/// <param name="kind">Number of the kind of its facts.</param>
internal sealed class CompiledListed(Listed rule, int kind, ListedNames names, Vocabulary vocabulary) : CompiledRule(rule)
{
    public override IReadOnlySet<int> Kinds { get; } = new HashSet<int> { kind };

    public override Verdict Ask(Moment moment) => Verdict.Of(IsOn(Latest(moment)));

    public override Explanation Explain(Moment moment)
    {
        var latest = Latest(moment);
        return Explained(Verdict.Of(IsOn(latest))) with { Word = latest.IsEmpty ? null : WordOf(latest) };
    }

    /// <summary>The same of one history alone; null where it says nothing.</summary>
    /// <param name="imported">False passes over what imports say, which may be taken back.</param>
    public bool? SaysOf(byte[] history, bool imported = true) => Latest(new Moment { Histories = [history] }, imported) is { IsEmpty: false } latest ? IsOn(latest) : null;

    private readonly ref struct Word(long at, ReadOnlySpan<byte> properties)
    {
        public long At { get; } = at;
        public ReadOnlySpan<byte> Properties { get; } = properties;
        public bool IsEmpty => Properties.IsEmpty;
    }

    /// <summary>By when it was heard: a word is said when it is written.</summary>
    private Word Latest(Moment moment, bool imported = true)
    {
        var found = new Word(long.MinValue, default);
        foreach (var history in moment.Histories)
        {
            var reader = PackedHistory.Of(history, kind);
            while (reader.MoveNext())
            {
                if (reader.KnownAt <= moment.KnownBy && reader.At >= found.At && (imported || reader.Import == 0))
                {
                    found = new Word(reader.At, reader.Properties);
                }
            }
        }
        return found;
    }

    private bool IsOn(Word word)
    {
        var reader = new PropertyReader(word.Properties);
        while (reader.MoveNext())
        {
            if (reader.Name == names.Value)
            {
                return reader.Type == PackedType.True;
            }
        }
        return false;
    }

    private ListWord WordOf(Word word)
    {
        var (source, by) = ("", "");
        var reader = new PropertyReader(word.Properties);
        while (reader.MoveNext())
        {
            source = reader.Name == names.Source ? reader.Value(vocabulary).ToString() : source;
            by = reader.Name == names.By ? reader.Value(vocabulary).ToString() : by;
        }
        return new ListWord(IsOn(word), Fact.Time(word.At), source, by);
    }
}
