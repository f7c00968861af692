using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Security;
using Wellmet.Platform.Storage;
using Wellmet.Server;

namespace Wellmet.Tests.Platform.Security;

public sealed class SecurityDefaultsTest
{
    /// <summary>Each value that the framework would leave weaker, as the real host has it.</summary>
    [Fact]
    public async Task Every_value_is_set()
    {
        var storage = TestShop.NewStorage(Engine.Sqlite);
        await using var app = WebServer.Build(storage, WebShop.FreePort(), new WebOptions(new Uri("https://crm.example.com"), ["10.1.2.3", "192.168.0.0/16"]));
        T Options<T>() where T : class => app.Services.GetRequiredService<IOptions<T>>().Value;

        Options<RateLimiterOptions>().RejectionStatusCode.ShouldBe(429);
        Options<RateLimiterOptions>().GlobalLimiter.ShouldNotBeNull();
        Options<AntiforgeryOptions>().Cookie.SecurePolicy.ShouldBe(CookieSecurePolicy.Always);
        Options<AntiforgeryOptions>().Cookie.Name.ShouldBe("__Host-wm-antiforgery");
        Options<AntiforgeryOptions>().Cookie.HttpOnly.ShouldBeTrue();
        Options<AntiforgeryOptions>().Cookie.SameSite.ShouldBe(SameSiteMode.Strict);

        // Sessions: no cookie handler of the framework; its limits and its immediate end are shown by SessionsTest.
        app.Services.GetRequiredService<SessionCookie>().Name.ShouldBe("__Host-wm-session");
        SessionLimits.Of(Role.Owner).ShouldBe(new SessionLimits(TimeSpan.FromMinutes(30), TimeSpan.FromHours(12)));
        foreach (var role in Enum.GetValues<Role>().Where(r => r != Role.Owner))
        {
            SessionLimits.Of(role).ShouldBe(new SessionLimits(TimeSpan.FromHours(8), TimeSpan.FromDays(7)));
        }

        var identity = Options<IdentityOptions>();
        identity.Password.RequiredLength.ShouldBe(12);
        (identity.Password.RequireDigit || identity.Password.RequireLowercase || identity.Password.RequireUppercase || identity.Password.RequireNonAlphanumeric).ShouldBeFalse();
        identity.Lockout.MaxFailedAccessAttempts.ShouldBe(5);
        identity.Lockout.DefaultLockoutTimeSpan.ShouldBe(TimeSpan.FromMinutes(15));
        Options<PasswordHasherOptions>().IterationCount.ShouldBeGreaterThanOrEqualTo(210_000);
        HashedWith(app.Services.GetRequiredService<IPasswordHasher<StaffMember>>().HashPassword(null!, "x")).ShouldBe((2, 210_000), "PBKDF2-HMAC-SHA512");

        Options<HostFilteringOptions>().AllowedHosts.ShouldBe(["crm.example.com"]);
        Options<HostFilteringOptions>().AllowEmptyHosts.ShouldBeFalse();
        var forwarded = Options<Microsoft.AspNetCore.Builder.ForwardedHeadersOptions>();
        forwarded.ForwardedHeaders.ShouldBe(ForwardedHeaders.XForwardedFor);
        forwarded.ForwardLimit.ShouldBe(1);
        forwarded.KnownProxies.ShouldBe([IPAddress.Parse("10.1.2.3")]);
        forwarded.KnownIPNetworks.ShouldHaveSingleItem().ShouldBe(System.Net.IPNetwork.Parse("192.168.0.0/16"));
        Options<HstsOptions>().MaxAge.ShouldBe(TimeSpan.FromDays(365));
        Options<HstsOptions>().IncludeSubDomains.ShouldBeTrue();

        var kestrel = Options<KestrelServerOptions>();
        kestrel.AddServerHeader.ShouldBeFalse();
        kestrel.Limits.MaxConcurrentConnections.ShouldBe(10_000);
        kestrel.Limits.MaxConcurrentUpgradedConnections.ShouldBe(2_000);
        kestrel.Limits.MaxRequestBodySize.ShouldBe(1024 * 1024);
        kestrel.Limits.MinRequestBodyDataRate.ShouldNotBeNull();
        Options<FormOptions>().MultipartBodyLengthLimit.ShouldBe(1024 * 1024);

        var keys = Options<KeyManagementOptions>();
        keys.XmlRepository.ShouldBeOfType<KeyRing>();
        keys.XmlEncryptor.ShouldBeOfType<KeyRingCipher>();
        keys.NewKeyLifetime.ShouldBe(TimeSpan.FromDays(90));
        Options<DataProtectionOptions>().ApplicationDiscriminator.ShouldBe("Wellmet");

        var json = Options<JsonOptions>().SerializerOptions;
        json.AllowDuplicateProperties.ShouldBeFalse();
        json.UnmappedMemberHandling.ShouldBe(System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow);
        json.NumberHandling.ShouldBe(System.Text.Json.Serialization.JsonNumberHandling.Strict);
        json.PropertyNameCaseInsensitive.ShouldBeFalse();
        json.MaxDepth.ShouldBe(32);
        json.RespectNullableAnnotations.ShouldBeTrue();
        json.RespectRequiredConstructorParameters.ShouldBeTrue();

        // Not used at all, so there is nothing to harden: output caching, SignalR and its circuits.
        app.Services.GetService<IOutputCacheStore>().ShouldBeNull();
        app.Services.GetServices<Microsoft.AspNetCore.Routing.EndpointDataSource>().SelectMany(s => s.Endpoints)
            .ShouldAllBe(e => e.Metadata.All(m => !m.GetType().FullName!.Contains("SignalR", StringComparison.Ordinal)));
        Directory.Delete(storage.DataFolder, recursive: true);
    }

