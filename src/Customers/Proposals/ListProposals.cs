using System.Globalization;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Proposals;

/// <summary>A proposal with both people side by side.</summary>
public sealed record ProposalView(MergeProposal Proposal, ProposalPerson First, ProposalPerson Other);

/// <summary>Lists open proposals, the surest first, page by page by key; only of customers who are still customers of their own.</summary>
public sealed class ListProposals(Database database, ProposalStore store, ProposalStatus status, PeopleReader people, CurrentActor actor)
{
    private const int PageSize = 10;

    /// <param name="Card">Of the last run; null before the first one.</param>
    /// <param name="Automatic">The precision from which on nobody is asked; null for never.</param>
    public sealed record Page(IReadOnlyList<ProposalView> Proposals, string? Previous, string? Next, ProposalCard? Card, double? Automatic, ProposalStatus Status);

    /// <exception cref="ProblemException"><c>cursor_unknown</c>.</exception>
    public async Task<Page> RunAsync(string? after, string? before, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Edit);
        var paging = new KeyPaging(after, before, PageSize);
        var key = ("p.chance", "p.proposal_id");
        var rows = await database.ReadAsync(s => s.QueryAsync($"""
            select {ProposalStore.Columns} from customers_proposals p
            join customers_links a on a.subject_id = p.subject_id and a.customer_id = p.subject_id
            join customers_links b on b.subject_id = p.other_id and b.customer_id = p.other_id
            where p.state = @open {paging.Condition(key, descending: true)} {paging.Order(key, descending: true)} limit @Rows
            """, new { open = EnumText.Of(ProposalState.Open), at = (int)(paging.At?.Number ?? 0), id = paging.At?.Id ?? Guid.Empty, paging.Rows }, ProposalStore.Read, ct), ct);
        var (shown, previous, next) = paging.Cut(rows, p => new Cursor(((int)Math.Round(p.Chance * ProposalStore.Whole)).ToString(CultureInfo.InvariantCulture), p.ProposalId));
        var known = await people.ReadAsync([.. shown.SelectMany(p => new[] { p.FirstId, p.OtherId }).Distinct()], ct);
        return new Page([.. shown.Where(p => known.ContainsKey(p.FirstId) && known.ContainsKey(p.OtherId)).Select(p => new ProposalView(p, known[p.FirstId], known[p.OtherId]))],
            previous, next, await store.CardAsync(ct), await store.AutomaticAsync(ct), status);
    }
}
