using System.Runtime.InteropServices;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;

namespace Wellmet.Commerce.CustomerFiles;

/// <summary>What writing customers needs of others.</summary>
internal sealed record CustomerWriting(ICustomers Customers, IConsents Consents, IShopTraits Traits, DateTimeOffset Now);

/// <summary>What a line says of somebody.</summary>
/// <param name="SeenAt">Since when they are a customer; now where the file does not say.</param>
/// <param name="DecidedAt">When they said what they want.</param>
/// <param name="Line">Its number.</param>
/// <param name="Evidence">How they said that they want it; null where the file does not say.</param>
/// <param name="Undeliverable">Mail to the address came back for good.</param>
internal sealed record CustomerLine(PersonClaim Person, DateTimeOffset SeenAt, DateTimeOffset DecidedAt, long Line, ConsentEvidence? Evidence = null, bool Undeliverable = false)
{
    /// <summary>What it says of the shop's own traits.</summary>
    public IReadOnlyList<(string Name, string Value)> Traits { get; init; } = [];
}

/// <summary>Reads a file of customers.</summary>
/// <param name="traits">The columns that are traits.</param>
internal sealed class CustomersImport(ImportRun run, CustomerWriting writing, IReadOnlyList<(int Column, ShopTrait Trait)> traits) : IImportReader
{
    private const int LongestDetail = 60;

    public void Skip(IReadOnlyList<ImportLine> lines)
    {
        // Each line stands alone.
    }

    public async Task<IImportBatch> PrepareAsync(IReadOnlyList<ImportLine> lines, CancellationToken ct)
    {
        var batch = new CustomersBatch(run.ImportId, writing);
        var read = new List<CustomerLine>();
        foreach (var line in lines)
        {
            if (Read(line, batch) is { } person)
            {
                read.Add(person with { Traits = await TraitsAsync(line, batch, ct) });
            }
        }
        batch.Count("customer", read.Count);
        batch.Count("rejected", lines.Count - read.Count);
        var people = await writing.Customers.ResolveAsync(read.ConvertAll(l => l.Person), run.ImportId, ct);
        batch.People.AddRange(people.Zip(read));
        batch.Traits = await writing.Traits.PrepareAsync(run.ImportId, [.. batch.People.SelectMany(p => p.Line.Traits.Select(t => new ImportedTrait(p.Person.SubjectId, t.Name, t.Value, p.Line.Line)))], writing.Now, ct);
        var said = from p in batch.People
                   where p.Line.Person.AcceptsMarketing is not null
                   select new ImportedConsent(p.Person.SubjectId, p.Line.Person.AcceptsMarketing!.Value, p.Line.DecidedAt) { Evidence = p.Line.Evidence, Undeliverable = p.Line.Undeliverable };
        batch.KeepConsents = await writing.Consents.PrepareImportedAsync([.. said.DistinctBy(s => (s.SubjectId, s.Accepts, s.SaidAt, s.Undeliverable))], run.ImportId, ct);
        return batch;
    }

    public Task CompleteAsync(CancellationToken ct) => Task.CompletedTask;

    private CustomerLine? Read(ImportLine line, CustomersBatch batch)
    {
        var details = new PersonDetails(NameOf(line), Cell(line, CustomerColumns.Email), Cell(line, CustomerColumns.Phone), Cell(line, CustomerColumns.Country), Cell(line, CustomerColumns.Language));
        var id = Cell(line, CustomerColumns.Id);
        if (new[] { id, details.Name, details.Email, details.Phone, details.Country, details.Locale }.FirstOrDefault(cell => cell?.Length > PersonClaim.MaxLength) is { } tooLong)
        {
            return Reject(line, batch, "personal_data_too_long", tooLong);
        }
        if (details.Email is { } email && !email.Contains('@', StringComparison.Ordinal))
        {
            return Reject(line, batch, "email_not_read", email);
        }
        if ((id ?? details.Email ?? details.Phone) is not { } known)
        {
            return Reject(line, batch, "person_missing", "");
        }
        var kind = id is not null ? IdentityKind.ExternalId : details.Email is not null ? IdentityKind.Email : IdentityKind.Phone;
        return OfMarketing(line, batch, new PersonClaim(kind, known, details));
    }

    /// <summary>What the line says of traits; a value that does not fit is left out and noted, and an empty cell says nothing.</summary>
    private async Task<IReadOnlyList<(string Name, string Value)>> TraitsAsync(ImportLine line, CustomersBatch batch, CancellationToken ct)
    {
        var said = new List<(string, string)>();
        foreach (var (column, trait) in traits)
        {
            var cell = column < line.Cells.Count ? line.Cells[column].TrimStart('\'').Trim() : "";
            if (cell.Length == 0)
            {
                continue;
            }
            if (await writing.Traits.ProblemAsync(trait.Name, cell, ct) is { } problem)
            {
                batch.Remarks.Add(new ImportRemark(line.Number, RemarkKind.Repaired, problem, Cut($"{trait.Name}: {cell}")));
                continue;
            }
            said.Add((trait.Name, cell));
        }
        return said;
    }

