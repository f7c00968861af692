using System.Net;
using System.Text.RegularExpressions;
using Wellmet.Segments.Console;
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
    public void Every_template_is_a_rule_that_the_builder_leaves_as_it_is()
    {
        var texts = TemplateJson().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src/Segments/Console/SegmentTemplates.cs"))).Select(m => m.Groups[1].Value).ToList();
        texts.Count.ShouldBe(10);
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
