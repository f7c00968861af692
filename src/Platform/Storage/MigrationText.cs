using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Wellmet.Platform.Storage;

/// <summary>How a table's rows are spread when the database is a cluster; stated above each <c>create table</c>.</summary>
public enum TableClass
{
    /// <summary>Rows belong to a subject; <c>subject_id</c> is the first column of the primary key and of every unique key.</summary>
    BySubject,

    /// <summary>Rows are spread by a key of their own, which is globally unique: identifier token, order number, coupon code.</summary>
    ByOwnHash,

    /// <summary>Small, rarely written, a copy on every node.</summary>
    Reference,

    /// <summary>On one node: leases, sessions, jobs.</summary>
    Local,
}

/// <summary>A table as a migration declares it.</summary>
public sealed record DeclaredTable(string Name, TableClass Class);

/// <summary>
/// A migration: one text for both engines. Type tokens: <c>{uuid} {time} {day} {json} {bytes} {bool} {long} {text}</c>; <c>{clustered}</c> after a
/// table keeps its rows in the order of their primary key on SQLite. Lines between <c>-- @sqlite</c> or <c>-- @postgres</c> and
/// <c>-- @end</c> are for that engine alone. Above each table stands <c>-- @table name class</c>.
/// </summary>
public sealed partial record MigrationText(string Module, int Number, string Name, string Text)
{
    private static readonly Dictionary<string, (string Sqlite, string Postgres)> Tokens = new()
    {
        ["uuid"] = ("blob", "uuid"),
        ["time"] = ("integer", "timestamptz"),
        ["day"] = ("text", "text"),
        ["json"] = ("text", "jsonb"),
        ["bytes"] = ("blob", "bytea"),
        ["bool"] = ("integer", "boolean"),
        ["long"] = ("integer", "bigint"),
        ["text"] = ("text", "text"),
        ["true"] = ("1", "true"),
        ["false"] = ("0", "false"),
        ["clustered"] = ("without rowid", ""),
    };

    /// <summary>SHA-256 of the text: a migration that ran must not change afterwards.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text.ReplaceLineEndings("\n"))));

    /// <summary>The tables that it makes, as far as they stand: not those that a later migration drops.</summary>
    public IReadOnlyList<DeclaredTable> Tables =>
        [.. TableLine().Matches(Text).Select(m => new DeclaredTable(m.Groups["name"].Value, EnumText.Parse<TableClass>(m.Groups["class"].Value))).Where(t => !DroppedLater.Contains(t.Name))];

    /// <summary>Tables that later migrations of the module drop.</summary>
    public IReadOnlySet<string> DroppedLater { get; init; } = new HashSet<string>();

    /// <summary>The tables that this one drops.</summary>
    public IEnumerable<string> Drops => DropTable().Matches(Text).Select(m => m.Groups[1].Value);

    /// <summary>The statements for an engine, in order.</summary>
    /// <exception cref="InvalidOperationException">An unknown token, an open engine block, or a table without a class.</exception>
    public IReadOnlyList<string> Statements(Engine engine)
    {
        var lines = new StringBuilder();
        string? block = null;
        foreach (var line in Text.ReplaceLineEndings("\n").Split('\n'))
        {
            var trimmed = line.Trim();
            if (trimmed is "-- @sqlite" or "-- @postgres")
            {
                block = trimmed[4..];
            }
            else if (trimmed == "-- @end")
            {
                block = null;
            }
            else if (!trimmed.StartsWith("--", StringComparison.Ordinal) && (block is null || block == EnumText.Of(engine)))
            {
                lines.Append(line).Append('\n');
            }
        }
        if (block is not null)
        {
            throw new InvalidOperationException($"{Module} {Name}: the block '{block}' is not closed by '-- @end'.");
        }
        var statements = Token().Replace(lines.ToString(), m => TokenFor(engine, m.Groups[1].Value))
            .Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        DemandClasses(statements);
        return statements;
    }

    private string TokenFor(Engine engine, string token) => Tokens.TryGetValue(token, out var text)
        ? engine == Engine.Sqlite ? text.Sqlite : text.Postgres
        : throw new InvalidOperationException($"{Module} {Name}: unknown token '{{{token}}}'.");

    private void DemandClasses(IEnumerable<string> statements)
    {
        var declared = TableLine().Matches(Text).Select(m => m.Groups["name"].Value).ToHashSet();
        foreach (var created in statements.Select(s => CreateTable().Match(s)).Where(m => m.Success).Select(m => m.Groups[1].Value))
        {
            if (!declared.Contains(created))
            {
                throw new InvalidOperationException($"{Module} {Name}: table {created} has no '-- @table {created} class' line.");
            }
        }
    }

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.None, 1000)]
    private static partial Regex Token();

    [GeneratedRegex(@"^-- @table (?<name>\w+) (?<class>\w+)\s*$", RegexOptions.Multiline, 1000)]
    private static partial Regex TableLine();

    [GeneratedRegex(@"^drop table (\w+);\s*$", RegexOptions.Multiline, 1000)]
    private static partial Regex DropTable();

    [GeneratedRegex(@"^create table (?:if not exists )?(\w+)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex CreateTable();
}
