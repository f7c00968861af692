using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;

namespace Wellmet.Platform.Telemetry;

/// <summary>What the server adds and maps so that it can be watched.</summary>
public static class TelemetrySetup
{
    public const string MetricsPath = "/metrics";

    /// <summary>Sends everything to a collector.</summary>
    public static IServiceCollection AddTelemetryExport(this IServiceCollection services, TelemetryOptions options) =>
        services.AddSingleton(options).AddHostedService<TelemetryExport>();

    /// <summary>The first of all middleware, so that it sees the last word of all the others.</summary>
    public static void UseRequestSpans(this IApplicationBuilder app) => app.UseMiddleware<RequestSpans>();

    /// <summary>For Prometheus, with a key that may read metrics; and for staff who may.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder app) => app.MapGet(MetricsPath, async (PrometheusText text, LogSamples samples, CancellationToken ct) =>
    {
        await samples.RefreshAsync(ct);
        return Results.Text(text.Write(), PrometheusText.ContentType);
    }).RequirePermission(AccessPermissions.ReadMetrics).AcceptKeys();
}
