using System.Collections;
using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Storage;

/// <summary>A statement as its engine takes it.</summary>
internal sealed class BoundStatement(Engine engine, string text)
{
    public Engine Engine { get; } = engine;
    public string Text { get; set; } = text;
    public List<DbParameter> Values { get; } = [];

    /// <summary>Values stand in the text, which nobody will ask again.</summary>
    public bool HoldsLiterals { get; set; }

    public DbCommand On(DbCommand command)
    {
        command.CommandText = Text;
        command.Parameters.AddRange(Values.ToArray());
        return command;
    }
}

/// <summary>Binds the properties of an object, or the entries of a dictionary, as named parameters, each in the form in which its engine keeps it.</summary>
internal static class Parameters
{
    private const int MaxElements = 20_000, FewElements = 8;
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();
    private static readonly ConcurrentDictionary<string, Regex> Lists = new(StringComparer.Ordinal);

    /// <summary>Values for the names of a statement, whose text may become another by them.</summary>
    /// <param name="parameters">Null for none.</param>
    public static BoundStatement Bind(Engine engine, string sql, object? parameters)
    {
        var bound = new BoundStatement(engine, sql);
        if (parameters is IReadOnlyDictionary<string, object> named)
        {
            foreach (var (name, value) in named)
            {
                Bind(bound, name, value, value.GetType());
            }
        }
        else if (parameters is not null)
        {
            foreach (var property in Properties.GetOrAdd(parameters.GetType(), static t => t.GetProperties()))
            {
                Bind(bound, property.Name, property.GetValue(parameters), property.PropertyType);
            }
        }
        return bound;
    }

    private static void Bind(BoundStatement bound, string name, object? value, Type declared)
    {
        if (value is IEnumerable elements and not string and not byte[])
        {
            BindElements(bound, name, elements);
        }
        else
        {
            bound.Values.Add(Parameter(bound.Engine, name, value, declared));
        }
    }

    /// <exception cref="ProblemException"><c>text_invalid</c>.</exception>
    public static DbParameter Parameter(Engine engine, string name, object? value, Type? declared = null)
    {
        // PostgreSQL keeps no such text, so SQLite does not either.
        if (value is string text && text.Contains('\0', StringComparison.Ordinal))
        {
            throw StorageFaults.TextInvalid;
        }
        return engine == Engine.Sqlite ? new SqliteParameter("@" + name, ForSqlite(value)) : ForPostgres(name, value, declared);
    }

    /// <summary>The value as SQLite keeps it: ids as 16 bytes in network order, times as microseconds, truth as 0 and 1.</summary>
    public static object ForSqlite(object? value) => value switch
    {
        null => DBNull.Value,
        Guid g => g.ToByteArray(bigEndian: true),
        DateTimeOffset t => Clock.ToMicroseconds(t),
        DateOnly d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        bool b => b ? 1L : 0L,
        Json j => j.Text,
        Sealed<string> s => s.Envelope,
        Enum e => EnumText.Of(e),
        _ => value,
    };

    private static NpgsqlParameter ForPostgres(string name, object? value, Type? declared)
    {
        var type = declared is null ? value?.GetType() : Nullable.GetUnderlyingType(declared) ?? declared;
        var parameter = new NpgsqlParameter { ParameterName = name, Value = PostgresValue(value) };
        if (PostgresType(type) is { } dbType)
        {
            parameter.NpgsqlDbType = dbType;
        }
        return parameter;
    }

    public static object PostgresValue(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset t => t.UtcDateTime,
        DateOnly d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Json j => j.Text,
        Sealed<string> s => s.Envelope,
        Enum e => EnumText.Of(e),
        _ => value,
    };

