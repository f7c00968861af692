using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Ui;

namespace Wellmet.Recommendations.Voice;

/// <summary>How products are chosen, told to shoppers: open to everybody, in the list of anonymous endpoints. The widget links to it.</summary>
internal static class HowRoutes
{
    public const string Path = "/recommendations/how";

    public static void Map(IEndpointRouteBuilder app) => app.MapGet(Path, () => Html.Page<HowPage>(new { }));
}
