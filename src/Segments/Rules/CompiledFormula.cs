using System.Globalization;
using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Rules;

/// <summary>Reads a property of a fact.</summary>
/// <param name="name">Number of its name.</param>
/// <param name="lookup">What the catalogue says of the word that the property holds; null where the word itself is meant.</param>
internal sealed class CompiledProperty(int name, Vocabulary vocabulary, Func<string, string?>? lookup)
{
    /// <summary>Null where the fact has none.</summary>
    public FactValue? Of(ReadOnlySpan<byte> properties)
    {
        var reader = new PropertyReader(properties);
        while (reader.MoveNext())
        {
            if (reader.Name == name)
            {
                var value = reader.Value(vocabulary);
                return lookup is null ? value : lookup(value.ToString()) is { } found ? FactValue.Of(found) : null;
            }
        }
        return null;
    }
}

/// <summary>What a computed trait says of a customer at a moment.</summary>
/// <param name="Value">Null where nothing is known.</param>
/// <param name="Facts">How many facts it rests on.</param>
/// <param name="When">When they happened, the latest first; at most <see cref="Explanation.MostWhen"/>.</param>
/// <param name="ChangesAt">Not before then can time alone change the value (milliseconds since 1970); <see cref="Verdict.Never"/> where it cannot.</param>
public sealed record ComputedValue(FactValue? Value, int Facts, IReadOnlyList<long> When, long ChangesAt)
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>A time as values hold it.</summary>
    internal static FactValue Time(long at) => FactValue.Of(Fact.Time(at).ToString(TimeFormat, CultureInfo.InvariantCulture));

    /// <summary>The time that a value says; null where it says something else.</summary>
    public static DateTimeOffset? TimeOf(FactValue value) =>
        DateTimeOffset.TryParseExact(value.Text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}

/// <summary>A formula made ready to be asked of many.</summary>
/// <param name="of">The property whose values are wanted; null where facts or their times are.</param>
internal sealed class CompiledFormula(TraitFormula formula, CompiledFilter filter, CompiledProperty? of)
{
    /// <summary>So many moments at which facts begin or cease to count are looked at in advance. After the last one nothing is promised, which costs a look too many.</summary>
    private const int MostMoments = 50;

    private readonly long last = formula.Last is { } l ? (long)l.TotalMilliseconds : Verdict.Never;

    public IReadOnlyList<int> Kinds => filter.Kinds;

    /// <param name="Said">Null where the fact does not have the property, or none is wanted.</param>
    private readonly record struct Found(long At, long Seq, FactValue? Said);

    private readonly struct Sink(List<Found> found, CompiledProperty? of) : IFactSink
    {
        public void Take(in FactReader fact) => found.Add(new Found(fact.At, fact.Seq, of?.Of(fact.Properties)));
    }

    /// <summary>Whether the value passes a test, and until when that stays so: moment by moment at which a fact begins or ceases to count, until the answer turns.</summary>
    public Verdict Ask(Moment moment, Test test)
    {
        var found = Find(moment);
        var now = moment.Now;
        var verdict = ValueTest.At(test, ValueAt(found, now), now);
        var holds = verdict.Holds;
        for (var i = 0; i < MostMoments; i++)
        {
            var next = NextMove(found, now);
            if (verdict.ChangesAt <= next)
            {
                return new Verdict(holds, verdict.ChangesAt);
            }
            now = next;
            verdict = ValueTest.At(test, ValueAt(found, now), now);
            if (verdict.Holds != holds)
            {
                return new Verdict(holds, now);
            }
        }
        return new Verdict(holds, Math.Min(verdict.ChangesAt, NextMove(found, now)));
    }

    /// <summary>When the facts that count happened, the earliest first.</summary>
    public IReadOnlyList<long> TimesAt(Moment moment) => [.. Find(moment).Where(f => Counts(f.At, moment.Now)).Select(f => f.At).Order()];

    public ComputedValue Compute(Moment moment)
    {
        var found = Find(moment);
        var value = ValueAt(found, moment.Now);
        var rests = found.Where(f => Counts(f.At, moment.Now) && (of is null || f.Said is not null)).ToList();
        rests = formula.Aggregation switch
        {
            Aggregation.First or Aggregation.Last => EdgeOf(found, moment.Now) is { } edge ? [edge] : [],
            Aggregation.MostFrequent or Aggregation.Smallest or Aggregation.Largest => rests.FindAll(f => f.Said == value),
            Aggregation.Sum or Aggregation.Average => rests.FindAll(f => f.Said?.Number is not null),
            _ => rests,
        };
        return new ComputedValue(value, rests.Count, [.. rests.Select(f => f.At).OrderDescending().Take(Explanation.MostWhen)], NextMove(found, moment.Now));
    }

