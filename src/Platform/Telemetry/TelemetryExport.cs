using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Wellmet.Platform.Log;

namespace Wellmet.Platform.Telemetry;

/// <summary>Sends metrics and spans to a collector by OTLP for as long as the program runs. A collector that is away disturbs nothing.</summary>
internal sealed class TelemetryExport(TelemetryOptions options, LogOptions log, LogSamples samples, TimeProvider time) : BackgroundService
{
    /// <summary>What is measured by the framework and the database driver.</summary>
    public static readonly string[] Meters = [Instruments.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql"];

    private static readonly string[] Sources = [Instruments.Name, "Microsoft.AspNetCore", "Npgsql"];
    private const int FlushMilliseconds = 3000;

    private MeterProvider? metrics;
    private TracerProvider? traces;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceBuilder.CreateEmpty().AddService("wellmet", serviceVersion: typeof(Instruments).Assembly.GetName().Version!.ToString(3), serviceInstanceId: log.Node);
        traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Sources)
            .ConfigureServices(s => s.AddSingleton(Limits()))
            .SetSampler(new ParentBasedSampler(rootSampler: new WorkSampler(options.Ratio), remoteParentSampled: new WorkSampler(options.Ratio)))
            .AddProcessor(new PlainSpans()).AddOtlpExporter(o => Aim(o, "v1/traces")).Build();
        metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Meters).AddOtlpExporter((o, reader) =>
        {
            Aim(o, "v1/metrics");
            reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.Interval.TotalMilliseconds;
        }).Build();
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Gauges are read at once, while the log has to be asked: it is, a little more often than they are sent.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await samples.RefreshAsync(stoppingToken);
            await Task.Delay(options.Interval / 2, time, stoppingToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        traces?.ForceFlush(FlushMilliseconds);
        metrics?.ForceFlush(FlushMilliseconds);
    }

    public override void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
        base.Dispose();
    }

    private void Aim(OtlpExporterOptions exporter, string path)
    {
        exporter.Protocol = options.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = options.Grpc ? options.Endpoint : new Uri(options.Endpoint.ToString().TrimEnd('/') + "/" + path);
    }

    /// <summary>
    /// The variables of the environment, and no events of spans: what goes wrong is such an event, with the message and the stack of the exception, and a
    /// message may quote what a person wrote.
    /// </summary>
    private static IConfiguration Limits() => new ConfigurationBuilder().AddEnvironmentVariables()
        .AddInMemoryCollection([new("OTEL_SPAN_EVENT_COUNT_LIMIT", "0")]).Build();

    /// <summary>
    /// Of a span of the framework or the driver only these tags and the status without its text leave: addresses hold search words, links hold one-time
    /// tokens, both hold who asked, and the text of an error may quote it.
    /// </summary>
    private sealed class PlainSpans : BaseProcessor<Activity>
    {
        private static readonly HashSet<string> Kept =
        [
            "http.request.method", "http.route", "http.response.status_code", "url.scheme", "network.protocol.version", "error.type", "db.system", "db.system.name", "db.operation.name", "db.response.status_code",
        ];

        public override void OnEnd(Activity data)
        {
            if (data.Source.Name == Instruments.Name)
            {
                return;
            }
            foreach (var (name, _) in data.TagObjects.Where(t => !Kept.Contains(t.Key)).ToList())
            {
                data.SetTag(name, null);
            }
            data.SetStatus(data.Status);
        }
    }

    /// <summary>
    /// Requests and the work of receivers, by their share. What looks into the database by itself, again and again, is no work. Who sends the id of a trace
    /// along may have chosen it, so a lot is drawn instead of looking at that id.
    /// </summary>
    private sealed class WorkSampler(double ratio) : Sampler
    {
        private readonly TraceIdRatioBasedSampler share = new(ratio);

        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            samplingParameters.Kind == ActivityKind.Client ? new SamplingResult(SamplingDecision.Drop)
            : share.ShouldSample(new SamplingParameters(default, ActivityTraceId.CreateRandom(), samplingParameters.Name, samplingParameters.Kind));
    }
}
