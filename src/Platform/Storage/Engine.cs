namespace Wellmet.Platform.Storage;

/// <summary>The database engine below. One migration text and one SQL text serve both.</summary>
public enum Engine
{
    /// <summary>In the process, one file, one writer: the default.</summary>
    Sqlite,

    /// <summary>PostgreSQL 15 or later: several nodes.</summary>
    Postgres,
}

/// <summary>A JSON document bound as a parameter: <c>jsonb</c> on PostgreSQL, text on SQLite.</summary>
public readonly record struct Json(string Text);