    /// <summary>Said explicitly, so that a null has a type, too.</summary>
    public static NpgsqlDbType? PostgresType(Type? type) => type switch
    {
        null => null,
        _ when type == typeof(Json) => NpgsqlDbType.Jsonb,
        _ when type == typeof(Guid) => NpgsqlDbType.Uuid,
        _ when type == typeof(DateTimeOffset) => NpgsqlDbType.TimestampTz,
        _ when type == typeof(long) => NpgsqlDbType.Bigint,
        _ when type == typeof(int) => NpgsqlDbType.Integer,
        _ when type == typeof(bool) => NpgsqlDbType.Boolean,
        _ when type == typeof(double) => NpgsqlDbType.Double,
        _ when type == typeof(byte[][]) => NpgsqlDbType.Array | NpgsqlDbType.Bytea,
        _ when type == typeof(byte[]) || type == typeof(Sealed<string>) => NpgsqlDbType.Bytea,
        _ when type == typeof(string) || type == typeof(DateOnly) || type.IsEnum => NpgsqlDbType.Text,
        _ => null,
    };

    /// <summary>
    /// <c>x in @list</c>. PostgreSQL takes an array, so that the statement stays the same and its plan is kept. SQLite knows no arrays, and looks up
    /// each of many parameters by its name: a few ids, hashes or numbers are parameters, filled up to a power of two so that few texts differ; many are
    /// written into the statement (digits only, nothing that could be more than a value); texts go as one JSON parameter.
    /// </summary>
    private static void BindElements(BoundStatement bound, string name, IEnumerable elements)
    {
        var values = elements.Cast<object?>().ToList();
        if (values.Count > MaxElements)
        {
            throw new ArgumentException($"More than {MaxElements} elements in @{name}: page the query.");
        }
        if (bound.Engine == Engine.Postgres)
        {
            Replace(bound, name, $"= any(@{name})", $"<> all(@{name})");
            bound.Values.Add(ArrayForPostgres(name, ElementType(elements.GetType()), values));
            return;
        }
        var kept = values.ConvertAll(ForSqlite);
        if (kept.Exists(v => v is string))
        {
            ReplaceIn(bound, name, $"(select value from json_each(@{name}))");
            bound.Values.Add(new SqliteParameter("@" + name, JsonSerializer.Serialize(kept)));
        }
        else if (kept.Count is > 0 and <= FewElements)
        {
            var places = Enumerable.Range(0, (int)BitOperations.RoundUpToPowerOf2((uint)kept.Count)).ToList();
            ReplaceIn(bound, name, $"({string.Join(',', places.Select(i => $"@{name}_{i}"))})");
            bound.Values.AddRange(places.Select(i => new SqliteParameter($"@{name}_{i}", kept[Math.Min(i, kept.Count - 1)])));
        }
        else
        {
            ReplaceIn(bound, name, $"({string.Join(',', kept.Select(Literal))})");
            bound.HoldsLiterals |= kept.Count > 0;
        }
    }

    private static void ReplaceIn(BoundStatement bound, string name, string list) => Replace(bound, name, "in " + list, "not in " + list);

    private static void Replace(BoundStatement bound, string name, string within, string without) =>
        bound.Text = Lists.GetOrAdd(name, Named).Replace(bound.Text, match => match.Groups["not"].Success ? without : within);

    private static Regex Named(string name) => new($@"\b(?<not>not\s+)?in\s+@{name}\b", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static string Literal(object value) => value switch
    {
        byte[] bytes => $"x'{Convert.ToHexString(bytes)}'",
        long number => number.ToString(CultureInfo.InvariantCulture),
        int number => number.ToString(CultureInfo.InvariantCulture),
        DBNull => "null",
        var other => throw new NotSupportedException($"{other.GetType()} cannot stand in a list."),
    };

    private static NpgsqlParameter ArrayForPostgres(string name, Type element, List<object?> values)
    {
        var type = PostgresType(element) ?? throw new NotSupportedException($"{element} cannot stand in a list.");
        var kept = element == typeof(Guid) || element == typeof(long) || element == typeof(int) || element == typeof(byte[]) ? element
            : element == typeof(DateTimeOffset) ? typeof(DateTime) : typeof(string);
        var array = Array.CreateInstance(kept, values.Count);
        for (var i = 0; i < values.Count; i++)
        {
            array.SetValue(PostgresValue(values[i]), i);
        }
        return new NpgsqlParameter { ParameterName = name, NpgsqlDbType = NpgsqlDbType.Array | type, Value = array };
    }

    private static Type ElementType(Type list) =>
        list.GetInterfaces().Prepend(list).First(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>)).GetGenericArguments()[0];
}
