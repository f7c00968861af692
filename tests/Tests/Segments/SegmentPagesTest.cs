using System.Net;
using System.Text.RegularExpressions;
using Wellmet.Customers.Contract;
using Wellmet.Segments.Console;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Members;

namespace Wellmet.Tests.Segments;

/// <summary>Segments as staff see, make and change them.</summary>
public sealed partial class SegmentPagesTest
{
    private const string Page = SegmentRoutes.Path;

    [Fact]
    public async Task A_template_makes_a_segment_once_and_it_is_archived_and_brought_back()
    {
        await using var web = await WebShop.OpenAsync();
        using var owner = await web.SignInAsync();
        (await owner.PageAsync(Page)).ShouldContain("No segments yet");

        using var made = await owner.PostAsync(Page + "/templates/vip");
        using var again = await owner.PostAsync(Page + "/templates/vip");
        made.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var path = made.Headers.Location!.ToString();
        again.Headers.Location!.ToString().ShouldBe(path);
        await MembershipTest.FilledAsync(web.Database);
        var text = await owner.PageAsync(path);
        text.ShouldContain("placed orders, at least 5 times, in the last 365 days");
        (await owner.PageAsync(path + "/edit")).ShouldContain("name=\"/all/0.kind\"");

        text.ShouldNotContain("Size over time");
        await web.UseAsync<CountSizes>(c => c.RunAsync(default));
        var (segment, day) = (Guid.Parse(path[^36..]), new DateOnly(2026, 1, 31));
        await web.Database.WriteAsync(tx => tx.ExecuteAsync("insert into segments_sizes (segment_id, day, size) values (@segment, @day, 4711)", new { segment, day }), default);
        (await owner.PageAsync(path)).ShouldContain("4,711");

        using (await owner.PostAsync(path + "/archive"))
        {
            (await owner.PageAsync(Page)).ShouldContain("No segments yet");
        }
        (await owner.PageAsync(Page + "?archived=true")).ShouldContain("VIP");
        using (await owner.PostAsync(path + "/restore"))
        {
            (await owner.PageAsync(Page)).ShouldContain(path);
        }
        (await owner.PageAsync(path + "/why?customer=" + Guid.CreateVersion7())).ShouldContain("Nothing to explain");
    }

    [Fact]
    public async Task A_list_is_made_filled_and_emptied_on_its_page_and_on_the_customers()
    {
        await using var web = await WebShop.OpenAsync();
        using var owner = await web.SignInAsync();
        await web.UseAsync<ICustomers>(async customers =>
        {
            var people = await customers.ResolveAsync([.. new[] { "Ann Lee", "Ann Poe" }.Select((name, i) => new PersonClaim(IdentityKind.ExternalId, $"c-{i}", new PersonDetails(Name: name, Email: $"p{i}@shop.example")))], null, default);
            await web.Database.WriteAsync(tx => customers.RegisterAsync(tx, [.. people.Select(p => new SeenPerson(p, TimeProvider.System.GetUtcNow()))], null, default), default);
        });
        using var made = await owner.PostAsync(Page + "/lists/new", ("name", "Guests"), ("description", "Who came"));
        var path = made.Headers.Location!.ToString();
        (await owner.PageAsync(path)).ShouldContain("Put somebody on the list");
        // By an address at once, by a name that two bear after a choice.
        using (await owner.PostAsync(path + "/members/add", ("q", "P1@shop.example")))
        {
            (await owner.PageAsync(path)).ShouldContain("Ann Poe");
        }
        using (var choice = await owner.PostAsync(path + "/members/add", ("q", "Ann")))
        {
            (await choice.Content.ReadAsStringAsync()).ShouldSatisfyAllConditions(t => t.ShouldContain("Whom do you mean?"), t => t.ShouldContain("Ann Lee"));
        }
        (await owner.PageAsync(path)).ShouldNotContain("Ann Lee");
        var lee = await web.Database.ReadAsync(s => s.FirstAsync("select subject_id from customers_subjects where subject_id not in (select subject_id from segments_members)", null, r => r.Guid(0), default), default);
        (await owner.PageAsync($"/console/customers/{lee}")).ShouldContain("Put on a list");
        using (await owner.PostAsync($"{Page}/lists/of/{lee}/add", ("list", path[^36..])))
        {
            (await owner.PageAsync($"/console/customers/{lee}")).ShouldContain("Take off the list Guests");
            (await owner.PageAsync($"{path}/why?customer={lee}")).ShouldSatisfyAllConditions(t => t.ShouldContain("Put on it by Test Owner on"), t => t.ShouldContain("by hand"));
        }
        using (await owner.PostAsync($"{path}/members/remove", ("customer", lee.ToString())))
        {
            (await owner.PageAsync(path)).ShouldNotContain("Ann Lee");
        }
        (await owner.PageAsync("/console/imports/new?layout=list-csv:" + path[^36..])).ShouldSatisfyAllConditions(t => t.ShouldContain("Import a file: Guests"), t => t.ShouldNotContain("name=\"dates\""));
        (await owner.PageAsync("/console/imports/new")).ShouldNotContain("list-csv");
    }

