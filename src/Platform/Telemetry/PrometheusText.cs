using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Wellmet.Platform.Telemetry;

/// <summary>
/// The instruments as text that Prometheus reads (exposition format 0.0.4). It begins to count when it is first asked, so that a program whose metrics
/// nobody reads does not count; Prometheus takes that for a start.
/// </summary>
public sealed class PrometheusText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Series of one instrument; more are left out, so that memory is bounded whatever the tags hold.</summary>
    private const int MostSeries = 2000;

    private static readonly double[] UsualBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<string, Series>> measured = new();
    private readonly Lock gate = new();
    private readonly Instruments own;
    private MeterListener? listener;

    public PrometheusText(Instruments own) => this.own = own;

    public string Write()
    {
        Listen();
        foreach (var series in measured.Where(m => m.Key.IsObservable).SelectMany(m => m.Value.Values))
        {
            series.Forget();
        }
        listener!.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var (instrument, series) in measured.OrderBy(m => m.Key.Name, StringComparer.Ordinal))
        {
            Write(text, instrument, series);
        }
        return text.ToString();
    }

    public void Dispose() => listener?.Dispose();

    private void Listen()
    {
        lock (gate)
        {
            if (listener is not null)
            {
                return;
            }
            listener = new MeterListener { InstrumentPublished = Publish };
            listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i, value, tags));
            listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Add(i, value, tags));
            listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Add(i, value, tags));
            listener.Start();
        }
    }

    /// <summary>Of meters of our own name only the one of this program: another may run in the same process.</summary>
    private void Publish(Instrument instrument, MeterListener to)
    {
        if (instrument.Meter.Name == Instruments.Name ? instrument.Meter == own.Meter : TelemetryExport.Meters.Contains(instrument.Meter.Name))
        {
            measured.TryAdd(instrument, new ConcurrentDictionary<string, Series>(StringComparer.Ordinal));
            to.EnableMeasurementEvents(instrument);
        }
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = measured[instrument];
        var labels = LabelsOf(tags);
        if (!series.TryGetValue(labels, out var one) && series.Count < MostSeries)
        {
            one = series.GetOrAdd(labels, _ => new Series(BoundsOf(instrument)));
        }
        one?.Add(value, replaces: instrument.IsObservable);
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> h => [.. h.Advice?.HistogramBucketBoundaries ?? UsualBounds],
        Histogram<long> h => [.. (h.Advice?.HistogramBucketBoundaries ?? []).Select(b => (double)b)],
        Histogram<int> h => [.. (h.Advice?.HistogramBucketBoundaries ?? []).Select(b => (double)b)],
        _ => [],
    };

    private static void Write(StringBuilder text, Instrument instrument, ConcurrentDictionary<string, Series> series)
    {
        var kind = instrument.GetType().Name.Split('`')[0] switch
        {
            "Counter" or "ObservableCounter" => "counter",
            "Histogram" => "histogram",
            _ => "gauge",
        };
        var name = NameOf(instrument, kind);
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {instrument.Description?.Replace("\n", " ", StringComparison.Ordinal)}\n# TYPE {name} {kind}\n");
        foreach (var (labels, one) in series.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            one.Write(text, name, labels, kind == "histogram");
        }
    }

    private static string NameOf(Instrument instrument, string kind)
    {
        var name = string.Concat(instrument.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return name + (name.EndsWith(unit, StringComparison.Ordinal) ? "" : unit) + (kind == "counter" ? "_total" : "");
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }
        var text = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            var plain = Convert.ToString(value, CultureInfo.InvariantCulture)?.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            text.Append(text.Length == 0 ? "" : ",").Append(string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'))).Append("=\"").Append(plain).Append('"');
        }
        return text.ToString();
    }

    /// <summary>What was measured with one set of tags.</summary>
    private sealed class Series(double[] bounds)
    {
        private readonly long[] buckets = new long[bounds.Length];
        private readonly Lock gate = new();
        private double sum;
        private long count;

        public void Add(double value, bool replaces)
        {
            lock (gate)
            {
                sum = replaces ? value : sum + value;
                count++;
                for (var i = 0; i < bounds.Length; i++)
                {
                    buckets[i] += value <= bounds[i] ? 1 : 0;
                }
            }
        }

        /// <summary>What is observed anew each time, and not observed any more, is not there any more.</summary>
        public void Forget()
        {
            lock (gate)
            {
                count = 0;
            }
        }

        public void Write(StringBuilder text, string name, string labels, bool histogram)
        {
            lock (gate)
            {
                if (count == 0)
                {
                    return;
                }
                if (!histogram)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}{Braces(labels)} {sum}\n");
                    return;
                }
                for (var i = 0; i < bounds.Length; i++)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{Braces(labels, $"le=\"{bounds[i].ToString(CultureInfo.InvariantCulture)}\"")} {buckets[i]}\n");
                }
                text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{Braces(labels, "le=\"+Inf\"")} {count}\n{name}_sum{Braces(labels)} {sum}\n{name}_count{Braces(labels)} {count}\n");
            }
        }

        private static string Braces(string labels, string more = "") => (labels + (labels.Length > 0 && more.Length > 0 ? "," : "") + more) is { Length: > 0 } all ? $"{{{all}}}" : "";
    }
}
