using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Erasure;

/// <summary>
/// Forgets a customer. One transaction removes what every module holds in rows and marks the subjects; then their keys are destroyed, which
/// takes the sealed values with them, in backups of the data too once the key backups of before are gone. A crash between the two leaves the mark, and the keys go at the next start. The log
/// keeps ids only.
/// </summary>
public sealed class EraseCustomer(IEnumerable<IPersonalData> holders, SubjectVault vault, CurrentActor actor, AuditLog audit, TimeProvider time)
{
    /// <summary>What has to be typed, in whatever language the page is.</summary>
    public const string Word = "ERASE";

    /// <param name="Confirmation">What was typed; must be <see cref="Word"/>.</param>
    public sealed record Request(Guid CustomerId, string? Confirmation);

    /// <exception cref="ProblemException"><c>word_wrong</c>, <c>customer_unknown</c>.</exception>
    public async Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Erase);
        if (!string.Equals(request.Confirmation?.Trim(), Word, StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException("word_wrong", "Type {0} to erase this customer for good.", 400, Word);
        }
        await vault.ChangeAsync(tx => EraseRowsAsync(tx, request.CustomerId, ct), ct);
    }

    private async Task EraseRowsAsync(Transaction tx, Guid customerId, CancellationToken ct)
    {
        await CustomerLinks.LockAsync(tx, [customerId], ct);
        var subjects = await tx.QueryAsync("""
            select l.subject_id from customers_links l join customers_subjects s on s.subject_id = l.subject_id
            where l.customer_id = @customerId and s.erased_at is null order by l.subject_id
            """, new { customerId }, r => r.Guid(0), ct);
        if (subjects.Count == 0)
        {
            throw new ProblemException("customer_unknown", "This customer does not exist, or was erased.", 404);
        }
        foreach (var holder in holders)
        {
            await holder.EraseAsync(subjects, tx, ct);
        }
        await audit.RecordAsync(tx, "customer.erased", $"customer:{customerId}", null, ct);
        foreach (var subject in subjects)
        {
            tx.Append(new CustomerErased(subject, time.GetUtcNow()));
        }
    }
}
