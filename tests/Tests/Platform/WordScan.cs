using System.Text.RegularExpressions;

namespace Wellmet.Tests.Platform;

/// <summary>
/// Finds the English texts in sources that people will read: <c>words["…"]</c>, <c>words.Count(n, "…", "…")</c>, menu entries,
/// scopes of keys, kinds of webhooks, refusals (<c>ProblemException</c>) and the lines of timelines. Comments are skipped.
/// </summary>
public static partial class WordScan
{
    /// <summary>Every text with the file it was found in; a text that is not a plain literal is found as <c>$…</c>.</summary>
    public static IEnumerable<(string Key, string File)> Folder(string folder) =>
        from file in Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories)
        where file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal)
        let path = Path.GetRelativePath(folder, file).Replace('\\', '/')
        where !path.Split('/').Any(part => part is "bin" or "obj")
        from key in Source(File.ReadAllText(file))
        select (key, path);

    public static IEnumerable<string> Source(string text)
    {
        var code = Comments().Replace(text, "");
        return [
            .. Starts(code, IndexerStart(), arguments => arguments[0]),
            .. Starts(code, CountStart(), arguments => arguments[^1]),
            .. Starts(code, MenuStart(), arguments => arguments[0] + arguments[1]),
            .. Starts(code, ProblemStart(), arguments => arguments.ElementAtOrDefault(1) ?? ""),
            .. Starts(code, ScopeStart(), arguments => arguments.ElementAtOrDefault(1) ?? ""),
            .. Starts(code, WebhookStart(), arguments => arguments.ElementAtOrDefault(1) ?? ""),
            .. Describers().Matches(code).SelectMany(m => Starts(m.Value, NewStart(), arguments => arguments.ElementAtOrDefault(1) ?? "")),
        ];
    }

    private static IEnumerable<string> Starts(string code, Regex start, Func<List<string>, string> textOf) =>
        from Match match in start.Matches(code)
        from Match literal in Literals().Matches(textOf(Arguments(code, match.Index + match.Length)))
        select literal.Value.StartsWith('$') ? literal.Value : Regex.Unescape(literal.Groups[1].Value);

    /// <summary>The arguments from here to the closing bracket, each as it stands in the source.</summary>
    private static List<string> Arguments(string code, int position)
    {
        var arguments = new List<string>();
        var (begin, depth) = (position, 0);
        for (; position < code.Length && depth >= 0; position++)
        {
            switch (code[position])
            {
                case '"':
                    position += Literals().Match(code, position).Length - 1;
                    break;
                case '(' or '[' or '{':
                    depth++;
                    break;
                case ')' or ']' or '}':
                    depth--;
                    break;
                case ',' when depth == 0:
                    arguments.Add(code[begin..position]);
                    begin = position + 1;
                    break;
            }
        }
        arguments.Add(code[begin..Math.Max(begin, position - 1)]);
        return arguments;
    }

    [GeneratedRegex(@"@\*.*?\*@|(?<![:""\w])//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"\b[wW]ords\[")]
    private static partial Regex IndexerStart();

    [GeneratedRegex(@"\b[wW]ords\.Count\(")]
    private static partial Regex CountStart();

    [GeneratedRegex(@"\bMenuEntry\(\s*(?="")")]
    private static partial Regex MenuStart();

    [GeneratedRegex(@"\bProblemException\(\s*(?="")")]
    private static partial Regex ProblemStart();

    [GeneratedRegex(@"\.(?:Add)?Scope\((?=\w)")]
    private static partial Regex ScopeStart();

    [GeneratedRegex(@"\bWebhookType\(\s*(?="")")]
    private static partial Regex WebhookStart();

    [GeneratedRegex(@"TimelineText Describe\(\).*?;", RegexOptions.Singleline)]
    private static partial Regex Describers();

    [GeneratedRegex(@"\bnew(?: TimelineText)?\(")]
    private static partial Regex NewStart();

    [GeneratedRegex(@"\$?""((?:[^""\\]|\\.)*)""")]
    private static partial Regex Literals();
}
