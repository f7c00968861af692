using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform;

namespace Wellmet.Customers.Collection;

/// <summary>
/// The collection API, compatible with Segment's: every event is answered for, in its order; the request as a whole is refused only where it
/// cannot be read (400), has no valid key (401) or does not fit (413, 429).
/// </summary>
internal static class CollectionRoutes
{
}