    [Fact]
    public async Task Segments_are_compared_and_joined_and_a_named_one_asks_before_it_is_archived()
    {
        await using var web = await WebShop.OpenAsync();
        using var owner = await web.SignInAsync();
        var (a, b) = (await web.ListAsync("Alphas"), await web.ListAsync("Betas"));
        (await owner.PageAsync(Page)).ShouldContain("Compare and combine");
        (await owner.PageAsync($"{Page}/combine?with={a}&with={b}&as=difference")).ShouldSatisfyAllConditions(t => t.ShouldContain("In Alphas and in none of the others"), t => t.ShouldContain("Swap: Betas first"));
        using var taken = await owner.PostAsync(Page + "/combine", ("with", a.ToString()), ("with", b.ToString()), ("as", "difference"), ("name", "Betas"));
        (taken.StatusCode, (await taken.Content.ReadAsStringAsync()).Contains("There is a segment of this name already", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.BadRequest, true));
        using var saved = await owner.PostAsync(Page + "/combine", ("with", a.ToString()), ("with", b.ToString()), ("as", "difference"), ("name", "Alphas alone"));
        (await owner.PageAsync(saved.Headers.Location!.ToString())).ShouldContain("belongs to Betas");
        using (var asked = await owner.PostAsync($"{Page}/{b}/archive"))
        {
            (asked.StatusCode, (await asked.Content.ReadAsStringAsync()).Contains("Alphas alone", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Conflict, true));
        }
        (await owner.PageAsync($"{Page}/{b}")).ShouldContain("/archive");
        using (await owner.PostAsync($"{Page}/{b}/archive", ("even", "true")))
        {
            (await owner.PageAsync($"{Page}/{b}")).ShouldContain("/restore");
        }
    }

    [Fact]
    public async Task A_template_is_found_again_by_its_key_and_the_builder_suggests_what_histories_hold()
    {
        await using var web = await WebShop.OpenAsync();
        using var owner = await web.SignInAsync();
        using var made = await owner.PostAsync(Page + "/templates/vip");
        var path = made.Headers.Location!.ToString();
        await web.Database.WriteAsync(tx => tx.ExecuteAsync("update segments_segments set name = 'Renamed'"), default);
        using (var again = await owner.PostAsync(Page + "/templates/vip"))
        {
            again.Headers.Location!.ToString().ShouldBe(path);
        }
        await web.Database.WriteAsync(async tx =>
        {
            string[] words = ["Tea Tasted", "leaf", "Oolong", "Mine alone", "trait:country", "value", "DE", "list:x"];
            var codes = await web.Get<Vocabulary>().AddAsync(tx, words, default);
            PackedFact Of(string kind, string property, string word) => new(codes[kind], 0, 0, 1, 0, PackedProperties.Pack([new FactProperty(property, FactValue.Of(word))], codes));
            for (var i = 0; i < 2; i++)
            {
                var facts = PackedHistory.Pack([Of("Tea Tasted", "leaf", "Oolong"), .. i == 0 ? [Of("Tea Tasted", "leaf", "Mine alone")] : Array.Empty<PackedFact>(), Of("trait:country", "value", "DE"), Of("list:x", "value", "DE")]);
                await tx.ExecuteAsync("insert into segments_histories (subject_id, customer_id, revised, facts) values (@id, @id, 1, @facts)", new { id = Guid.CreateVersion7(), facts });
            }
        }, default);
        await web.UseAsync<OutlineReader>(async reader =>
        {
            var outline = await reader.RunAsync(default);
            outline.Kinds.ShouldBe(["Tea Tasted"]);
            outline.Traits.ShouldBe(["country"]);
            outline.Properties["Tea Tasted"].ShouldBe(["leaf"]);
            // What one person alone has may be about that person.
            outline.Values[("Tea Tasted", "leaf")].ShouldBe(["Oolong"]);
            var lists = new RuleSuggestions(outline).For((System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse("""{"all":[{"did":"Tea Tasted","where":[{"property":"leaf","is":["x"]}]},{"trait":"country","is":[""]}]}""")!).ToDictionary(l => l.Id, l => l.Entries.ToList());
            lists[RuleSuggestions.Kinds].ShouldBe(["Tea Tasted"]);
            lists[RuleSuggestions.ValuesOf("Tea Tasted", "leaf")].ShouldBe(["Oolong"]);
            lists[RuleSuggestions.ValuesOf("trait:country", "value")].ShouldBe(["DE"]);
        });
        var text = await owner.PageAsync(Page + "/new");
        text.ShouldSatisfyAllConditions(t => t.ShouldContain("<option value=\"Tea Tasted\">"), t => t.ShouldNotContain("Checkout Started"));
    }

    [Fact]
    public void Every_template_is_a_rule_that_the_builder_leaves_as_it_is()
    {
        var texts = TemplateJson().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src/Segments/Console/SegmentTemplates.cs"))).Select(m => m.Groups[1].Value).ToList();
        texts.Count.ShouldBe(12);
        foreach (var json in texts)
        {
            var rule = Wellmet.Segments.Rules.RuleJson.Read(json);
            var drafted = Wellmet.Segments.Rules.RuleJson.Read(RuleDraft.Of(json).Text);
            Wellmet.Segments.Rules.RuleJson.Write(drafted).ShouldContain(Wellmet.Segments.Rules.RuleJson.Write(rule));
        }
    }

    [GeneratedRegex("\"\"\"(.*?)\"\"\"")]
    private static partial Regex TemplateJson();
}