    /// <summary>A refusal goes before whatever else the line says; an address that was cleaned is refused, whoever asked for what.</summary>
    private CustomerLine OfMarketing(ImportLine line, CustomersBatch batch, PersonClaim claim)
    {
        var (left, asked, confirmed) = (TimeOf(line, CustomerColumns.UnsubscribedAt, batch), TimeOf(line, CustomerColumns.OptInAt, batch), TimeOf(line, CustomerColumns.ConfirmedAt, batch));
        var (said, cleaned) = (TimeOf(line, CustomerColumns.SaidAt, batch), TimeOf(line, CustomerColumns.CleanedAt, batch));
        var undeliverable = claim.Details.Email is not null && (cleaned is not null || IsCleaned(line[CustomerColumns.Accepts]));
        var accepts = left is not null || undeliverable ? false : YesOrNo(line[CustomerColumns.Accepts]) ?? (confirmed is not null || asked is not null ? true : null);
        var evidence = claim.Details.Email is { } email && accepts is not null && (undeliverable || (asked ?? confirmed) is not null)
            ? new ConsentEvidence(email, asked, Cell(line, CustomerColumns.OptInIp), confirmed, Cell(line, CustomerColumns.ConfirmedIp)) : null;
        var decided = left ?? (undeliverable ? cleaned : accepts == true ? confirmed ?? asked : null) ?? said ?? writing.Now;
        return new CustomerLine(claim with { AcceptsMarketing = accepts }, TimeOf(line, CustomerColumns.Since, batch) ?? writing.Now, decided, line.Number, evidence, undeliverable && left is null);
    }

    private static bool IsCleaned(string cell) => cell.ToLowerInvariant() is "cleaned" or "bounced" or "hard_bounced" or "hard bounced" or "undeliverable";

    /// <summary>Spreadsheets are kept from changing numbers by an apostrophe before them; Shopify writes its own so.</summary>
    private static string? Cell(ImportLine line, int field) => line[field].TrimStart('\'').Trim() is { Length: > 0 } cell ? cell : null;

    private static string? NameOf(ImportLine line) => Cell(line, CustomerColumns.FullName)
        ?? (string.Join(' ', new[] { Cell(line, CustomerColumns.First), Cell(line, CustomerColumns.Last) }.OfType<string>()) is { Length: > 0 } name ? name : null);

    /// <summary>Null where there is none, later than now, or one that cannot be read, which is noted; it keeps nothing else of the line from being taken.</summary>
    private DateTimeOffset? TimeOf(ImportLine line, int field, CustomersBatch batch)
    {
        if (line[field].Length == 0)
        {
            return null;
        }
        if (run.Format.Time(line[field], TimeZoneInfo.Utc) is { } time)
        {
            return time > writing.Now ? writing.Now : time;
        }
        batch.Remarks.Add(new ImportRemark(line.Number, RemarkKind.Repaired, "day_left_out", Cut(line[field])));
        return null;
    }

    private static CustomerLine? Reject(ImportLine line, CustomersBatch batch, string reason, string detail)
    {
        batch.Remarks.Add(new ImportRemark(line.Number, RemarkKind.Rejected, reason, Cut(detail)));
        return null;
    }

    private static string Cut(string text) => text.Length > LongestDetail ? text[..LongestDetail] + "…" : text;

    /// <summary>Null for anything else, which says nothing: a box that nobody ticked is no refusal.</summary>
    private static bool? YesOrNo(string cell) => cell.ToLowerInvariant() switch
    {
        "yes" or "true" or "1" or "y" or "subscribed" or "是" => true,
        "unsubscribed" or "已退订" => false,
        _ => null,
    };
}

/// <summary>Lines of a file of customers that are ready to be written.</summary>
internal sealed class CustomersBatch(Guid importId, CustomerWriting writing) : IImportBatch
{
    private readonly Dictionary<string, long> counts = [];

    public List<ImportRemark> Remarks { get; } = [];
    public List<(ResolvedPerson Person, CustomerLine Line)> People { get; } = [];
    public IImportedTraits? Traits { get; set; }

    /// <summary>What they said about advertising, sealed.</summary>
    public Func<Transaction, CancellationToken, Task> KeepConsents { get; set; } = (_, _) => Task.CompletedTask;

    IReadOnlyList<ImportRemark> IImportBatch.Remarks => Remarks;
    public IReadOnlyDictionary<string, long> Counts => counts;

    public void Count(string name, long lines) => CollectionsMarshal.GetValueRefOrAddDefault(counts, name, out _) += lines;

    public async Task WriteAsync(Transaction tx, CancellationToken ct)
    {
        await writing.Customers.RegisterAsync(tx, People.ConvertAll(p => new SeenPerson(p.Person, p.Line.SeenAt)), importId, ct);
        await (Traits?.WriteAsync(tx, ct) ?? Task.CompletedTask);
        await KeepConsents(tx, ct);
    }
}
