using Microsoft.AspNetCore.Http;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Lists;
using Wellmet.Segments.Lookalikes;

namespace Wellmet.Segments.Console;

/// <summary>The page of a segment, with all that it shows; also as the answer to a form on it that was refused.</summary>
public sealed class SegmentView(ListSegments list, ListMembers members, AskForLookalikes lookalikes, Database database, CurrentActor actor)
{
    private const int PageSize = 50;

    public Task<IResult> PageAsync(Guid id, string? error, int status, CancellationToken ct) => PageAsync(id, null, null, error, status, ct);

    public async Task<IResult> PageAsync(Guid id, string? after, string? before, string? error, int status, CancellationToken ct)
    {
        var segment = await SegmentRoutes.OneAsync(list, id, ct);
        var isList = segment.Kind == SegmentKind.List;
        return Html.Page<SegmentPage>(new
        {
            Segment = segment,
            Members = actor.May(CustomersPermissions.Read) ? await members.RunAsync(id, after, before, PageSize, ct) : null,
            Sizes = await members.SizesAsync(id, ct),
            Names = await SegmentRoutes.NamesAsync(list, ct),
            Waiting = isList ? await database.ReadAsync(s => FillLists.WaitingAsync(s, id, ct), ct) : 0,
            Lookalikes = isList ? await lookalikes.OfAsync(id, ct) : null,
            Error = error,
        }, status);
    }
}
