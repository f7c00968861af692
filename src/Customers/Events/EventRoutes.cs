using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;

namespace Wellmet.Customers.Events;

/// <summary>Pages for whoever connects a shop.</summary>
internal static class EventRoutes
{
    public const string Path = "/console/settings/events", Problems = Path + "/problems";

    public static void MapEvents(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async (string? result, string? pause, WatchEvents watch, CancellationToken ct) =>
        {
            var only = Enum.TryParse<CallResult>(result, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : (CallResult?)null;
            return Html.Page<EventsConsole>(new { Answer = await watch.RunAsync(only, ct), Only = only, Paused = pause is not null });
        }).RequirePermission(CustomersPermissions.ReadEvents);
        app.MapGet(Problems, async (ListEventProblems list, CancellationToken ct) => Html.Page<EventProblemsConsole>(new { Problems = await list.RunAsync(ct) }))
            .RequirePermission(CustomersPermissions.ReadEvents);
    }
}
