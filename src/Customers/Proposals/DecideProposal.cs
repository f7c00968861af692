using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Proposals;

/// <summary>Makes two customers one because the program found them alike: the one that was seen first stays.</summary>
public sealed class MergeProposed(Database database, MergeCustomers merge, CurrentActor actor)
{
    /// <inheritdoc cref="MergeCustomers.RunAsync" path="/exception"/>
    internal async Task<MergeCustomers.Answer> RunAsync(Guid one, Guid other, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Edit);
        var first = await database.ReadAsync(s => s.QueryAsync("select subject_id from customers_subjects where subject_id in @ids order by first_seen_at, subject_id limit 1",
            new { ids = new[] { one, other } }, r => r.Guid(0), ct), ct);
        return await merge.RunAsync(first.Contains(other) ? new(other, one, MergeReason.Proposed) : new(one, other, MergeReason.Proposed), ct);
    }
}

/// <summary>A person decides about a proposal: both become one customer, which can be taken back, or it is never proposed again.</summary>
public sealed class DecideProposal(Database database, MergeProposed merge, CurrentActor actor, AuditLog audit, TimeProvider time)
{
    /// <summary>The two customers, in any order.</summary>
    public sealed record Request(Guid FirstId, Guid OtherId);

    /// <summary>Makes both one customer.</summary>
    /// <exception cref="ProblemException"><c>proposal_unknown</c>; and as <see cref="MergeCustomers"/>.</exception>
    public async Task<MergeCustomers.Answer> AcceptAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Edit);
        var (first, other) = ProposalStore.InOrder(request.FirstId, request.OtherId);
        var open = await database.ReadAsync(s => s.CountAsync("select count(*) from customers_proposals where subject_id = @first and other_id = @other and state = @open",
            new { first, other, open = EnumText.Of(ProposalState.Open) }, ct), ct);
        return open == 0 ? throw Unknown() : await merge.RunAsync(first, other, ct);
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

/// <summary>From which precision on proposals are accepted automatically.</summary>
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
