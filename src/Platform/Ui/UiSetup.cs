using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Ui.Commands;
using Wellmet.Platform.Ui.Kit;
using Wellmet.Platform.Ui.Live;

namespace Wellmet.Platform.Ui;

/// <summary>The interface kit: what the host adds and maps.</summary>
public static class UiSetup
{
    /// <summary>Needs what <c>AddPlatform</c> adds.</summary>
    public static IServiceCollection AddUi(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddRazorComponents();
        // Chinese text is written as it is: the default encoder turns each character into eight.
        services.Replace(ServiceDescriptor.Singleton(HtmlEncoder.Create(UnicodeRanges.All)));
        services.AddSingleton<WordCatalog>();
        services.AddScoped<Viewer>();
        services.AddScoped<Words>();
        services.TryAddSingleton<LiveTopics>();
        services.AddSingleton<LiveStream>();
        services.AddHostedService<LiveNotifications>();
        services.AddScoped<FindCommands>();
        services.AddScoped<ICommandSource, MenuCommands>();
        return services;
    }

    /// <summary>Notes, before a page reads anything, where the live topics stand: what changes afterwards reaches the page by its stream.</summary>
    public static IApplicationBuilder UseUi(this IApplicationBuilder app)
    {
        var live = app.ApplicationServices.GetRequiredService<LiveTopics>();
        return app.Use((http, next) =>
        {
            if (HttpMethods.IsGet(http.Request.Method))
            {
                http.Features.Set(new LiveMoment(live.Moment));
            }
            return next(http);
        });
    }

    /// <summary>Anonymous (see AnonymousEndpoints): /assets, /wellmet.js, /language, /theme. For signed-in staff: /console/stream, /console/commands.</summary>
    public static IEndpointRouteBuilder MapUi(this IEndpointRouteBuilder app)
    {
        app.MapGet("/assets/{**name}", WebAssets.Serve);
        app.MapGet("/wellmet.js", (HttpContext http) => WebAssets.Serve(WebAssets.Snippet, null, http));
        app.MapPost("/language", Preferences.SetLanguage);
        app.MapPost("/theme", Preferences.SetTheme);
        app.MapGet("/console/stream", LiveStream.Open).RequireSignIn().WithMetadata(new Unattended());
        app.MapGet("/console/commands", async (string? q, FindCommands find, CancellationToken cancel) =>
            Html.Part<CommandList>(new { Items = await find.RunAsync(q, cancel) })).RequireSignIn();
        if (app.ServiceProvider.GetRequiredService<IHostEnvironment>().IsDevelopment())
        {
            KitRoutes.Map(app);
        }
        return app;
    }
}
