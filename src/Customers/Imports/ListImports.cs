using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Imports;

/// <summary>Imports, newest first.</summary>
public sealed class ListImports(Database database, CurrentActor actor)
{
    public const int PageSize = 50;

    /// <param name="before">Show those older than this one; null for the newest.</param>
    public Task<List<Import>> RunAsync(Guid? before, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Import);
        return database.ReadAsync(s => s.QueryAsync($"""
            select {Import.Columns} from customers_imports where @newest or import_id < @before order by import_id desc limit {PageSize}
            """, new { newest = before is null, before = before ?? Guid.Empty }, Import.Of, ct), ct);
    }
}

/// <summary>Answers other modules' questions about imports.</summary>
internal sealed class ImportFigures(Database database) : IImports
{
    public async Task<long> RejectedLinesAsync(CancellationToken ct) => (await database.ReadAsync(s => s.QueryAsync(
        $"select {Import.Columns} from customers_imports where state <> 'undone'", null, Import.Of, ct), ct)).Sum(i => i.Count("rejected"));
}
