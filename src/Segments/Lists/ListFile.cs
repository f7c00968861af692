using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Definitions;

namespace Wellmet.Segments.Lists;

/// <summary>
/// A file of those who are to be on a list, a person on each line: by Wellmet's id, the shop's own number, an e-mail address or a phone number, as each line has it. Nobody is made. Taken back, whoever is on
/// the list by nothing else is off it again: the histories name the import with each word, and forget it by that name.
/// </summary>
internal sealed class ListFile(ICustomers customers, ListSegments segments, TellList tell, CurrentActor actor) : IImportTarget
{
    public const string Name = "list-csv";

    public string Layout => Name;
    public string Title => "Members of a list";
    public bool NeedsMapping => false;
    public bool? DayFirst => null;
    public bool IsForThing => true;

    public IReadOnlyList<ImportField> Fields { get; } =
    [
        new("customer", "Customer", true, ImportFieldKind.Text,
        [
            "customerid", "customer", "userid", "externalid", "subjectid", "customeruserid", "email", "emailaddress", "mail", "phone", "phonenumber", "mobile", "id",
            "客户编号", "客户id", "会员号", "用户id", "邮箱", "电子邮箱", "邮件", "电话", "手机", "手机号",
        ]),
    ];

    public static string LayoutOf(Guid listId) => $"{Name}:{listId}";

    public async Task<string> DemandThingAsync(string thing, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Edit);
        return Guid.TryParse(thing, out var id) && await segments.OneAsync(id, ct) is { Kind: SegmentKind.List } list ? list.Name : throw TellList.Missing();
    }

    public string? GroupOf(ImportLine line) => null;

    public Task<IImportReader> StartAsync(ImportRun run, CancellationToken ct) =>
        Task.FromResult<IImportReader>(new ListFileReader(Guid.Parse(run.Thing!), new ListSaying(On: true, "import:" + run.ImportId, TellList.NameOf(actor)) { ImportId = run.ImportId, Live = false }, customers, tell));

    public Task DemandUndoableAsync(Guid importId, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Nothing of its own: what it told stands in the histories.</summary>
    public Task<bool> UndoSomeAsync(Transaction tx, Guid importId, CancellationToken ct) => Task.FromResult(true);
}

/// <summary>Reads such a file.</summary>
internal sealed class ListFileReader(Guid listId, ListSaying saying, ICustomers customers, TellList tell) : IImportReader
{
    private const int LongestDetail = 60;

    public void Skip(IReadOnlyList<ImportLine> lines)
    {
        // Each line stands alone.
    }

    public async Task<IImportBatch> PrepareAsync(IReadOnlyList<ImportLine> lines, CancellationToken ct)
    {
        var found = await customers.FindAsync([.. lines.Select(TextOf).Where(t => t.Length <= PersonClaim.MaxLength)], ct);
        var (remarks, people) = (new List<ImportRemark>(), new List<Guid>());
        foreach (var line in lines)
        {
            var text = TextOf(line);
            var meant = found[text].Take(2).ToList();
            var reason = text.Length == 0 ? "person_missing" : text.Length > PersonClaim.MaxLength ? "personal_data_too_long" : meant.Count == 0 ? "person_unknown" : meant.Count > 1 ? "person_ambiguous" : null;
            if (reason is null)
            {
                people.Add(meant[0]);
            }
            else
            {
                remarks.Add(new ImportRemark(line.Number, RemarkKind.Rejected, reason, text.Length > LongestDetail ? text[..LongestDetail] + "…" : text));
            }
        }
        return new Batch(remarks, people, new Dictionary<string, long> { ["listed"] = people.Count, ["rejected"] = remarks.Count }, tx => tell.RunAsync(tx, listId, people, saying, ct));
    }

    public Task CompleteAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>Spreadsheets are kept from changing numbers by an apostrophe before them.</summary>
    private static string TextOf(ImportLine line) => line[0].TrimStart('\'').Trim();

    private sealed record Batch(IReadOnlyList<ImportRemark> Remarks, IReadOnlyList<Guid> People, IReadOnlyDictionary<string, long> Counts, Func<Transaction, Task> Write) : IImportBatch
    {
        public Task WriteAsync(Transaction tx, CancellationToken ct) => People.Count == 0 ? Task.CompletedTask : Write(tx);
    }
}
