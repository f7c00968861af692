using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Security;
using Wellmet.Platform.Ui;

namespace Wellmet.Platform.Api;

/// <summary>The API document for programs, and the page of it for people.</summary>
internal static class ApiDocumentRoutes
{
    public const string DocumentPath = "/v1/openapi.json", PagePath = "/console/developers/api";

    private static readonly ApiOperation Document = new("read_api_document", ApiGroups.Service, "Read this document", "The OpenAPI document of this API, for generators of clients and for tools.")
    {
        Answer = ApiContent.Of(JsonSerializer.SerializeToElement(new { openapi = OpenApiDocument.Version, info = new { title = "Wellmet API" }, paths = new { } })),
    };

    /// <summary>Open to everybody only where the installation says so.</summary>
    public static void MapApiDocument(this IEndpointRouteBuilder app)
    {
        var document = app.MapGet(DocumentPath, (OpenApiDocument api) => Results.Text(api.Text, "application/json")).Describe(Document)
            .RequirePermission(AccessPermissions.ReadApi).AcceptKeys();
        if (app.ServiceProvider.GetRequiredService<WebOptions>().PublicApiDocument)
        {
            document.WithMetadata(new OpenToEverybody());
        }
        app.MapGet(PagePath, (OpenApiDocument api) => Html.Page<ApiPage>(new { Document = ApiReference.Of(api.Root) })).RequirePermission(AccessPermissions.ReadApi);
    }
}
