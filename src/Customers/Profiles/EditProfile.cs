using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Traits;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Profiles;

/// <summary>
/// Writes what staff say of a customer. It goes before what files and shops say, field by field: a field that was not changed keeps
/// following its sources, an emptied one stays empty.
/// </summary>
public sealed class EditProfile(ProfileReader profiles, SubjectVault vault, CurrentActor actor, AuditLog audit, TimeProvider time)
{
    /// <summary>The fields as they are to be; null or empty for nothing.</summary>
    public sealed record Request(Guid CustomerId, string? Name, string? Email, string? Phone, string? Country, string? Locale);

    /// <returns>The names of the changed fields.</returns>
    /// <exception cref="ProblemException">
    /// <c>customer_unknown</c>, <c>email_invalid</c>, <c>email_taken</c>, <c>personal_data_too_long</c>.
    /// </exception>
    public async Task<IReadOnlyList<string>> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Edit);
        actor.Demand(CustomersPermissions.ReadPersonal);
        var current = (await profiles.ReadAsync([request.CustomerId], ct))[request.CustomerId];
        var edit = ProfileEdit.Of(current, request);
        if (edit.Changed.Count == 0)
        {
            return [];
        }
        // Whoever was erased gets neither a claim nor a key again.
        if ((await vault.LivingAsync([request.CustomerId], ct)).Count == 0)
        {
            throw Unknown();
        }
        if (!string.IsNullOrEmpty(edit.Email))
        {
            await ClaimEmailAsync(request.CustomerId, edit.Email, ct);
        }
        var keys = await vault.KeysAsync([request.CustomerId], ct);
        await vault.ChangeAsync(tx => WriteAsync(tx, request.CustomerId, edit, keys, ct), ct);
        return edit.Changed;
    }

    private async Task ClaimEmailAsync(Guid customerId, string email, CancellationToken ct)
    {
        var identifier = IdentityText.IdentifierOf(IdentityKind.Email, email)!.Value;
        if (await vault.ClaimAsync(new Claim(identifier, customerId, null), ct) != customerId)
        {
            throw new ProblemException("email_taken", "Another customer has this e-mail address. If both are one person, merge them.", 409);
        }
    }

    private async Task WriteAsync(Transaction tx, Guid customerId, ProfileEdit edit, SubjectKeys keys, CancellationToken ct)
    {
        await CustomerLinks.LockAsync(tx, [customerId], ct);
        var living = await tx.CountAsync("""
            select count(*) from customers_subjects s join customers_links l on l.subject_id = s.subject_id
            where s.subject_id = @customerId and l.customer_id = @customerId and s.erased_at is null
            """, new { customerId }, ct);
        if (living == 0)
        {
            throw Unknown();
        }
        var now = time.GetUtcNow();
        await tx.ExecuteAsync("""
            insert into customers_profiles (subject_id, import_id, said_at, name, email, phone, country, locale)
            values (@customerId, @none, @now, @Name, @Email, @Phone, @Country, @Locale)
            on conflict (subject_id, import_id) do update set said_at = excluded.said_at,
              name = coalesce(excluded.name, customers_profiles.name), email = coalesce(excluded.email, customers_profiles.email),
              phone = coalesce(excluded.phone, customers_profiles.phone), country = coalesce(excluded.country, customers_profiles.country),
              locale = coalesce(excluded.locale, customers_profiles.locale)
            """, new
        {
            customerId, none = Guid.Empty, now,
            Name = Seal(keys, customerId, PlainStatement.NameColumn, edit.Name),
            Email = Seal(keys, customerId, PlainStatement.EmailColumn, edit.Email),
            Phone = Seal(keys, customerId, PlainStatement.PhoneColumn, edit.Phone),
            edit.Country, edit.Locale,
        }, ct);
        if (!string.IsNullOrEmpty(edit.Email))
        {
            await AddEmailAsync(tx, customerId, keys.Seal(customerId, PlainStatement.IdentityColumn, edit.Email), ct);
        }
        await SubjectVault.MarkAsync(tx, [customerId], ct);
        await Summaries.RefreshAsync(tx, [customerId], ct);
        await audit.RecordAsync(tx, "customer.edited", $"customer:{customerId}", null, ct, string.Join(' ', edit.Changed));
        tx.Append(new ProfileEdited(customerId, now, edit.Changed));
        if (ToldTraits.Of(edit) is { } told)
        {
            tx.Append(new TraitsTold(customerId, now, ToldTraits.Staff, told));
        }
    }

    private static ProblemException Unknown() => new("customer_unknown", "This customer does not exist, or was erased.", 404);

    /// <summary>Who has an e-mail address is somebody, and no longer anonymous.</summary>
    private static async Task AddEmailAsync(Transaction tx, Guid customerId, Sealed<string> value, CancellationToken ct)
    {
        await tx.ExecuteAsync("""
            insert into customers_identities (subject_id, identity_id, kind, value, verified, import_id)
            values (@customerId, @id, 'email', @value, @verified, @none)
            """, new { customerId, id = Id.New(), value, verified = false, none = Guid.Empty }, ct);
        await tx.ExecuteAsync("update customers_subjects set anonymous = @anonymous where subject_id = @customerId", new { anonymous = false, customerId }, ct);
    }

    private static Sealed<string>? Seal(SubjectKeys keys, Guid subject, string column, string? value) => value is null ? null : keys.Seal(subject, column, value);
}
