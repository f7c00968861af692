using System.Reflection;
using System.Text;
using System.Text.Json;
using Wellmet.Commerce.Orders;
using Wellmet.Commerce.Returns;
using Wellmet.Commerce.Shipments;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Profiles;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Privacy.Consents;
using Wellmet.Privacy.Contract;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Privacy;
using static Wellmet.Tests.Customers.CustomersInShop;

namespace Wellmet.Tests.Customers;

/// <summary>Handing out and forgetting everything that is held about a person.</summary>
public sealed class ErasureTest
{
    /// <summary>How each kind of personal data gets in: the property marked with [Pii], and the canary that the real use cases write into it.</summary>
    private static readonly Dictionary<string, string> Canaries = new()
    {
        ["CustomerProfile.Name"] = "Canariensis Serinusova",
        ["CustomerProfile.Email"] = "canary.mail@serinus.example",
        ["CustomerProfile.Phone"] = "+49987654321012",
        ["CustomerIdentity.Value"] = "canary-external-4711",
        ["TraitRun.Value"] = "canary-loves-millet",
        ["SaidValue.Value"] = "canary-sleeps-late",
        ["ProposalPerson.Birthday"] = "1907-02-canary",
        ["ProposalPerson.Street"] = "47 Serinus Row",
        ["ProposalPerson.City"] = "Canaryborough-on-Sea",
        ["ProposalPerson.Postcode"] = "CNR-4711-Y",
        ["ShipmentRow.Tracking"] = "CANARY0815TRACKING",
        ["ConsentProof.Address"] = "canary.consent@serinus.example",
        ["ConsentProof.Place"] = "https://canary.example/newsletter-of-finches",
        ["ConsentProof.Network"] = "198.51.77.0/24",
        ["ConsentProof.UserAgent"] = "CanaryBrowser/47.11",
        ["ConsentProof.Evidence"] = "canary-form-0815",
        ["ConsentProof.Note"] = "the canary sang it on the phone",
    };

