using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Tests.Customers;

/// <summary>Finding, claiming, writing and taking back people.</summary>
public sealed class PeopleTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_same_identifier_is_the_same_subject_however_it_is_written(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);

        var first = await shop.SeeAsync([
            Email(" Anna@Bücher.example "), Email("anna@xn--bcher-kva.example"), External("17850"), Phone("+49 170 / 12-34"), Phone("+491701234"), Unknown(), Unknown()]);
        var again = await shop.SeeAsync([External("17850"), Email("ANNA@bücher.example")]);

        first[0].SubjectId.ShouldBe(first[1].SubjectId);
        first[3].SubjectId.ShouldBe(first[4].SubjectId);
        first[5].SubjectId.ShouldNotBe(first[6].SubjectId);
        first.ShouldAllBe(p => p.IsNew);
        again.Select(p => p.SubjectId).ShouldBe([first[2].SubjectId, first[0].SubjectId]);
        again.ShouldAllBe(p => !p.IsNew && p.Statement == null);
        (await shop.CountAsync("customers_subjects")).ShouldBe(5);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_claim_whose_rows_a_crash_prevented_is_taken_up(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);

        var lost = await shop.UseAsync<ICustomers, IReadOnlyList<ResolvedPerson>>(c => c.ResolveAsync([External("7")], null, default));
        var found = await shop.SeeAsync([External("7", new PersonDetails("Ann"))]);

        found.Single().SubjectId.ShouldBe(lost.Single().SubjectId);
        found.Single().IsNew.ShouldBeTrue();
        (await shop.LabelAsync(lost.Single().SubjectId)).ShouldBe("Ann");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Two_at_once_never_give_one_identifier_two_subjects(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var people = Enumerable.Range(0, 100).Select(i => External($"C{i}")).ToList();

        var seen = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.SeeAsync(people)));

        seen.ShouldAllBe(s => s.Select(p => p.SubjectId).SequenceEqual(seen[0].Select(p => p.SubjectId)));
        (await shop.CountAsync("customers_subjects")).ShouldBe(100);
        (await shop.CountAsync("customers_summaries")).ShouldBe(100);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Keys_are_made_only_for_subjects_with_something_to_seal(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);

        var seen = await shop.SeeAsync([External("1"), Unknown(), new PersonClaim(IdentityKind.Email, null, new PersonDetails(Country: "France"))]);

        var keys = await shop.Get<KeyStore>().KeysAsync(seen.Select(p => p.SubjectId), create: false, default);
        seen.Select(p => keys.Has(p.SubjectId)).ShouldBe([true, false, false]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Undo_removes_what_only_that_import_named_and_leaves_the_rest_as_if_it_had_never_been(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        Guid march = Id.New(), april = Id.New();
        var first = await shop.SeeAsync([External("1", new PersonDetails("Anna Berg", "anna@example.com", Country: "Germany")), External("2"), Unknown()], march);
        await shop.SeeAsync([External("1", new PersonDetails("Anne Berg", Country: "France")), External("3")], april, CustomersInShop.Day.AddDays(30));
        (await shop.LabelAsync(first[0].SubjectId)).ShouldBe("Anne Berg");

        await shop.UndoAsync(march);

        (await shop.CountAsync("customers_subjects")).ShouldBe(2);
        (await shop.CountAsync("customers_summaries")).ShouldBe(2);
        (await shop.LabelAsync(first[0].SubjectId)).ShouldBe("Anne Berg");
        (await shop.FindAsync("anna")).ShouldBeEmpty();
        (await shop.FindAsync("anne")).ShouldBe([first[0].SubjectId]);
        var again = await shop.SeeAsync([Email("anna@example.com"), External("1"), External("2")]);
        again.Select(p => p.IsNew).ShouldBe([true, false, true]);

        await shop.UndoAsync(april);
        (await shop.CountAsync("customers_subjects")).ShouldBe(3, "what was seen live after the undo stays");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Undo_leaves_nothing_in_either_database(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var import = Id.New();
        await shop.SeeAsync([.. Enumerable.Range(0, 700).Select(i => External($"C{i}", new PersonDetails($"Name {i}", $"c{i}@example.com")))], import);
        await shop.UseAsync<ICustomers, IReadOnlyList<ResolvedPerson>>(c => c.ResolveAsync([External("claimed only")], import, default));

        await shop.UndoAsync(import);

        foreach (var table in new[] { "customers_subjects", "customers_links", "customers_profiles", "customers_identities", "customers_summaries", "customers_vault_pending" })
        {
            (await shop.CountAsync(table)).ShouldBe(0, table);
        }
        foreach (var table in new[] { "vault_keys", "vault_tokens", "vault_identifiers" })
        {
            (await shop.Get<KeyStore>().Database.ReadAsync(s => s.CountAsync($"select count(*) from {table}"), default)).ShouldBe(0, table);
        }
    }

    [Fact]
    public async Task What_is_too_long_is_refused_with_its_reason()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);

        var refusal = await Should.ThrowAsync<ProblemException>(() => shop.SeeAsync([External(new string('x', 321))]));

        refusal.Code.ShouldBe("personal_data_too_long");
    }

    internal static PersonClaim External(string id, PersonDetails? details = null) => new(IdentityKind.ExternalId, id, details ?? new PersonDetails());
    internal static PersonClaim Email(string address, PersonDetails? details = null) => new(IdentityKind.Email, address, details ?? new PersonDetails());
    internal static PersonClaim Phone(string number) => new(IdentityKind.Phone, number, new PersonDetails());
    internal static PersonClaim Unknown() => new(IdentityKind.ExternalId, null, new PersonDetails());
}
