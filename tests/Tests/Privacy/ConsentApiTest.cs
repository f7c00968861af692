using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Privacy;

/// <summary>Consents as programs of the shop and staff record them, and as people confirm them.</summary>
public sealed class ConsentApiTest
{
    private static readonly DataUse Mailing = new(Purpose.Marketing, Channel.Email);
    private const string Newsletter = """
        {"consents": [{"email": "ann@example.com", "purpose": "marketing", "channel": "email", "decision": "DECISION", "source": "form", "method": "checkbox",
          "wording": "Yes, send me news.", "wording_version": "7", "language": "en", "place": "https://shop.example/news", "ip": "203.0.113.77", "user_agent": "Mozilla/5.0 (Test)"}]}
        """;

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_program_records_a_consent_once_and_reads_it_with_its_proof(Engine engine)
    {
        await using var shop = await WebShop.OpenAsync(engine);
        using var program = await ProgramAsync(shop, PrivacyPermissions.Write.Code, PrivacyPermissions.Read.Code, CustomersPermissions.ReadPersonal.Code);

        var first = await PostAsync(program, Newsletter.Replace("DECISION", "given", StringComparison.Ordinal), "one");
        var again = await PostAsync(program, Newsletter.Replace("DECISION", "given", StringComparison.Ordinal), "one");

        first.Status.ShouldBe(HttpStatusCode.Created, first.Body.ToString());
        again.Body.ToString().ShouldBe(first.Body.ToString(), "repeated, not done again");
        var customer = first.Body.GetProperty("consents")[0].GetProperty("customer_id").GetGuid();
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from privacy_consents"), default)).ShouldBe(1);
        (await AskAsync(shop, customer, "ann@example.com")).ShouldBe(new PurposeDecision(true, "consent"));

        var read = JsonElement.Parse(await program.GetStringAsync($"/v1/customers/{customer}/consents"));
        var record = read.GetProperty("consents")[0];
        (Text(record, "wording"), Text(record, "wording_version"), Text(record, "network"), Text(record, "place"), Text(record, "user_agent"), Text(record, "address"))
            .ShouldBe(("Yes, send me news.", "7", "203.0.113.0/24", "https://shop.example/news", "Mozilla/5.0 (Test)", "ann@example.com"));
        read.GetProperty("channels").EnumerateArray().Single(c => Text(c, "purpose") == "marketing" && Text(c, "channel") == "email").GetProperty("allowed").GetBoolean().ShouldBeTrue();

        using var blind = await ProgramAsync(shop, PrivacyPermissions.Read.Code);
        (await blind.GetStringAsync($"/v1/customers/{customer}/consents")).ShouldNotContain("ann@example.com");
        (await PostAsync(blind, Newsletter, "two")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_double_opt_in_counts_when_the_person_confirms_once_and_in_time()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 1, 9, 0, 0, TimeSpan.Zero));
        await using var shop = await WebShop.OpenAsync(configure: services => services.AddSingleton<TimeProvider>(clock));
        using var program = await ProgramAsync(shop, PrivacyPermissions.Write.Code);
        var asked = (await PostAsync(program, Newsletter.Replace("DECISION", "asked", StringComparison.Ordinal), "one")).Body.GetProperty("consents")[0];
        var link = new Uri(Text(asked, "confirmation_url")!).PathAndQuery;
        var customer = asked.GetProperty("customer_id").GetGuid();
        using var person = shop.Anonymous();

        (await person.PageAsync(link)).ShouldContain("Yes, send me news.");
        (await AskAsync(shop, customer, "ann@example.com")).Allowed.ShouldBeFalse("looking is not confirming");
        (await (await person.PostAsync(link)).Content.ReadAsStringAsync()).ShouldContain("Thank you");
        (await person.PostAsync(link)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await AskAsync(shop, customer, "ann@example.com")).ShouldBe(new PurposeDecision(true, "consent"));
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from privacy_consents where source = 'double_opt_in'"), default)).ShouldBe(1);
        (await person.GetAsync(link[..^1] + (link[^1] == 'A' ? 'E' : 'A'))).StatusCode.ShouldBe(HttpStatusCode.NotFound, "nobody can make a link");

        // Withdrawn afterwards: the link gives nothing back.
        await PostAsync(program, Newsletter.Replace("DECISION", "withdrawn", StringComparison.Ordinal), "two");
        await person.PostAsync(link);
        (await AskAsync(shop, customer, "ann@example.com")).ShouldBe(new PurposeDecision(false, "withdrawn"));