    [Fact]
    public void Every_property_with_personal_data_has_a_canary() =>
        PiiProperties().Select(p => $"{p.DeclaringType!.Name}.{p.Name}").ShouldBe(Canaries.Keys, ignoreOrder: true,
            "a module's new [Pii] property needs a canary here, written by its real use case, exported and erased by its IPersonalData");

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Canaries_are_exported_before_and_nowhere_after_erasure(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await TestShop.OpenAsync(engine, storage: storage);
        var anna = await WriteCanariesAsync(shop);
        var other = (await shop.SeeAsync([PeopleTest.External("other", new PersonDetails("Stays Here"))])).Single().SubjectId;

        var export = await shop.UseAsync<ExportCustomer, IReadOnlyList<PersonalRecord>>(e => e.RunAsync(anna, default));
        var (json, csv) = (Encoding.UTF8.GetString(ExportCustomer.ToJson(export)), Encoding.UTF8.GetString(ExportCustomer.ToCsv(export)));
        foreach (var canary in Canaries.Values)
        {
            json.ShouldContain(canary);
            csv.ShouldContain(canary);
        }
        (await shop.FindAsync("canariensis")).ShouldBe([anna]);

        (await Should.ThrowAsync<ProblemException>(() => EraseAsync(shop, anna, "yes"))).Code.ShouldBe("word_wrong");
        await EraseAsync(shop, anna, "erase");

        foreach (var canary in Canaries.Values)
        {
            (await shop.FindAsync(canary)).ShouldBeEmpty();
        }
        (await shop.Get<KeyStore>().KeysAsync([anna], create: false, default)).Has(anna).ShouldBeFalse();
        var view = await shop.UseAsync<ReadCustomer, CustomerView>(r => r.RunAsync(anna, default));
        (view.Profile.Label, view.ErasedAt.HasValue, view.Profile.Identities.Count).ShouldBe(("Anonymous", true, 0));
        (await shop.UseAsync<ListCustomers, ListCustomers.Page>(l => l.RunAsync(new(), default))).Rows.Select(r => r.CustomerId).ShouldBe([other]);
        (await shop.LabelAsync(other)).ShouldBe("Stays Here");
        (await shop.SeeAsync([PeopleTest.External(Canaries["CustomerIdentity.Value"])])).Single().SubjectId.ShouldNotBe(anna, "who comes back is somebody new");
        await ShouldStandNowhereAsync(shop, storage, Canaries.Values);
        var kept = await shop.UseAsync<ReadOrder, OrderDetails>(async r => await r.RunAsync(await OrderAsync(shop, anna), default));
        (kept.Order.Number, kept.Order.Revenue.Minor, kept.Lines.Count, kept.Shipments.Single().Tracking).ShouldBe(("1", 2034, 1, null), "the shop's books stay");
        await shop.UseAsync<RecordShipment, Guid>(ship => ship.RunAsync(new(kept.Order.OrderId, "DHL", Canaries["ShipmentRow.Tracking"], null), default));
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from commerce_shipments where tracking is not null"), default)).ShouldBe(0);
        (await shop.Get<KeyStore>().KeysAsync([anna], create: false, default)).Has(anna).ShouldBeFalse("a parcel that leaves later makes no new key");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Everything_that_happened_to_an_order_is_handed_out(Engine engine)
    {
        await using var shop = await TestShop.OpenAsync(engine);
        await WriteCanariesAsync(shop);
        var anna = (await shop.FindAsync("canariensis")).Single();
        var order = await OrderAsync(shop, anna);
        await shop.UseAsync<RecordReturn>(back => back.RunAsync(new(order, "damaged", [new("71053", 2)]), default));
        await shop.UseAsync<CancelItems>(cancel => cancel.RunAsync(new(order, [new("71053", 1)]), default));
        await shop.DrainAsync();

        var records = await shop.UseAsync<ExportCustomer, IReadOnlyList<PersonalRecord>>(e => e.RunAsync(anna, default));

        Fields("order")["revenue"].ShouldBe("20.34 GBP");
        Fields("order_line")["name"].ShouldBe("LANTERN");
        (Fields("shipment")["carrier"], Fields("shipment")["tracking"]).ShouldBe(("Royal Mail", Canaries["ShipmentRow.Tracking"]));
        Fields("shipment_line")["quantity"].ShouldBe("6");
        (Fields("return")["reason"], Fields("return")["refund"], Fields("return_line")["quantity"]).ShouldBe(("damaged", "6.78 GBP", "2"));
        (Fields("cancellation")["amount"], Fields("cancellation_line")["unit_price"]).ShouldBe(("3.39 GBP", "3.39"));
        records.Where(r => r.Kind == "counted_sale").Select(r => (r.Fields["what"], r.Fields["amount"])).ShouldBe([("order", "20.34 GBP"), ("cancellation", "3.39 GBP")]);

        IReadOnlyDictionary<string, string> Fields(string kind) => records.Single(r => r.Kind == kind).Fields;
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_crash_between_rows_and_keys_is_completed_at_the_next_start(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        Guid anna;
        byte[] envelope;
        var before = await TestShop.OpenAsync(engine, workers: false, storage: storage);
        anna = (await before.SeeAsync([PeopleTest.External("1", new PersonDetails("Anna"))])).Single().SubjectId;
        envelope = await before.Database.ReadAsync(s => s.FirstAsync("select name from customers_profiles", null, r => r.Bytes(0), default), default) ?? [];
        // What the erasure does before the crash: everything but the last step.
        await before.UseAsync<IEnumerable<IPersonalData>>(holders => before.Database.WriteAsync(async tx =>
        {
            foreach (var holder in holders)
            {
                await holder.EraseAsync([anna], tx, default);
            }
        }, default));
        (await before.Get<KeyStore>().KeysAsync([anna], create: false, default)).Open(anna, "customers_profiles.name", new Sealed<string>(envelope)).ShouldBe("Anna");

        await using var after = await TestShop.OpenAsync(engine, storage: storage);
        for (var i = 0; i < 200 && await after.CountAsync("customers_vault_pending") > 0; i++)
        {
            await Task.Delay(50);
        }

        (await after.Get<KeyStore>().KeysAsync([anna], create: false, default)).Has(anna).ShouldBeFalse();
        (await after.FindAsync("anna")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_those_who_may_erase_or_hand_out()
    {
        await using var shop = await TestShop.OpenAsync(Engine.Sqlite, workers: false);
        var anna = (await shop.SeeAsync([PeopleTest.External("1")])).Single().SubjectId;
        var agent = new Actor(Id.New(), "agent", Role.Agent, p => p != CustomersPermissions.Erase && p != CustomersPermissions.Export);

        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(anna, "ERASE"), default), agent));
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<ExportCustomer>(e => e.RunAsync(anna, default), agent));
    }

