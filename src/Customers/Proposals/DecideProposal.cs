using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Proposals;

/// <summary>A person decides about a proposal: both become one customer, which can be taken back, or it is never proposed again.</summary>
public sealed class DecideProposal(Database database, MergeCustomers merge, CurrentActor actor, AuditLog audit, TimeProvider time)
{
    public sealed record Request(Guid FirstId, Guid OtherId);

    /// <summary>Makes both one customer: the one that was seen first stays.</summary>
    /// <exception cref="ProblemException"><c>proposal_unknown</c>; and as <see cref="MergeCustomers"/>.</exception>
    public async Task<MergeCustomers.Answer> AcceptAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Edit);
        var pair = ProposalStore.InOrder(request.FirstId, request.OtherId);
        var kept = await database.ReadAsync(s => s.QueryAsync("""
            select s.subject_id from customers_subjects s where s.subject_id in @ids
              and exists (select 1 from customers_proposals where subject_id = @First and other_id = @Other and state = @open)
            order by s.first_seen_at, s.subject_id limit 1
            """, new { ids = new[] { pair.First, pair.Other }, pair.First, pair.Other, open = EnumText.Of(ProposalState.Open) }, r => r.Guid(0), ct), ct);
        if (kept.Count == 0)
        {
            throw Unknown();
        }
        return await merge.RunAsync(new(kept[0], kept[0] == pair.First ? pair.Other : pair.First, MergeReason.Proposed), ct);
    }

    /// <summary>They are two people.</summary>
    /// <exception cref="ProblemException"><c>proposal_unknown</c>.</exception>
    public Task RefuseAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Edit);
        var (first, other) = ProposalStore.InOrder(request.FirstId, request.OtherId);
        return database.WriteAsync(async tx =>
        {
            var refused = await tx.ExecuteAsync("""
                update customers_proposals set state = @refused, decided_at = @now where subject_id = @first and other_id = @other and state = @open
                """, new { refused = EnumText.Of(ProposalState.Refused), open = EnumText.Of(ProposalState.Open), now = time.GetUtcNow(), first, other }, ct);
            if (refused == 0)
            {
                throw Unknown();
            }
            await audit.RecordAsync(tx, "customer.kept_apart", $"customer:{first}", null, ct, $"from {other}");
        }, ct);
    }

    private static ProblemException Unknown() => new("proposal_unknown", "This proposal was decided already, or its customers are others now.", 404);
}

/// <summary>From which precision on proposals are accepted by themselves.</summary>
public sealed class SaveAutomaticMerging(Database database, CurrentActor actor, AuditLog audit)
{
    /// <summary>What can be chosen, beside that a person decides each.</summary>
    public static readonly IReadOnlyList<double> Choices = [0.999, 0.9999];

    /// <param name="precision">One of <see cref="Choices"/>; null for never.</param>
    /// <exception cref="ProblemException"><c>precision_unknown</c>.</exception>
    public Task RunAsync(double? precision, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.MergeAutomatically);
        if (precision is { } wished && !Choices.Contains(wished))
        {
            throw new ProblemException("precision_unknown", "This precision cannot be chosen.");
        }
        return database.WriteAsync(async tx =>
        {
            await ProposalStore.SetAutomaticAsync(tx, precision, ct);
            await audit.RecordAsync(tx, "customer.automatic_merging", "settings:proposals", null, ct, precision is { } above ? FormattableString.Invariant($"{above}") : "off");
        }, ct);
    }
}
