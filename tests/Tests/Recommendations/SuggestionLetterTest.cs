using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Timeline;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;
using Wellmet.Privacy.Contract;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Suggestions;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Platform.Access.Keys;
using Wellmet.Tests.Privacy;

namespace Wellmet.Tests.Recommendations;

/// <summary>The list picked out for a customer as a letter: only of whom it may be sent to, and once said to be sent.</summary>
public sealed class SuggestionLetterTest
{
    private const int Ann = 1057;
    private const string Address = "ann@example.com";

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task Whoever_may_not_be_sent_to_has_no_letter_and_it_says_why(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true, configure: s => s.AddSingleton<WordCatalog>());
        await shop.TrainAsync();
        var customer = await shop.CustomerAsync(Ann);
        await CodeAsync(customer, "address_missing");
        await NameAsync(shop);
        await CodeAsync(customer, "consent_missing");
        await shop.SayAsync(ConsentsInShop.Said(customer, ConsentDecision.Given, 1, address: Address));
        await CodeAsync(customer, "suggestions_none");
        await shop.UseAsync<MakeSuggestions>(m => m.RunAsync(customer, default));

        var letter = await shop.UseAsync<SuggestionLetter, SuggestionLetter.Letter>(l => l.RunAsync(new(customer, "zh-CN", new(null, [])), default));
        letter.Html.ShouldStartWith("<table role=\"presentation\" lang=\"zh-CN\"");
        letter.Text.ShouldStartWith("E0 PRODUCT");
        WebUtility.HtmlDecode(letter.Html).ShouldContain("因为您购买过");

        await shop.SayAsync(ConsentsInShop.Said(customer, ConsentDecision.Withdrawn, 2, address: Address));
        await CodeAsync(customer, "consent_withdrawn");
        await shop.ObjectAsync(Ann);
        await CodeAsync(customer, "personalisation_refused");
        await CodeAsync(Guid.CreateVersion7(), "customer_unknown");

        async Task CodeAsync(Guid of, string code)
        {
            (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<SuggestionLetter, SuggestionLetter.Letter>(l => l.RunAsync(new(of, "en", new(null, [])), default)))).Code.ShouldBe(code);
            (await Should.ThrowAsync<ProblemException>(() => shop.UseAsync<MarkSuggestionsSent>(m => m.RunAsync(of, default)))).Code.ShouldBe(code);
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task It_is_sent_once_for_each_list_and_stands_on_the_timeline(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true);
        await shop.TrainAsync();
        var customer = await SendableAsync(shop);

        await SentAsync();
        var sent = (await ReadAsync()).SentAt.ShouldNotBeNull();
        await SentAsync();
        (await ReadAsync()).SentAt.ShouldBe(sent);
        (await TextsAsync()).ShouldBe(1);
        await shop.UseAsync<MakeSuggestions>(m => m.RunAsync(customer, default));
        (await ReadAsync()).SentAt.ShouldBeNull("another list");
        await SentAsync();
        (await TextsAsync()).ShouldBe(2);

        var analyst = new Actor(Guid.CreateVersion7(), "analyst", Role.Analyst, p => p == RecommendationsPermissions.Read);
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<MarkSuggestionsSent>(m => m.RunAsync(customer, default), analyst));

        Task SentAsync() => shop.UseAsync<MarkSuggestionsSent>(m => m.RunAsync(customer, default));

        Task<SuggestionList> ReadAsync() => shop.UseAsync<ReadSuggestions, SuggestionList>(r => r.RunAsync(customer, default));

        async Task<int> TextsAsync() => (await shop.UseAsync<ReadTimeline, ReadTimeline.Page>(t => t.RunAsync(new(customer, null, null, 50), default))).Lines.Count(l => l.Text.Text.Contains("sent by e-mail", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_shops_server_takes_the_letter_and_staff_see_it_in_a_frame_in_which_nothing_runs()
    {
        var storage = TestShop.NewStorage(Engine.Sqlite);
        await using var shop = await GiftShop.OpenAsync(Engine.Sqlite, workers: true, storage: storage);
        await shop.TrainAsync();
        await using var web = await WebShop.OpenAsync(storage: storage);
        var customer = await SendableAsync(shop);
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync("update commerce_products set page_url = 'https://shop.example/e0', image_url = 'https://shop.example/e0.jpg' where sku = 'E0'", null, default), default);
        using var http = new HttpClient { BaseAddress = web.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await web.MakeKeyAsync(RecommendationsPermissions.Suggest.Code, RecommendationsPermissions.Read.Code)).Text);
        var path = $"/v1/recommendations/suggestions/{customer}";

        var html = await http.GetStringAsync(new Uri($"{path}/email?utm_campaign=spring&language=en", UriKind.Relative));
        html.ShouldContain("https://shop.example/e0?utm_campaign=spring");
        html.ShouldContain("https://shop.example/e0.jpg");
        (await http.GetStringAsync(new Uri($"{path}/email?format=text", UriKind.Relative))).ShouldStartWith("E0 PRODUCT");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/recommendations/suggestions/sent") { Content = JsonContent.Create(new { customer }) };
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        using var answer = await http.SendAsync(request);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        json.RootElement.GetProperty("sent_at").ValueKind.ShouldBe(JsonValueKind.String);

        using var owner = await web.SignInAsync();
        var console = "/console/recommendations/suggestions/letter";
        (await owner.PageAsync($"{console}?customer={customer}")).ShouldSatisfyAllConditions(p => p.ShouldContain("Sent on"), p => p.ShouldNotContain("It was sent"), p => p.ShouldContain("E0 PRODUCT"));
        using var frame = await owner.GetAsync($"{console}/html?customer={customer}");
        frame.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        (await frame.Content.ReadAsStringAsync()).ShouldContain("https://shop.example/e0.jpg");
        await shop.UseAsync<MakeSuggestions>(m => m.RunAsync(customer, default));
        (await owner.PageAsync($"{console}?customer={customer}")).ShouldContain("It was sent");
        (await owner.PostAsync("/console/recommendations/suggestions/sent", ("customer", customer.ToString()))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await shop.SayAsync(ConsentsInShop.Said(customer, ConsentDecision.Withdrawn, 2, address: Address));
        (await owner.PageAsync($"{console}?customer={customer}")).ShouldSatisfyAllConditions(p => p.ShouldContain("they withdrew their consent"), p => p.ShouldNotContain("<iframe"));
    }

    private static async Task<Guid> SendableAsync(TestShop shop)
    {
        await NameAsync(shop);
        var customer = await shop.CustomerAsync(Ann);
        await shop.SayAsync(ConsentsInShop.Said(customer, ConsentDecision.Given, 1, address: Address));
        await shop.UseAsync<MakeSuggestions>(m => m.RunAsync(customer, default));
        return customer;
    }

    /// <summary>The shop tells the customer's address.</summary>
    private static Task NameAsync(TestShop shop) => shop.CollectAsync([new { type = "identify", messageId = "ann", userId = "1057", traits = new { email = Address } }]);
}