    [Fact]
    public void A_cell_that_would_be_a_formula_is_written_as_text()
    {
        var record = new PersonalRecord(Guid.Empty, "profile", new Dictionary<string, string> { ["name"] = "=HYPERLINK(\"http://x\",\"y\")" });

        Encoding.UTF8.GetString(ExportCustomer.ToCsv([record])).ShouldContain("\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
    }

    private static async Task<Guid> WriteCanariesAsync(TestShop shop)
    {
        var import = Id.New();
        var anna = (await shop.SeeAsync([PeopleTest.External(Canaries["CustomerIdentity.Value"],
            new PersonDetails(Canaries["CustomerProfile.Name"], Phone: Canaries["CustomerProfile.Phone"]))], import)).Single().SubjectId;
        await shop.UseAsync<EditProfile, IReadOnlyList<string>>(e => e.RunAsync(
            new(anna, Canaries["CustomerProfile.Name"], Canaries["CustomerProfile.Email"], Canaries["CustomerProfile.Phone"], "Germany", "de-DE"), default));
        await shop.CollectAsync(JsonSerializer.Serialize(new
        {
            userId = Canaries["CustomerIdentity.Value"],
            traits = new
            {
                food = Canaries["TraitRun.Value"],
                habit = Canaries["SaidValue.Value"],
                birthday = Canaries["ProposalPerson.Birthday"],
                address = new { street = Canaries["ProposalPerson.Street"], city = Canaries["ProposalPerson.City"], postalCode = Canaries["ProposalPerson.Postcode"] },
            },
        }), "identify");
        var cookie = (await shop.SeeAsync([PeopleTest.External("cookie")])).Single().SubjectId;
        await MergeTest.MergeAsync(shop, anna, cookie);
        await ShipAsync(shop, anna);
        await shop.SayAsync(new NewConsent(anna, Purpose.Marketing, Channel.Email, ConsentDecision.Given, Day, ConsentSource.Staff)
        {
            Proof = new ConsentProof(Canaries["ConsentProof.Address"], Canaries["ConsentProof.Place"], Canaries["ConsentProof.Network"],
                Canaries["ConsentProof.UserAgent"], Canaries["ConsentProof.Evidence"], Canaries["ConsentProof.Note"]),
        });
        await shop.DrainAsync();
        return anna;
    }

    /// <summary>An order from a file, which does not stay, and its parcel.</summary>
    private static async Task ShipAsync(TestShop shop, Guid customer)
    {
        await shop.ImportTextAsync(ImportsInShop.Header + $"1,71053,LANTERN,6,2010-12-01 08:26:00,3.39,{Canaries["CustomerIdentity.Value"]},UK\n");
        File.Delete(Directory.GetFiles(shop.Folder, "*.csv").Single());
        var order = await OrderAsync(shop, customer);
        await shop.UseAsync<RecordShipment, Guid>(ship => ship.RunAsync(new(order, "Royal Mail", Canaries["ShipmentRow.Tracking"], null), default));
    }

    private static Task<Guid> OrderAsync(TestShop shop, Guid customer) => shop.Database.ReadAsync(s => s.FirstAsync(
        "select order_id from commerce_orders where subject_id = @customer", new { customer }, r => r.Guid(0), default), default);

    private static Task EraseAsync(TestShop shop, Guid customer, string word) =>
        shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(customer, word), default));

    /// <summary>Of all modules and their contracts. Platform's own are of staff, who are no customers.</summary>
    private static IEnumerable<PropertyInfo> PiiProperties() =>
        Wellmet.Server.ModuleList.All.Select(m => m.GetType().Assembly)
            .SelectMany(a => a.GetReferencedAssemblies().Where(n => n.Name!.EndsWith(".Contract", StringComparison.Ordinal)).Select(Assembly.Load).Append(a))
            .Distinct().SelectMany(a => a.GetTypes()).SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(p => p.GetCustomAttribute<PiiAttribute>() is not null);

    /// <summary>Looks into every file of the data folder, and on PostgreSQL into every row of every table.</summary>
    private static async Task ShouldStandNowhereAsync(TestShop shop, StorageOptions storage, IEnumerable<string> canaries)
    {
        var forms = canaries.SelectMany(FormsOf).ToList();
        if (storage.Engine == Engine.Sqlite)
        {
            foreach (var database in new[] { shop.Database, shop.Get<KeyStore>().Database })
            {
                await database.ReadAsync(s => s.ExecuteAsync("pragma wal_checkpoint(truncate)"), default);
            }
        }
        var contents = Directory.EnumerateFiles(storage.DataFolder, "*", SearchOption.AllDirectories).Select(f => (Where: f, Content: ReadShared(f))).ToList();
        contents.Count.ShouldBeGreaterThan(0);
        contents.AddRange(storage.Engine == Engine.Postgres ? await TablesAsync(shop) : []);
        foreach (var (where, content) in contents)
        {
            forms.FindAll(f => content.AsSpan().IndexOf(f) >= 0).ShouldBeEmpty(where);
        }
    }

    /// <summary>As text, as hexadecimal digits, and as the inner part of base64 at each of its three alignments.</summary>
    private static IEnumerable<byte[]> FormsOf(string canary)
    {
        var utf8 = Encoding.UTF8.GetBytes(canary);
        return
        [
            utf8, Encoding.Unicode.GetBytes(canary), Encoding.BigEndianUnicode.GetBytes(canary), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)),
            .. Enumerable.Range(0, 3).Select(shift => Encoding.ASCII.GetBytes(Convert.ToBase64String([.. new byte[shift], .. utf8])[4..^4])),
        ];
    }

    private static Task<List<(string Where, byte[] Content)>> TablesAsync(TestShop shop) => shop.Database.ReadAsync(async s =>
    {
        var tables = await s.QueryAsync("select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
            null, r => r.Text(0), default);
        tables.Count.ShouldBeGreaterThan(15);
        var contents = new List<(string, byte[])>();
        foreach (var table in tables)
        {
            var rows = await s.QueryAsync($"select t::text from {table} t", null, r => r.Text(0), default);
            contents.Add((table, Encoding.UTF8.GetBytes(string.Join('\n', rows))));
        }
        return contents;
    }, default);

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
