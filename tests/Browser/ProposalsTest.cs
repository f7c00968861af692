using System.Globalization;
using System.Text;
using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>Who may be one person: compared on demand, seen side by side, merged and kept apart.</summary>
public sealed class ProposalsTest(ShopApp app) : IClassFixture<ShopApp>
{
    private const string Path = "/console/customers/proposals";
    private static readonly string[] Given = ["Emma", "Oliver", "Sofia", "Liam", "Grace", "Hugo", "Clara", "Noah", "Ivy", "Felix"];
    private static readonly string[] Family = ["Harrington", "Blackwood", "Castellano", "Whitfield", "Lindqvist", "Marlowe", "Okonkwo", "Petrov", "Sandoval", "Thackeray", "Umber", "Vasquez"];

    [Fact]
    public async Task Pairs_are_shown_with_their_evidence_and_decided()
    {
        var file = System.IO.Path.Combine(app.DataFolder, "people.csv");
        await File.WriteAllTextAsync(file, Orders());
        await app.CommandAsync("import", "orders-csv", file);
        var page = await app.OpenAsync();
        await page.GotoAsync("/console/customers");
        await page.GetByRole(AriaRole.Link, new() { Name = "Who may be one person" }).ClickAsync();
        await page.GetByText("Nothing to decide").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare now" }).ClickAsync();
        var cards = page.Locator("#proposals section.card");
        for (var i = 0; i < 60 && await cards.CountAsync() == 0; i++)
        {
            await Task.Delay(1000);
            await page.GotoAsync(Path);
        }
        var before = await cards.CountAsync();
        before.ShouldBeGreaterThan(3);
        var first = await cards.First.InnerTextAsync();
        first.ShouldContain("A slip of the pen apart");
        first.ShouldContain("Families, neighbours and namesakes");
        await Screenshots.TakeAsync(page, "proposals", forDocs: true, fullPage: false);
        await Accessibility.CheckAsync(page, "proposals");
        await Looks.TakeAsync(app, Path, "proposals");

        await cards.First.GetByRole(AriaRole.Button, new() { Name = "Two people" }).ClickAsync();
        await page.GetByText("They stay two customers").WaitForAsync();
        await Assertions.Expect(cards).ToHaveCountAsync(before - 1);
        await cards.First.GetByRole(AriaRole.Button, new() { Name = "One person" }).ClickAsync();
        await page.GetByText("Both are one customer now").WaitForAsync();
        await Assertions.Expect(cards).ToHaveCountAsync(before - 2);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await page.GetByText("They are two customers again").WaitForAsync();
        await page.GotoAsync(Path);
        await page.GetByLabel("Merge automatically").SelectOptionAsync("0.999");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("Saved").WaitForAsync();
        (await page.GetByLabel("Merge automatically").InputValueAsync()).ShouldBe("0.999");
    }

    /// <summary>An order each of 90 people; nine ordered as guests, too, under another address and with a slip in the name.</summary>
    private static string Orders()
    {
        var text = new StringBuilder("Order number,Date,Customer ID,Email,Full name,Phone,Country,SKU,Product,Quantity,Price,Currency\n");
        for (var i = 0; i < 90; i++)
        {
            var (given, family, phone) = (Given[i % 10], Family[(i + (i / 10)) % 12], FormattableString.Invariant($"+4420{70_000_000 + (i * 7_654_321L % 19_999_999)}"));
            Append(i, i, $"{given}.{family}@example.com", $"{given} {family}", phone);
            if (i % 10 == 3)
            {
                Append(100 + i, 100 + i, $"{given[0]}{family}@mail.example", $"{given} {family.Remove(2, 1)}", phone);
            }
        }
        return text.ToString();

        void Append(int order, int customer, string email, string name, string phone) => text.AppendLine(CultureInfo.InvariantCulture,
            $"{9000 + order},2026-02-{1 + (order % 27):00} 10:00:00,C{customer},{email.ToLowerInvariant()},{name},{phone},GB,700,Enamel mug,1,4.50,GBP");
    }
}
