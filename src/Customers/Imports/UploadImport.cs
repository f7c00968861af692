using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;

namespace Wellmet.Customers.Imports;

/// <param name="Content">Read once, to its end.</param>
public sealed record UploadImportRequest(Stream Content, string FileName, string Layout, Guid? StorefrontId);

/// <summary>Keeps an uploaded file and lets the server import it. An import of the same content that stopped before goes on instead.</summary>
public sealed class UploadImport(ImportFiles files, StartImport start, ImportLedger ledger, ImportNews news, CurrentActor actor)
{
    private static readonly ImportState[] Stopped = [ImportState.Cancelled, ImportState.Failed];

    /// <exception cref="ProblemException">What keeps the file from being imported; then nothing is kept.</exception>
    public async Task<Guid> RunAsync(UploadImportRequest request, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Import);
        var importId = Id.New();
        var file = await files.SaveAsync(request.Content, importId, ct);
        Import? import = null;
        try
        {
            import = await start.RunAsync(new StartImportRequest(file, request.FileName, request.Layout, request.StorefrontId, importId), ct);
        }
        finally
        {
            if (import?.ImportId != importId)
            {
                files.Delete(importId);
            }
        }
        await ledger.MoveAsync(import.ImportId, Stopped, ImportState.Queued, ct);
        news.Wake();
        return import.ImportId;
    }
}
