using System.Text.RegularExpressions;

namespace Wellmet.Tests.Platform;

/// <summary>The rule of tables by subject: each primary and unique key begins with subject_id, or a cluster could not enforce it.</summary>
internal static partial class KeyRules
{
    public static IEnumerable<string> Breaches(string table, IReadOnlyList<string> statements)
    {
        foreach (var statement in statements)
        {
            if (Regex.IsMatch(statement, $@"^create table {table}\b", RegexOptions.IgnoreCase))
            {
                foreach (Match key in TableKey().Matches(statement).Where(k => !k.Groups["columns"].Value.TrimStart().StartsWith("subject_id", StringComparison.Ordinal)))
                {
                    yield return $"{table}: {key.Value.Trim()}";
                }
                foreach (Match column in ColumnKey().Matches(statement).Where(c => c.Groups["column"].Value != "subject_id"))
                {
                    yield return $"{table}: {column.Value.Trim()}";
                }
            }
            else if (Regex.Match(statement, $@"^create unique index \w+ on {table} \((?<columns>[^)]*)", RegexOptions.IgnoreCase) is { Success: true } index
                && !index.Groups["columns"].Value.TrimStart().StartsWith("subject_id", StringComparison.Ordinal))
            {
                yield return $"{table}: {statement}";
            }
        }
    }

    [GeneratedRegex(@"(?:primary key|unique)\s*\((?<columns>[^)]*)\)", RegexOptions.IgnoreCase)]
    private static partial Regex TableKey();

    [GeneratedRegex(@"[(,]\s*(?<column>\w+)\s+[^,(]*?\b(?:primary key|unique)\b(?!\s*\()", RegexOptions.IgnoreCase)]
    private static partial Regex ColumnKey();
}
