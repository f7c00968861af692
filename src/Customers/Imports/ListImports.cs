using System.Globalization;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Imports;

/// <summary>Imports, newest first.</summary>
public sealed class ListImports(Database database, CurrentActor actor)
{
    private const int PageSize = 50;

    /// <summary>A page of the list.</summary>
    /// <param name="Previous">Cursor of the page before; null on the first.</param>
    /// <param name="Next">Cursor of the page after; null on the last.</param>
    public sealed record Page(IReadOnlyList<Import> Rows, string? Previous, string? Next);

    /// <param name="after">The cursor of an earlier page's end.</param>
    /// <param name="before">The cursor of a later page's beginning.</param>
    /// <exception cref="Platform.ProblemException"><c>cursor_unknown</c>.</exception>
    public async Task<Page> RunAsync(string? after, string? before, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Import);
        var paging = new KeyPaging(after, before, PageSize);
        var key = ("created_at", "import_id");
        var found = await database.ReadAsync(s => s.QueryAsync($"""
            select {Import.Columns} from customers_imports where 1 = 1 {paging.Condition(key, descending: true)} {paging.Order(key, descending: true)} limit @limit
            """, new { at = paging.At?.Time ?? default, id = paging.At?.Id ?? Guid.Empty, limit = paging.Rows }, Import.Of, ct), ct);
        var (rows, previous, next) = paging.Cut(found, i => new Cursor(Clock.ToMicroseconds(i.CreatedAt).ToString(CultureInfo.InvariantCulture), i.ImportId));
        return new Page(rows, previous, next);
    }
}

/// <summary>Answers other modules' questions about imports.</summary>
internal sealed class ImportFigures(Database database) : IImports
{
    public async Task<long> RejectedLinesAsync(IReadOnlyCollection<string> exceptLayouts, CancellationToken ct) => (await database.ReadAsync(s => s.QueryAsync(
        $"select {Import.Columns} from customers_imports where state <> 'undone' and not (layout in @exceptLayouts) and layout not like '%:%'", new { exceptLayouts }, Import.Of, ct), ct)).Sum(i => i.Count("rejected"));
}