        var late = new Uri(Text((await PostAsync(program, Newsletter.Replace("DECISION", "asked", StringComparison.Ordinal), "three")).Body.GetProperty("consents")[0], "confirmation_url")!).PathAndQuery;
        clock.Advance(TimeSpan.FromDays(15));
        (await person.GetAsync(late)).StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await person.PostAsync(late)).StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task Every_mistake_has_an_answer_and_nothing_is_kept()
    {
        await using var shop = await WebShop.OpenAsync();
        using var program = await ProgramAsync(shop, PrivacyPermissions.Write.Code);
        var given = Newsletter.Replace("DECISION", "given", StringComparison.Ordinal);
        (string Body, string Code)[] mistakes =
        [
            ("{", "json_unexpected"), ("[]", "json_unexpected"), ("""{"consents": [null]}""", "json_unexpected"), ("""{"consents": []}""", "consents_missing"),
            (given.Replace("\"marketing\"", "\"everything\"", StringComparison.Ordinal), "json_unexpected"),
            (given.Replace("\"marketing\"", "\"service\"", StringComparison.Ordinal), "consent_purpose_invalid"),
            (given.Replace("\"method\"", "\"methods\"", StringComparison.Ordinal), "json_unexpected"),
            (given.Replace("\"given\"", "\"claimed\"", StringComparison.Ordinal), "consent_field_invalid"),
            (given.Replace("\"form\"", "\"double_opt_in\"", StringComparison.Ordinal), "consent_field_invalid"),
            (given.Replace("203.0.113.77", "nowhere", StringComparison.Ordinal), "consent_field_invalid"),
            (given.Replace("\"email\": \"ann@example.com\",", "", StringComparison.Ordinal), "consent_person_unclear"),
            (given.Replace("\"email\": \"ann@example.com\"", $"\"customer_id\": \"{Id.New()}\", \"address\": \"a@example.com\"", StringComparison.Ordinal), "customer_unknown"),
            (given.Replace("\"purpose\"", "\"address\": \" \", \"purpose\"", StringComparison.Ordinal), "consent_address_missing"),
            (given.Replace("]}", ", " + given[(given.IndexOf('[') + 1)..given.IndexOf(']')].Replace("\"email\": \"ann@example.com\"", $"\"customer_id\": \"{Id.New()}\", \"address\": \"a@example.com\"", StringComparison.Ordinal) + "]}", StringComparison.Ordinal), "customer_unknown"),
            (given.Replace("Yes, send me news.", new string('x', 4001), StringComparison.Ordinal), "consent_text_long"),
            ($"{{\"consents\": [{string.Join(',', Enumerable.Repeat("{\"user_id\": \"1\", \"purpose\": \"marketing\", \"decision\": \"withdrawn\"}", 101))}]}}", "consents_many"),
        ];

        foreach (var ((body, code), i) in mistakes.Select((m, i) => (m, i)))
        {
            var answer = await PostAsync(program, body, "key" + i);
            Text(answer.Body, "code").ShouldBe(code, body);
        }
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from privacy_consents"), default)).ShouldBe(0);
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from customers_subjects"), default)).ShouldBe(0, "nobody appears by what is refused");

        // Nor by a request whose key was used for another.
        (await PostAsync(program, given, "taken")).Status.ShouldBe(HttpStatusCode.Created);
        Text((await PostAsync(program, given.Replace("ann@", "ben@", StringComparison.Ordinal), "taken")).Body, "code").ShouldBe("idempotency_key_reused");
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from customers_subjects"), default)).ShouldBe(1);
    }

    [Fact]
    public async Task A_link_works_for_its_time_from_when_it_was_made_and_is_unknown_once_its_record_is_gone()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 1, 9, 0, 0, TimeSpan.Zero));
        await using var shop = await WebShop.OpenAsync(configure: services => services.AddSingleton<TimeProvider>(clock));
        using var program = await ProgramAsync(shop, PrivacyPermissions.Write.Code);
        var old = Newsletter.Replace("DECISION", "asked", StringComparison.Ordinal).Replace("\"source\"", "\"occurred_at\": \"2026-09-01T09:00:00Z\", \"source\"", StringComparison.Ordinal);
        var asked = (await PostAsync(program, old, "one")).Body.GetProperty("consents")[0];
        var link = new Uri(Text(asked, "confirmation_url")!).PathAndQuery;
        using var person = shop.Anonymous();

        (await person.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.OK, "said long ago, asked now");

        var customer = asked.GetProperty("customer_id").GetGuid();
        await shop.Database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("drop trigger privacy_consents_no_delete");
            await tx.ExecuteAsync("delete from privacy_consents where subject_id = @customer", new { customer });
        }, default);
        (await person.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await person.PostAsync(link)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Staff_record_what_they_are_told_and_see_the_history_with_its_proof()
    {
        await using var shop = await WebShop.OpenAsync();
        using var program = await ProgramAsync(shop, PrivacyPermissions.Write.Code);
        var customer = (await PostAsync(program, Newsletter.Replace("DECISION", "given", StringComparison.Ordinal), "one")).Body.GetProperty("consents")[0].GetProperty("customer_id").GetGuid();
        using var agent = await shop.SignInAsync(Role.Agent);
        var path = $"/console/customers/{customer}/consents";

        (await agent.PageAsync($"/console/customers/{customer}")).ShouldContain(path);
        (await agent.PageAsync(path)).ShouldContain("Yes, send me news.");
        (await agent.PostAsync(path, ("use", "marketing email"), ("decision", "withdrawn"), ("note", ""))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await agent.PostAsync(path, ("use", "marketing email"), ("decision", "withdrawn"), ("method", "spoken"), ("note", "Called on Monday"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        (await agent.PageAsync(path)).ShouldContain("Called on Monday");
        (await AskAsync(shop, customer, "ann@example.com")).ShouldBe(new PurposeDecision(false, "withdrawn"));
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from audit_entries where action = 'consent.withdrawn'"), default)).ShouldBe(1);
        using var analyst = await shop.SignInAsync(Role.Analyst);
        (await analyst.PageAsync(path)).ShouldNotContain("Called on Monday");
        (await analyst.PostAsync(path, ("use", "marketing email"), ("decision", "given"), ("address", "a@example.com"), ("note", "no"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Owners_change_the_rules_and_the_gate_follows_at_once()
    {
        await using var shop = await WebShop.OpenAsync();
        using var owner = await shop.SignInAsync();
        using var program = await ProgramAsync(shop, PrivacyPermissions.Write.Code);
        var customer = (await PostAsync(program, Newsletter.Replace("DECISION", "given", StringComparison.Ordinal), "one")).Body.GetProperty("consents")[0].GetProperty("customer_id").GetGuid();
        const string path = "/console/settings/consent";

        (await owner.PageAsync(path + "?market=eu")).ShouldContain("European Union");
        (await owner.PostAsync(path, ("market", "*"), ("purpose", "marketing"), ("channel", "email"), ("basis", "confirmed_consent"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await AskAsync(shop, customer, "ann@example.com")).ShouldBe(new PurposeDecision(false, "consent_missing"), "it was not confirmed");
        (await owner.PostAsync(path, ("market", "*"), ("purpose", "marketing"), ("channel", "email"), ("basis", "forbidden"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await AskAsync(shop, customer, "ann@example.com")).ShouldBe(new PurposeDecision(false, "forbidden"));
        (await shop.Database.ReadAsync(s => s.CountAsync("select count(*) from audit_entries where action = 'consent.rule_changed'"), default)).ShouldBe(2);

        foreach (var (purpose, basis, market, days) in new[] { ("service", "consent", "*", ""), ("marketing", "contract", "*", ""), ("marketing", "consent", "atlantis", ""), ("marketing", "consent", "*", "0") })
        {
            (await owner.PostAsync(path, ("market", market), ("purpose", purpose), ("channel", "email"), ("basis", basis), ("soft", "true"), ("days", days))).StatusCode.ShouldBe(HttpStatusCode.BadRequest, purpose + market);
        }
        using var marketer = await shop.SignInAsync(Role.Marketer);
        (await marketer.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<PurposeDecision> AskAsync(WebShop shop, Guid subject, string address)
    {
        PurposeDecision? decision = null;
        await shop.UseAsync<IPurposeGate>(async gate => decision = (await gate.AskAsync(Mailing, [new Recipient(subject, address)], default))[new Recipient(subject, address)]);
        return decision!;
    }

    private static async Task<HttpClient> ProgramAsync(WebShop shop, params string[] scopes)
    {
        var http = new HttpClient { BaseAddress = shop.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await shop.MakeKeyAsync(scopes)).Text);
        return http;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(HttpClient program, string body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/consents") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await program.SendAsync(request);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
