using System.Text.Json;

namespace Wellmet.Platform.Api;

/// <summary>Reads the JSON that a program sends.</summary>
public static class ApiBody
{
    /// <exception cref="ProblemException"><c>json_unexpected</c>: no JSON, a field that is not known, or a value that does not fit; it says where.</exception>
    public static async Task<T> ReadAsync<T>(Stream body, JsonSerializerOptions format, CancellationToken ct) where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(body, format, ct) ?? throw Unexpected("$");
        }
        catch (JsonException e)
        {
            throw Unexpected(e.Path ?? "$");
        }
    }

    /// <param name="path">Where in the body, as JSON path.</param>
    public static ProblemException Unexpected(string path) => new("json_unexpected", "This is not the JSON that is taken here. Look at {0}.", 400, path.Length > 100 ? path[..100] : path);
}