    private List<Found> Find(Moment moment)
    {
        var found = new List<Found>();
        var sink = new Sink(found, of);
        filter.Visit(moment, formula.Window, ref sink);
        return found;
    }

    private bool Counts(long at, long now) => at <= now && (last == Verdict.Never || now < at + last);

    private long NextMove(List<Found> found, long now)
    {
        var next = Verdict.Never;
        foreach (var fact in found)
        {
            if (fact.At > now)
            {
                next = Math.Min(next, fact.At);
            }
            else if (last != Verdict.Never && fact.At + last > now)
            {
                next = Math.Min(next, fact.At + last);
            }
        }
        return next;
    }

    private FactValue? ValueAt(List<Found> found, long now) => formula.Aggregation switch
    {
        Aggregation.Count => FactValue.Of((decimal)found.Count(f => Counts(f.At, now))),
        Aggregation.Different => FactValue.Of((decimal)found.Where(f => f.Said is not null && Counts(f.At, now)).Select(f => f.Said!.Value).Distinct().Count()),
        Aggregation.First or Aggregation.Last => EdgeOf(found, now) is { } edge ? of is null ? ComputedValue.Time(edge.At) : edge.Said : null,
        Aggregation.MostFrequent => MostFrequentOf(found, now),
        _ => NumberOf(found, now) is { } number ? FactValue.Of(number) : null,
    };

    private decimal? NumberOf(List<Found> found, long now)
    {
        var (count, sum, extreme) = (0, 0m, (decimal?)null);
        foreach (var fact in found)
        {
            if (fact.Said?.Number is { } number && Counts(fact.At, now))
            {
                count++;
                sum += number;
                extreme = extreme is not { } e ? number : formula.Aggregation == Aggregation.Smallest ? Math.Min(e, number) : Math.Max(e, number);
            }
        }
        return formula.Aggregation switch
        {
            Aggregation.Sum => sum,
            Aggregation.Average => count == 0 ? null : sum / count,
            _ => extreme,
        };
    }

    /// <summary>The earliest or the latest that counts and bears the property. Several of one moment and one event (the products of an order) are told apart by what they say, so that the answer is always the same.</summary>
    private Found? EdgeOf(List<Found> found, long now)
    {
        Found? edge = null;
        foreach (var fact in found)
        {
            if (Counts(fact.At, now) && (of is null || fact.Said is not null)
                && (edge is not { } e || (formula.Aggregation == Aggregation.First ? Compare(fact, e) < 0 : Compare(fact, e) > 0)))
            {
                edge = fact;
            }
        }
        return edge;
    }

    private static int Compare(Found a, Found b) =>
        (a.At, a.Seq).CompareTo((b.At, b.Seq)) is not 0 and var order ? order : string.CompareOrdinal(a.Said?.ToString(), b.Said?.ToString());

    private FactValue? MostFrequentOf(List<Found> found, long now)
    {
        var values = new Dictionary<FactValue, (int Count, Found Latest)>();
        foreach (var fact in found)
        {
            if (fact.Said is { } said && Counts(fact.At, now))
            {
                values[said] = values.TryGetValue(said, out var so) ? (so.Count + 1, Compare(fact, so.Latest) > 0 ? fact : so.Latest) : (1, fact);
            }
        }
        (int Count, Found Latest)? best = null;
        foreach (var value in values.Values)
        {
            if (best is not { } b || value.Count > b.Count || (value.Count == b.Count && Compare(value.Latest, b.Latest) > 0))
            {
                best = value;
            }
        }
        return best?.Latest.Said;
    }

}

/// <summary>Asks for the value of a computed trait.</summary>
internal sealed class CompiledComputed(ComputedTrait rule, CompiledFormula formula) : CompiledRule(rule)
{
    public override IReadOnlySet<int> Kinds { get; } = formula.Kinds.ToHashSet();

    /// <inheritdoc cref="CompiledFormula.Compute"/>
    public ComputedValue Compute(Moment moment) => formula.Compute(moment);

    /// <inheritdoc cref="CompiledFormula.TimesAt"/>
    public IReadOnlyList<long> TimesAt(Moment moment) => formula.TimesAt(moment);

    public override Verdict Ask(Moment moment) => formula.Ask(moment, rule.Test);

    public override Explanation Explain(Moment moment)
    {
        var computed = formula.Compute(moment);
        return Explained(Ask(moment), computed.Value?.Number, computed.Value is { Number: null } text ? text.ToString() : null, computed.When);
    }
}
