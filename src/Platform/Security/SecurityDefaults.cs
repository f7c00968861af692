using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Wellmet.Platform.Idempotency;

namespace Wellmet.Platform.Security;

/// <summary>
/// Every security setting of the web server in one place, because the framework's own defaults are not safe enough. One test asserts each value.
/// </summary>
public static class SecurityDefaults
{
    public const long MaxRequestBody = 1024 * 1024;
    public const int MaxConnections = 10_000, MaxUpgradedConnections = 2_000, MaxJsonDepth = 32;

    /// <summary>Below this, sign-in cookies and antiforgery tokens can be forged (CVE-2026-40372).</summary>
    private static readonly Version OldestDataProtection = new(10, 0, 7);

    /// <exception cref="ProblemException"><c>base_url_invalid</c>, <c>plain_http_refused</c>, <c>runtime_old</c>.</exception>
    public static IServiceCollection AddSecurityDefaults(this IServiceCollection services, WebOptions web)
    {
        web.Demand();
        DemandRuntime();
        services.TryAddSingleton(web);
        AddTransport(services, web);
        AddKeyRing(services);
        services.AddAntiforgery(o =>
        {
            o.Cookie = CookieRules.Builder(web, "antiforgery");
            // Said by our own headers, for every page.
            o.SuppressXFrameOptionsHeader = true;
        });
        services.AddSingleton<Api.OpenApiDocument>();
        services.AddRequestLimits();
        services.AddProblemDetails();
        services.AddExceptionHandler<ProblemAnswers>();
        services.Configure<JsonOptions>(o => Harden(o.SerializerOptions));
        return services;
    }

    /// <summary>The middleware, in its order; before any route is mapped.</summary>
    public static WebApplication UseSecurityDefaults(this WebApplication app)
    {
        var web = app.Services.GetRequiredService<WebOptions>();
        app.UseForwardedHeaders();
        app.Use((http, next) =>
        {
            // The scheme that people see is configured, not guessed from headers: links and cookies follow it.
            http.Request.Scheme = web.BaseUrl.Scheme;
            return next(http);
        });
        app.UseHostFiltering();
        if (web.IsHttps)
        {
            app.UseHsts();
        }
        app.UseMiddleware<SecurityHeaders>();
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = _ => true });
        app.UseStatusCodePages(context => ProblemAnswers.WriteStatusAsync(context.HttpContext));
        app.UseRouting();
        app.UseRateLimiter();
        // Only routes that pages of a shop call say something about it.
        app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<FormsOnly>();
        app.UseAntiforgery();
        app.UseMiddleware<ForgeryCheck>();
        app.UseMiddleware<IdempotencyKeys>();
        return app;
    }

    /// <summary>JSON of the API: what is sent twice, unknown or of the wrong type is refused instead of guessed.</summary>
    public static void Harden(JsonSerializerOptions options)
    {
        options.AllowDuplicateProperties = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.PropertyNameCaseInsensitive = false;
        options.MaxDepth = MaxJsonDepth;
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
    }

    private static void AddTransport(IServiceCollection services, WebOptions web)
    {
        services.Configure<HostFilteringOptions>(o =>
        {
            o.AllowedHosts = web.BaseUrl.IsLoopback ? ["localhost", "127.0.0.1", "[::1]"] : [web.BaseUrl.Host];
            o.AllowEmptyHosts = false;
            o.IncludeFailureMessage = false;
        });
        services.Configure<ForwardedHeadersOptions>(o => Trust(o, web));
        services.Configure<HstsOptions>(o =>
        {
            o.MaxAge = TimeSpan.FromDays(365);
            o.IncludeSubDomains = true;
        });
        services.Configure<KestrelServerOptions>(o =>
        {
            o.AddServerHeader = false;
            o.Limits.MaxConcurrentConnections = MaxConnections;
            o.Limits.MaxConcurrentUpgradedConnections = MaxUpgradedConnections;
            o.Limits.MaxRequestBodySize = MaxRequestBody;
            o.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        services.Configure<FormOptions>(o =>
        {
            o.MultipartBodyLengthLimit = MaxRequestBody;
            o.ValueCountLimit = 1000;
        });
    }

    /// <summary>Forwarded headers are believed from the named proxies only, one hop, and only for the client's address.</summary>
    private static void Trust(ForwardedHeadersOptions options, WebOptions web)
    {
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        options.ForwardLimit = 1;
        options.ForwardedHeaders = web.KnownProxies.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor;
        foreach (var proxy in web.KnownProxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else if (System.Net.IPNetwork.TryParse(proxy, out var network))
            {
                options.KnownIPNetworks.Add(network);
            }
            else
            {
                throw new ProblemException("proxy_invalid", "The proxy {0} must be an IP address or a range such as 10.0.0.0/8.", 500, proxy);
            }
        }
    }

    private static void AddKeyRing(IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("Wellmet").SetDefaultKeyLifetime(TimeSpan.FromDays(90));
        services.AddSingleton<KeyRing>();
        services.AddSingleton<KeyRingCipher>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(p => new ConfigureOptions<KeyManagementOptions>(o =>
        {
            o.XmlRepository = p.GetRequiredService<KeyRing>();
            o.XmlEncryptor = p.GetRequiredService<KeyRingCipher>();
        }));
    }

    private static void DemandRuntime() =>
        DemandDataProtection(typeof(KeyManagementOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);

    /// <param name="version">As the assembly says it: <c>10.0.12+abcdef</c>.</param>
    internal static void DemandDataProtection(string? version)
    {
        if (!Version.TryParse(version?.Split('+', '-')[0], out var loaded) || loaded < OldestDataProtection)
        {
            throw new ProblemException("runtime_old", "This .NET runtime has a hole in its data protection ({0}). Update it to {1} or later.", 500, version ?? "?", OldestDataProtection);
        }
    }
}
