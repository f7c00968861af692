using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;

namespace Wellmet.Platform.Security;

/// <summary>
/// Routes for people take forms, unless they say themselves what they take: other content is refused here, for all of them, with 415
/// (RFC 9110, 15.5.16), and a form that cannot be read with 400. A request without any content is a form without fields.
/// </summary>
internal sealed class FormsOnly(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is not RouteEndpoint route || !TakesForms(route) || IsSafe(http.Request.Method))
        {
            return next(http);
        }
        if (http.Request.HasFormContentType)
        {
            http.Features.Set<IFormFeature>(new RefusingForm(http.Features.GetRequiredFeature<IFormFeature>()));
        }
        else if (http.Request.ContentType is not null || http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            throw new BadHttpRequestException("Not a form.", StatusCodes.Status415UnsupportedMediaType);
        }
        else
        {
            http.Features.Set<IFormFeature>(new FormFeature(FormCollection.Empty));
        }
        return next(http);
    }

    /// <summary>The framework notes on a route that it binds JSON, and refuses other content itself.</summary>
    public static bool TakesForms(RouteEndpoint route) => (route.Metadata.GetMetadata<KnownCallers>()?.By ?? Callers.Session) == Callers.Session
        && (route.Metadata.GetMetadata<IAcceptsMetadata>() is not { } accepts || accepts.ContentTypes.Any(type => type.Contains("form", StringComparison.Ordinal)));

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    /// <summary>A form of too many fields, without its boundary, or with characters that no form has is the sender's fault, not ours.</summary>
    private sealed class RefusingForm(IFormFeature read) : IFormFeature
    {
        public bool HasFormContentType => read.HasFormContentType;

        public IFormCollection? Form
        {
            get => read.Form;
            set => read.Form = value;
        }

        public IFormCollection ReadForm()
        {
            try
            {
                return read.ReadForm();
            }
            catch (InvalidDataException e)
            {
                throw Refused(e);
            }
        }

        public async Task<IFormCollection> ReadFormAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await read.ReadFormAsync(cancellationToken);
            }
            catch (InvalidDataException e)
            {
                throw Refused(e);
            }
        }

        private static BadHttpRequestException Refused(InvalidDataException e) => new(e.Message, StatusCodes.Status400BadRequest, e);
    }
}
