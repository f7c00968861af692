using System.Globalization;

namespace Wellmet.Platform.Telemetry;

/// <summary>Where metrics and spans go.</summary>
/// <param name="Endpoint">Base address of a collector, e.g. <c>http://localhost:4318</c>.</param>
/// <param name="Grpc">OTLP over gRPC instead of HTTP with protobuf.</param>
public sealed record TelemetryOptions(Uri Endpoint, bool Grpc = false)
{
    /// <summary>How often metrics are sent.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Share of the requests that are traced, 0 to 1.</summary>
    public double Ratio { get; init; } = 1;

    /// <summary>Reads what was asked for: the option first, then the variables of the OpenTelemetry specification.</summary>
    /// <param name="option">Of the command line; null or empty where there is none.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <returns>Null where nothing is to be sent.</returns>
    /// <exception cref="ProblemException"><c>telemetry_endpoint_wrong</c>, <c>telemetry_protocol_wrong</c>, <c>telemetry_headers_wrong</c>, <c>telemetry_ratio_wrong</c>.</exception>
    public static TelemetryOptions? Read(string? option, Func<string, string?> variable)
    {
        var text = string.IsNullOrWhiteSpace(option) ? variable("OTEL_EXPORTER_OTLP_ENDPOINT") : option;
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https") || endpoint.Query.Length > 0 || endpoint.UserInfo.Length > 0)
        {
            throw new ProblemException("telemetry_endpoint_wrong", "The telemetry endpoint {0} must be the base address of a collector, such as http://localhost:4318.", 400, text);
        }
        var headers = variable("OTEL_EXPORTER_OTLP_HEADERS");
        if (!string.IsNullOrWhiteSpace(headers) && !headers.Split(',').All(h => h.IndexOf('=', StringComparison.Ordinal) > 0))
        {
            throw new ProblemException("telemetry_headers_wrong", "OTEL_EXPORTER_OTLP_HEADERS must look like name=value,name=value.");
        }
        return variable("OTEL_EXPORTER_OTLP_PROTOCOL") switch
        {
            null or "" or "http/protobuf" => new TelemetryOptions(endpoint) { Ratio = RatioOf(variable("OTEL_TRACES_SAMPLER_ARG")) },
            "grpc" => new TelemetryOptions(endpoint, Grpc: true) { Ratio = RatioOf(variable("OTEL_TRACES_SAMPLER_ARG")) },
            var other => throw new ProblemException("telemetry_protocol_wrong", "OTEL_EXPORTER_OTLP_PROTOCOL is {0}; it can be http/protobuf or grpc.", 400, other),
        };
    }

    private static double RatioOf(string? text) => string.IsNullOrWhiteSpace(text) ? 1
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 ? ratio
        : throw new ProblemException("telemetry_ratio_wrong", "OTEL_TRACES_SAMPLER_ARG is {0}; it must be a number from 0 to 1.", 400, text);
}
