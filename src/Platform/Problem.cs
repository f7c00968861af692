namespace Wellmet.Platform;

/// <summary>
/// A refusal that the caller can act on: what was wrong, where, what to do. Becomes an RFC 9457 problem response on the API,
/// a message on a page and a sentence on the command line.
/// </summary>
/// <param name="code">Stable, in snake_case, e.g. <c>file_not_csv</c>; the problem type is <c>/problems/{code}</c>.</param>
/// <param name="message">An English sentence, translated on display; placeholders {0}, {1}… take <paramref name="arguments"/>.</param>
public sealed class ProblemException(string code, string message, int status = 400, params object[] arguments)
    : Exception(arguments.Length == 0 ? message : string.Format(System.Globalization.CultureInfo.InvariantCulture, message, arguments))
{
    public string Code { get; } = code;
    public string Template { get; } = message;
    public IReadOnlyList<object> Arguments { get; } = arguments;

    /// <summary>HTTP status code.</summary>
    public int Status { get; } = status;

    /// <summary>When it is worth trying again; null where nothing is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The parameter of the request that was wrong, for programs; null where it was something else.</summary>
    public string? Parameter { get; init; }
}
