using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Rules;

/// <summary>What is said of the person, by the weightiest who says it, and by them the latest.</summary>
/// <param name="kind">Number of the kind of its facts.</param>
/// <param name="value">Number of the name of the property that says it.</param>
/// <param name="weight">Likewise, of the one that weighs it.</param>
internal sealed class CompiledTrait(Trait rule, int kind, int value, int weight, Vocabulary vocabulary) : CompiledRule(rule)
{
    public override IReadOnlySet<int> Kinds { get; } = new HashSet<int> { kind };

    public override Verdict Ask(Moment moment) => ValueTest.At(rule.Test, ValueOf(moment), moment.Now);

    public override Explanation Explain(Moment moment) => Explained(Ask(moment), value: ValueOf(moment)?.ToString());

    /// <summary>Null where nobody says it, or they took it back.</summary>
    private FactValue? ValueOf(Moment moment)
    {
        var (found, best) = ((FactValue?)null, (Weight: -1L, At: 0L, Seq: 0L));
        foreach (var history in moment.Histories)
        {
            var reader = PackedHistory.Of(history, kind);
            while (reader.MoveNext())
            {
                if (reader.KnownAt > moment.KnownBy || reader.At > moment.Now)
                {
                    continue;
                }
                var (said, weighs) = Read(reader.Properties);
                if ((weighs, reader.At, reader.Seq).CompareTo(best) > 0)
                {
                    (found, best) = (said, (weighs, reader.At, reader.Seq));
                }
            }
        }
        return found;
    }

    private (FactValue? Said, long Weight) Read(ReadOnlySpan<byte> properties)
    {
        var (said, weighs) = ((FactValue?)null, 0L);
        var reader = new PropertyReader(properties);
        while (reader.MoveNext())
        {
            if (reader.Name == value)
            {
                said = reader.Value(vocabulary);
            }
            else if (reader.Name == weight)
            {
                weighs = (long)reader.Number;
            }
        }
        return (said, weighs);
    }
}

/// <summary>When the customer was seen for the first time, or whether nobody is known behind the visits: both read off how subjects appeared.</summary>
/// <param name="kind">Number of the kind of those facts.</param>
/// <param name="anonymous">Number of the name of the property that says that nobody is known.</param>
internal sealed class CompiledAppearance(Trait rule, int kind, int anonymous) : CompiledRule(rule)
{
    public const string FirstSeen = "first_seen", Anonymous = "anonymous";

    public override IReadOnlySet<int> Kinds { get; } = new HashSet<int> { kind };

    public override Verdict Ask(Moment moment) => ValueTest.At(rule.Test, ValueOf(moment), moment.Now);

    public override Explanation Explain(Moment moment) => Explained(Ask(moment), value: ValueOf(moment)?.ToString());

    private FactValue? ValueOf(Moment moment)
    {
        var (first, unknown) = (Verdict.Never, true);
        foreach (var history in moment.Histories)
        {
            var reader = PackedHistory.Of(history, kind);
            while (reader.MoveNext())
            {
                if (reader.KnownAt <= moment.KnownBy)
                {
                    first = Math.Min(first, reader.At);
                    unknown &= IsAnonymous(reader.Properties);
                }
            }
        }
        return rule.Name == Anonymous ? FactValue.Of(unknown)
            : first == Verdict.Never ? null
            : FactValue.Of(Fact.Time(first).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture));
    }

    private bool IsAnonymous(ReadOnlySpan<byte> properties)
    {
        var reader = new PropertyReader(properties);
        while (reader.MoveNext())
        {
            if (reader.Name == anonymous)
            {
                return reader.Type == PackedType.True;
            }
        }
        return false;
    }
}
