using Wellmet.Customers.Contract;
using Wellmet.Customers.Profiles;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

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

    private static Task<IReadOnlyList<string>> EditAsync(TestShop shop, EditProfile.Request request) =>
        shop.UseAsync<EditProfile, IReadOnlyList<string>>(e => e.RunAsync(request, default));

    private static Task<CustomerProfile> ReadAsync(TestShop shop, Guid customer) =>
        shop.UseAsync<ReadCustomer, CustomerProfile>(async r => (await r.RunAsync(customer, default)).Profile);
}
