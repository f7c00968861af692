using System.Globalization;
using System.Text.Json;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Rules;

/// <summary>Writes rules as <see cref="RuleJson"/> reads them.</summary>
internal static class RuleJsonWriter
{
    public static void Write(Utf8JsonWriter to, Rule rule)
    {
        to.WriteStartObject();
        switch (rule)
        {
            case AllOf all:
                WriteList(to, "all", all.Rules);
                break;
            case AnyOf any:
                WriteList(to, "any", any.Rules);
                break;
            case Not not:
                to.WritePropertyName("not");
                Write(to, not.Rule);
                break;
            case Did did:
                WriteDid(to, did);
                break;
            case Sequence sequence:
                WriteSequence(to, sequence);
                break;
            case Trait trait:
                to.WriteString("trait", trait.Name);
                WriteTest(to, trait.Test);
                break;
            case ComputedTrait computed:
                to.WriteString("computed", computed.TraitId);
                WriteTest(to, computed.Test);
                break;
            case InSegment other:
                to.WriteString("segment", other.SegmentId);
                break;
            case Listed listed:
                to.WriteString("listed", listed.ListId);
                break;
            default:
                throw new NotSupportedException(rule.GetType().Name);
        }
        to.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter to, string name, IReadOnlyList<Rule> rules)
    {
        to.WriteStartArray(name);
        foreach (var rule in rules)
        {
            Write(to, rule);
        }
        to.WriteEndArray();
    }

    private static void WriteDid(Utf8JsonWriter to, Did did)
    {
        WriteFilter(to, "did", did.What);
        if (did.Measure is Measure.First or Measure.Last)
        {
            to.WriteBoolean(EnumText.Of(did.Measure), true);
        }
        else
        {
            if (did.Of is { } of)
            {
                to.WriteString(EnumText.Of(did.Measure), of);
            }
            to.WritePropertyName(EnumText.Of(did.Comparison));
            if (did.To is { } upper)
            {
                to.WriteStartArray();
                to.WriteNumberValue(did.Value);
                to.WriteNumberValue(upper);
                to.WriteEndArray();
            }
            else
            {
                to.WriteNumberValue(did.Value);
            }
        }
        WriteWindow(to, did.Window);
    }

    private static void WriteSequence(Utf8JsonWriter to, Sequence sequence)
    {
        to.WriteStartArray("sequence");
        foreach (var (step, index) in sequence.Steps.Select((s, i) => (s, i)))
        {
            to.WriteStartObject();
            WriteFilter(to, step.Happens ? "did" : "not", step.What);
            if (index > 0)
            {
                to.WriteString("within", Span(step.Within));
            }
            to.WriteEndObject();
        }
        to.WriteEndArray();
        if (sequence.Same is { } same)
        {
            to.WriteString("same", same);
        }
        WriteWindow(to, sequence.Window);
    }

    public static void WriteFilter(Utf8JsonWriter to, string name, FactFilter filter)
    {
        to.WriteString(name, filter.Kind);
        if (filter.Where.Count == 0)
        {
            return;
        }
        to.WriteStartArray("where");
        foreach (var test in filter.Where)
        {
            to.WriteStartObject();
            to.WriteString("property", test.Property);
            WriteTest(to, test.Test);
            to.WriteEndObject();
        }
        to.WriteEndArray();
    }

    private static void WriteTest(Utf8JsonWriter to, Test test)
    {
        to.WritePropertyName(EnumText.Of(test.Operator));
        var (_, most) = TestOperators.ValuesOf(test.Operator);
        if (most == 0)
        {
            to.WriteBooleanValue(true);
            return;
        }
        if (most > 1)
        {
            to.WriteStartArray();
        }
        foreach (var value in test.Values)
        {
            WriteValue(to, value);
        }
        if (most > 1)
        {
            to.WriteEndArray();
        }
    }

    private static void WriteValue(Utf8JsonWriter to, FactValue value)
    {
        if (value.Text is { } text)
        {
            to.WriteStringValue(text);
        }
        else if (value.Number is { } number)
        {
            to.WriteNumberValue(number);
        }
        else
        {
            to.WriteBooleanValue(value.Truth is true);
        }
    }

    public static void WriteWindow(Utf8JsonWriter to, Window window)
    {
        if (window == Window.Ever)
        {
            return;
        }
        to.WriteStartObject("window");
        foreach (var (name, span) in new[] { ("last", window.Last), ("before", window.Before) })
        {
            if (span is { } given)
            {
                to.WriteString(name, Span(given));
            }
        }
        foreach (var (name, time) in new[] { ("since", window.Since), ("until", window.Until) })
        {
            if (time is { } given)
            {
                to.WriteString(name, given.ToString(given.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            }
        }
        to.WriteEndObject();
    }

    public static string Span(TimeSpan span)
    {
        var (count, unit) = span.Ticks % TimeSpan.TicksPerDay == 0 ? (span.Days, 'd') : span.Ticks % TimeSpan.TicksPerHour == 0 ? ((int)span.TotalHours, 'h') : ((int)span.TotalMinutes, 'm');
        return string.Create(CultureInfo.InvariantCulture, $"{count}{unit}");
    }
}
