using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Wellmet.Platform.Api;

/// <summary>
/// The parameters of a request, as its route's <see cref="ApiOperation"/> declares them. One that is not declared, comes twice or has a wrong value is
/// refused: a filter with a mistake in its name must not answer with everything.
/// </summary>
public sealed class ApiQuery
{
    private const int TagLength = 9;

    private readonly HttpRequest request;
    private readonly ApiOperation operation;

    private ApiQuery(HttpRequest request, ApiOperation operation) => (this.request, this.operation) = (request, operation);

    /// <summary>Binds a route's parameter.</summary>
    /// <exception cref="ProblemException"><c>parameter_unknown</c>, <c>parameter_repeated</c>.</exception>
    public static ValueTask<ApiQuery> BindAsync(HttpContext http)
    {
        var operation = http.GetEndpoint()?.Metadata.GetMetadata<ApiOperation>() ?? throw new InvalidOperationException("The route is not described: say .Describe(…).");
        foreach (var (name, values) in http.Request.Query)
        {
            if (!operation.Parameters.Any(p => !p.InPath && p.Name == name))
            {
                throw new ProblemException("parameter_unknown", "There is no parameter {0} here.", 400, Short(name)) { Parameter = Short(name) };
            }
            if (values.Count > 1)
            {
                throw new ProblemException("parameter_repeated", "The parameter {0} may come once only.", 400, name) { Parameter = name };
            }
        }
        return ValueTask.FromResult(new ApiQuery(http.Request, operation));
    }

    /// <exception cref="ProblemException"><c>parameter_malformed</c>.</exception>
    public T Read<T>(ApiParameter<T> parameter)
    {
        if (!operation.Parameters.Contains(parameter))
        {
            throw new InvalidOperationException($"The operation {operation.Id} does not declare the parameter {parameter.Name}.");
        }
        var text = parameter.InPath ? request.RouteValues[parameter.Name]?.ToString() : request.Query.TryGetValue(parameter.Name, out var values) ? values.ToString() : null;
        return text is null ? parameter.Default : parameter.Read(text);
    }

    /// <summary>Whether the request names the parameter.</summary>
    public bool Has(ApiParameter parameter) => request.Query.ContainsKey(parameter.Name);

    /// <summary>The use case's own cursor in <c>cursor</c>; null for the first page.</summary>
    /// <exception cref="ProblemException"><c>cursor_unknown</c>: it was not given out for these filters.</exception>
    public string? Place()
    {
        if (Read(ApiParameter.Cursor) is not { } text)
        {
            return null;
        }
        try
        {
            var bytes = WebEncoders.Base64UrlDecode(text);
            if (bytes.Length > TagLength && bytes.AsSpan(0, TagLength).SequenceEqual(Tag(bytes.AsSpan(TagLength))))
            {
                return Encoding.UTF8.GetString(bytes, TagLength, bytes.Length - TagLength);
            }
        }
        catch (FormatException)
        {
            // Answered like any other text that is no cursor.
        }
        throw new ProblemException("cursor_unknown", "This cursor was not given out for these filters. Start again from the first page.") { Parameter = ApiParameter.Cursor.Name };
    }

    /// <summary>The answer of a list.</summary>
    /// <param name="next">The use case's own cursor; null at the end.</param>
    public ApiPage<T> Page<T>(IReadOnlyList<T> rows, string? next) =>
        new(rows, next is null ? null : WebEncoders.Base64UrlEncode([.. Tag(Encoding.UTF8.GetBytes(next)), .. Encoding.UTF8.GetBytes(next)]));

    /// <summary>Binds a cursor to the operation and its filters. It protects from mistakes, not from forgery: a cursor gives no right to anything.</summary>
    private byte[] Tag(ReadOnlySpan<byte> place)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(operation.Id + request.Path));
        foreach (var (name, values) in request.Query.Where(q => q.Key != ApiParameter.Cursor.Name && q.Key != ApiParameter.Limit.Name).OrderBy(q => q.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{name}={values}"));
        }
        hash.AppendData("\n"u8);
        hash.AppendData(place);
        return hash.GetHashAndReset()[..TagLength];
    }

    private static string Short(string name) => name.Length <= 100 ? name : name[..100];
}
