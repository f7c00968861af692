using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Schema;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Traits;

/// <summary>Writes what staff say of a customer's trait, and withdraws it again.</summary>
internal sealed class EditTrait(Database database, SubjectVault vault, TraitBook book, WriteTraits write, RetellTraits retell, CurrentActor actor, AuditLog audit, TimeProvider time)
{
    /// <param name="value">As it was typed; empty says that the customer has no such thing, whatever other sources say.</param>
    /// <exception cref="ProblemException"><c>customer_unknown</c>, <c>trait_unknown</c>, <c>trait_source_refused</c>, <c>trait_not_…</c>, <c>trait_too_long</c>.</exception>
    public async Task RunAsync(Guid customerId, string name, string? value, CancellationToken ct)
    {
        Demand();
        var schema = await book.ReadAsync(ct);
        if (!schema.Of(name).IsDefined)
        {
            throw DefineTrait.Unknown();
        }
        var json = string.IsNullOrWhiteSpace(value) ? null : JsonSerializer.Serialize(value.Trim());
        if (JudgeTraits.ProblemOf(schema, TraitSource.Staff, name, json) is { } problem)
        {
            throw TraitProblems.Of(problem);
        }
        await DemandLivingAsync(customerId, ct);
        var keys = await vault.KeysAsync([customerId], ct);
        var now = time.GetUtcNow();
        var said = TraitRun.Of(customerId, name, TraitSource.Staff, Guid.Empty, Guid.Empty, new SaidAt(now, Id.New().ToByteArray()), json);
        var allowed = await write.AskAsync([said], ct);
        await vault.ChangeAsync(async tx =>
        {
            await NoteAsync(tx, customerId, name, "customer.trait_edited", ct);
            await write.RunAsync(tx, new PreparedTraits([said], keys, allowed), ct);
        }, ct);
    }

    /// <summary>Withdraws what staff said of the trait, so that the other sources count again.</summary>
    /// <exception cref="ProblemException"><c>customer_unknown</c>.</exception>
    public async Task WithdrawAsync(Guid customerId, string name, CancellationToken ct)
    {
        Demand();
        await DemandLivingAsync(customerId, ct);
        var subjects = await database.ReadAsync(s => CustomerLinks.SubjectsOfAsync(s, [customerId], ct), ct);
        var keys = await vault.KeysAsync(subjects, ct);
        var allowed = await retell.AllowedAsync(subjects, ct);
        await vault.ChangeAsync(async tx =>
        {
            await NoteAsync(tx, customerId, name, "customer.trait_withdrawn", ct);
            await tx.ExecuteAsync("delete from customers_trait_history where subject_id in @subjects and name = @name and source = 'staff'", new { subjects, name }, ct);
            await retell.RetellAsync(tx, await book.OpenAsync(tx, ct), subjects, keys, allowed, ct);
        }, ct);
    }

    private void Demand()
    {
        actor.Demand(CustomersPermissions.Edit);
        actor.Demand(CustomersPermissions.ReadPersonal);
    }

    /// <summary>Whoever was erased gets no key again.</summary>
    private async Task DemandLivingAsync(Guid customerId, CancellationToken ct)
    {
        if ((await vault.LivingAsync([customerId], ct)).Count == 0)
        {
            throw Unknown();
        }
    }

    private async Task NoteAsync(Transaction tx, Guid customerId, string name, string action, CancellationToken ct)
    {
        await CustomerLinks.LockAsync(tx, [customerId], ct);
        if (await tx.CountAsync("""
            select count(*) from customers_subjects s join customers_links l on l.subject_id = s.subject_id where s.subject_id = @customerId and l.customer_id = @customerId and s.erased_at is null
            """, new { customerId }, ct) == 0)
        {
            throw Unknown();
        }
        await audit.RecordAsync(tx, action, $"customer:{customerId}", null, ct, name);
        tx.Append(new ProfileEdited(customerId, time.GetUtcNow(), [name]));
    }

    private static ProblemException Unknown() => new("customer_unknown", "This customer does not exist, or was erased.", 404);
}

/// <summary>What does not fit a trait, for whoever typed it.</summary>
internal static class TraitProblems
{
    public static ProblemException Of(string problem) => problem switch
    {
        "trait_not_number" => new(problem, "A trait should be a number"),
        "trait_not_boolean" => new(problem, "A trait should be true or false"),
        "trait_not_date" => new(problem, "A trait should be a date such as 2026-01-31"),
        "trait_too_long" => new(problem, "A trait is too long"),
        "trait_source_refused" => new(problem, "A trait may not come from this source", 409),
        _ => new(problem, "A trait should be a text"),
    };
}
