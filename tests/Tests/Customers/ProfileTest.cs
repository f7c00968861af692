using Wellmet.Customers.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Profiles;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Tests.Customers;

/// <summary>Editing what is known of a customer.</summary>
public sealed class ProfileTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_staff_say_goes_before_files_and_search_follows(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var anna = (await shop.SeeAsync([PeopleTest.External("1", new PersonDetails("Anna Berg", "anna@example.com", "+491", "Germany"))], Id.New())).Single().SubjectId;

        (await EditAsync(shop, new(anna, "Änne Tal", "anna@example.com", "", "France", null))).ShouldBe(["name", "phone", "country"]);
        (await EditAsync(shop, new(anna, "Änne Tal", "anna@example.com", "", "France", null))).ShouldBeEmpty("nothing changed");

        var profile = await ReadAsync(shop, anna);
        (profile.Name, profile.Email, profile.Phone, profile.Country).ShouldBe(("Änne Tal", "anna@example.com", null, "France"));
        (await shop.FindAsync("anne")).ShouldBe([anna]);
        (await shop.FindAsync("tal")).ShouldBe([anna]);
        (await shop.CountAsync("customers_summaries where country = 'France'")).ShouldBe(1);

        await shop.SeeAsync([PeopleTest.External("1", new PersonDetails("Anna Neu", Phone: "+493333"))], Id.New());
        (await ReadAsync(shop, anna)).Label.ShouldBe("Änne Tal");
        (await ReadAsync(shop, anna)).Phone.ShouldBeNull("staff removed it");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_email_address_belongs_to_one_customer(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var seen = await shop.SeeAsync([PeopleTest.External("1", new PersonDetails("Anna", "anna@example.com")), PeopleTest.External("2"), PeopleTest.Unknown()]);
        Guid anna = seen[0].SubjectId, bob = seen[1].SubjectId, unknown = seen[2].SubjectId;

        (await Should.ThrowAsync<ProblemException>(() => EditAsync(shop, new(bob, "Bob", "ANNA@example.com", null, null, null)))).Code.ShouldBe("email_taken");
        (await Should.ThrowAsync<ProblemException>(() => EditAsync(shop, new(bob, "Bob", "bob at home", null, null, null)))).Code.ShouldBe("email_invalid");
        (await Should.ThrowAsync<ProblemException>(() => EditAsync(shop, new(Id.New(), "Nobody", null, null, null, null)))).Code.ShouldBe("customer_unknown");
        (await ReadAsync(shop, bob)).Name.ShouldBeNull("a refused edit changes nothing");

        await EditAsync(shop, new(unknown, null, "new@example.com", null, null, null));
        (await shop.SeeAsync([PeopleTest.Email("new@example.com")])).Single().SubjectId.ShouldBe(unknown);
        (await shop.CountAsync("customers_summaries where anonymous = " + (engine == Engine.Sqlite ? "1" : "true"))).ShouldBe(0);
        (await ReadAsync(shop, anna)).Email.ShouldBe("anna@example.com");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task An_edit_while_a_batch_is_prepared_takes_nothing_from_it(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var seen = await shop.SeeAsync([PeopleTest.External("1", new PersonDetails("Anna")), PeopleTest.External("2")]);
        Guid anna = seen[0].SubjectId, import = Id.New();
        await shop.UseAsync<ICustomers>(async customers =>
        {
            var prepared = await customers.ResolveAsync([PeopleTest.External("1", new PersonDetails("Anna Berg", "anna@example.com"))], import, default);
            await EditAsync(shop, new(anna, "Anna", null, null, "France", null));
            await shop.Database.WriteAsync(tx => customers.RegisterAsync(tx, [.. prepared.Select(p => new SeenPerson(p, CustomersInShop.Day))], import, default), default);
        });

        await EditAsync(shop, new(seen[1].SubjectId, "Somebody else, whose edit completes what is marked", null, null, null, null));

        (await shop.SeeAsync([PeopleTest.Email("anna@example.com")])).Single().SubjectId.ShouldBe(anna);
        (await shop.FindAsync("berg")).ShouldBe([anna]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Who_was_erased_is_filled_again_neither_by_staff_nor_by_a_batch_that_was_prepared(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine, workers: false);
        var seen = await shop.SeeAsync([PeopleTest.External("1", new PersonDetails("Anna")), PeopleTest.External("2")]);
        Guid anna = seen[0].SubjectId, import = Id.New();
        await shop.UseAsync<ICustomers>(async customers =>
        {
            var prepared = await customers.ResolveAsync([PeopleTest.External("1", new PersonDetails("Anna Berg", "anna@example.com"))], import, default);
            await shop.UseAsync<EraseCustomer>(erase => erase.RunAsync(new(anna, "ERASE"), default));
            await shop.Database.WriteAsync(tx => customers.RegisterAsync(tx, [.. prepared.Select(p => new SeenPerson(p, CustomersInShop.Day))], import, default), default);
        });

        (await Should.ThrowAsync<ProblemException>(() => EditAsync(shop, new(anna, "Anna", "new@example.com", null, null, null)))).Code.ShouldBe("customer_unknown");

        (await shop.Get<KeyStore>().KeysAsync([anna], create: false, default)).Has(anna).ShouldBeFalse();
        (await shop.SeeAsync([PeopleTest.Email("new@example.com")])).Single().SubjectId.ShouldNotBe(anna);
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from customers_profiles where subject_id = @anna", new { anna }), default)).ShouldBe(0);
    }

    private static Task<IReadOnlyList<string>> EditAsync(TestShop shop, EditProfile.Request request) =>
        shop.UseAsync<EditProfile, IReadOnlyList<string>>(e => e.RunAsync(request, default));

    private static Task<CustomerProfile> ReadAsync(TestShop shop, Guid customer) =>
        shop.UseAsync<ReadCustomer, CustomerProfile>(async r => (await r.RunAsync(customer, default)).Profile);
}
