using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;

namespace Wellmet.Customers.Imports;

/// <param name="Content">Read once, to its end.</param>
/// <param name="DayFirst">Whether dates are written with the day before the month; null to see it from the file.</param>
public sealed record UploadImportRequest(Stream Content, string FileName, string Layout, Guid? StorefrontId, bool? DayFirst = null);

/// <summary>Keeps an uploaded file and lets the server import it. An import of the same content that stopped before goes on instead.</summary>
public sealed class UploadImport(ImportFiles files, StartImport start, ImportLedger ledger, ImportNews news, CurrentActor actor)
{
    private static readonly ImportState[] Stopped = [ImportState.Cancelled, ImportState.Failed];

    /// <exception cref="ProblemException">What keeps the file from being imported; then nothing is kept.</exception>
    public async Task<Guid> RunAsync(UploadImportRequest request, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Import);
        var fileId = await files.SaveAsync(request.Content, ct);
        var kept = false;
        Import import;
        try
        {
            import = await start.RunAsync(new StartImportRequest(files.SourceOf(fileId), request.FileName, request.Layout, request.StorefrontId, fileId, request.DayFirst), ct);
            kept = import.FileId == fileId || await files.ReplaceAsync(import, fileId, ct);
        }
        finally
        {
            if (!kept)
            {
                await files.DeleteAsync(fileId, CancellationToken.None);
            }
        }
        await ledger.MoveAsync(import.ImportId, Stopped, ImportState.Queued, ct);
        news.Wake();
        return import.ImportId;
    }
}
