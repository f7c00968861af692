using System.CommandLine;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Server.Commands;

/// <summary>The options by which every command finds the shop: <c>--data</c> and <c>--database</c>.</summary>
internal sealed class StorageArguments
{
    private readonly Option<string> data = new("--data")
    {
        Description = "Folder of the database, the files and the keys.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("WELLMET_DATA") ?? "./data",
    };

    private readonly Option<string?> database = new("--database")
    {
        Description = "PostgreSQL instead of the embedded SQLite, e.g. \"Host=db;Database=wellmet;Username=wellmet\". Also WELLMET_DATABASE, so that a password stays out of the list of processes.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("WELLMET_DATABASE"),
    };

    public void AddTo(Command command)
    {
        command.Options.Add(data);
        command.Options.Add(database);
    }

    public StorageOptions Read(ParseResult parsed)
    {
        var connection = parsed.GetValue(database);
        if (connection is not null)
        {
            Verify(connection);
        }
        return new StorageOptions(Path.GetFullPath(parsed.GetValue(data)!), connection);
    }

    private static void Verify(string connection)
    {
        try
        {
            _ = new Npgsql.NpgsqlConnectionStringBuilder(connection);
        }
        catch (ArgumentException e)
        {
            throw new ProblemException("database_option_wrong", "--database is not a PostgreSQL connection string: {0}", 400, e.Message);
        }
    }
}