    [Theory]
    [InlineData("10.0.6", false)]
    [InlineData("10.0.0+abc", false)]
    [InlineData("9.0.99", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("10.0.7", true)]
    [InlineData("10.0.12+8b5a3c", true)]
    [InlineData("11.0.0-preview.1", true)]
    public void A_runtime_whose_tokens_can_be_forged_is_refused(string? version, bool accepted)
    {
        if (accepted)
        {
            SecurityDefaults.DemandDataProtection(version);
        }
        else
        {
            Should.Throw<ProblemException>(() => SecurityDefaults.DemandDataProtection(version)).Code.ShouldBe("runtime_old");
        }
    }

    [Theory]
    [InlineData("http://localhost:5080", true, true)]
    [InlineData("http://127.0.0.1:5080", true, true)]
    [InlineData("https://crm.example.com", true, true)]
    [InlineData("http://crm.example.com", false, false)]
    [InlineData("http://192.168.1.10:5080", false, false)]
    [InlineData("https://crm.example.com/path", false, true)]
    [InlineData("ftp://crm.example.com", false, false)]
    public void Plain_http_is_for_localhost_only(string url, bool accepted, bool secure)
    {
        var web = new WebOptions(new Uri(url), []);
        web.HasSecureCookies.ShouldBe(secure);
        if (accepted)
        {
            web.Demand();
        }
        else
        {
            Should.Throw<ProblemException>(web.Demand);
        }
    }

    [Fact]
    public void Plain_http_elsewhere_needs_to_be_asked_for_and_has_cookies_without_the_prefix()
    {
        var web = new WebOptions(new Uri("http://192.168.1.10:5080"), []) { AllowPlainHttp = true };
        web.Demand();
        CookieRules.Name(web, "session").ShouldBe("wm-session");
    }

    /// <summary>From the format of ASP.NET Core Identity, version 3: pseudo-random function and iterations.</summary>
    private static (int Function, int Iterations) HashedWith(string hash)
    {
        var bytes = Convert.FromBase64String(hash);
        return ((int)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1)), (int)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(5)));
    }
}
