using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Erasure;
using Wellmet.Customers.Timeline;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;
using Wellmet.Platform.Vault;
using Wellmet.Privacy.Contract;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Suggestions;
using Wellmet.Recommendations.Voice;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Customers.Collection;
using Wellmet.Tests.Platform.Access.Keys;
using Wellmet.Tests.Privacy;

namespace Wellmet.Tests.Recommendations;

/// <summary>The list picked out for a customer as a letter: only of whom it may be sent to, with the addresses it may go to, and once said to be sent.</summary>
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
        }
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task It_names_the_addresses_that_consented_to_who_may_see_them_and_nothing_to_who_may_not_take_letters(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true, configure: s => s.AddSingleton<WordCatalog>());
        await shop.TrainAsync();
        var customer = await SendableAsync(shop);
        await NameAsync(shop, "ann@work.example");

        (await ByAsync(RecommendationsPermissions.Letters, CustomersPermissions.ReadPersonal)).Emails.ShouldBe([Address]);
        (await ByAsync(RecommendationsPermissions.Letters)).Emails.ShouldBeNull();
        await shop.SayAsync(ConsentsInShop.Said(customer, ConsentDecision.Withdrawn, 2, address: Address));
        await shop.SayAsync(ConsentsInShop.Said(customer, ConsentDecision.Given, 3, address: "ann@work.example"));
        (await ByAsync(RecommendationsPermissions.Letters, CustomersPermissions.ReadPersonal)).Emails.ShouldBe(["ann@work.example"]);
        // Whatever was said, and whether there is such a customer at all.
        await Should.ThrowAsync<ForbiddenException>(() => ByAsync(RecommendationsPermissions.Read, RecommendationsPermissions.Suggest));
        await shop.SayAsync(ConsentsInShop.Said(customer, ConsentDecision.Withdrawn, 4));
        await Should.ThrowAsync<ForbiddenException>(() => ByAsync(RecommendationsPermissions.Read, RecommendationsPermissions.Suggest));

        Task<SuggestionLetter.Letter> ByAsync(params Permission[] may) => shop.UseAsync<SuggestionLetter, SuggestionLetter.Letter>(l => l.RunAsync(new(customer, "en", new(null, [])), default), new Actor(null, "key", null, may.Contains));
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task What_was_sent_is_recorded_as_it_was_made_whatever_came_since(Engine engine)
    {
        await using var shop = await GiftShop.OpenAsync(engine, workers: true);
        await shop.TrainAsync();
        var customer = await SendableAsync(shop);
        var first = await shop.UseAsync<ReadSuggestions, SuggestionList>(r => r.RunAsync(customer, default));
        // They open the letter, want one of the products no more, and no letters either; the list is made anew.
        await shop.UseAsync<GiveOpinion>(g => g.RunAsync(new(customer, first.Suggestions[0].Product.Product.ProductId, ProductOpinion.NotInterested), default));
        await shop.UseAsync<MakeSuggestions>(m => m.RunAsync(customer, default));
        await shop.SayAsync(ConsentsInShop.Said(customer, ConsentDecision.Withdrawn, 2, address: Address));
        await shop.ObjectAsync(Ann);

        var sent = await SentAsync(first.MadeAt!.Value);

        (await SentAsync(first.MadeAt.Value)).ShouldBe(sent, TimeSpan.FromMilliseconds(1));
        var told = await shop.Database.ReadAsync(async s => (await shop.Get<LogReader>().OfSubjectsAsync(s, [customer], [typeof(SuggestionsSent)], default)).ConvertAll(d => (SuggestionsSent)d.Event), default);
        told.ShouldHaveSingleItem().Products.ShouldBe(first.Suggestions.Select(s => s.Product.Product.ProductId));
        (await shop.UseAsync<ExportCustomer, IReadOnlyList<PersonalRecord>>(e => e.RunAsync(customer, default))).Count(r => r.Kind == "sent_suggestions").ShouldBe(1);
        (await Should.ThrowAsync<ProblemException>(() => SentAsync(first.MadeAt.Value.AddSeconds(1)))).Code.ShouldBe("suggestions_unknown");
        await shop.UseAsync<EraseCustomer>(e => e.RunAsync(new(customer, EraseCustomer.Word), default));
        (await shop.CountAsync("recommendations_sent_suggestions")).ShouldBe(0);
        (await Should.ThrowAsync<ProblemException>(() => SentAsync(first.MadeAt.Value))).Code.ShouldBe("suggestions_unknown");

        Task<DateTimeOffset> SentAsync(DateTimeOffset made) => shop.UseAsync<MarkSuggestionsSent, DateTimeOffset>(m => m.RunAsync(new(customer, made), default));
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
        var made = (await ReadAsync()).MadeAt!.Value;
        await Should.ThrowAsync<ForbiddenException>(() => shop.UseAsync<MarkSuggestionsSent>(m => m.RunAsync(new(customer, made), default), analyst));

        async Task SentAsync()
        {
            var list = (await ReadAsync()).MadeAt!.Value;
            await shop.UseAsync<MarkSuggestionsSent>(m => m.RunAsync(new(customer, list), default));
        }

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
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await web.MakeKeyAsync(RecommendationsPermissions.Suggest.Code, RecommendationsPermissions.Letters.Code, CustomersPermissions.ReadPersonal.Code)).Text);
        var path = $"/v1/recommendations/suggestions/{customer}";

        using var letter = JsonDocument.Parse(await http.GetStringAsync(new Uri($"{path}/email?utm_campaign=spring&language=en", UriKind.Relative)));
        var html = letter.RootElement.GetProperty("html").GetString()!;
        html.ShouldContain("https://shop.example/e0?utm_campaign=spring");
        html.ShouldContain("https://shop.example/e0.jpg");
        letter.RootElement.GetProperty("text").GetString()!.ShouldStartWith("E0 PRODUCT");
        letter.RootElement.GetProperty("emails").EnumerateArray().Select(e => e.GetString()).ShouldBe([Address]);
        var made_at = letter.RootElement.GetProperty("made_at").GetString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/recommendations/suggestions/sent") { Content = JsonContent.Create(new { customer, made_at }) };
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        using var answer = await http.SendAsync(request);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        json.RootElement.GetProperty("sent_at").ValueKind.ShouldBe(JsonValueKind.String);

        using var owner = await web.SignInAsync();
        var console = "/console/recommendations/suggestions/letter";
        (await owner.PageAsync($"{console}?customer={customer}")).ShouldSatisfyAllConditions(p => p.ShouldContain("Sent on"), p => p.ShouldNotContain("It was sent"), p => p.ShouldContain("E0 PRODUCT"), p => p.ShouldContain(Address));
        using var frame = await owner.GetAsync($"{console}/html?customer={customer}");
        frame.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        (await frame.Content.ReadAsStringAsync()).ShouldContain("https://shop.example/e0.jpg");
        await shop.UseAsync<MakeSuggestions>(m => m.RunAsync(customer, default));
        var page = await owner.PageAsync($"{console}?customer={customer}");
        page.ShouldContain("It was sent");
        var made = WebUtility.HtmlDecode(Regex.Match(page, "name=\"made\" value=\"([^\"]+)\"").Groups[1].Value);
        (await owner.PostAsync("/console/recommendations/suggestions/sent", ("customer", customer.ToString()), ("made", made))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await shop.CountAsync("recommendations_sent_suggestions")).ShouldBe(2);
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

    /// <summary>The shop tells an address of the customer.</summary>
    private static Task NameAsync(TestShop shop, string address = Address) => shop.CollectAsync([new { type = "identify", messageId = address, userId = "1057", traits = new { email = address } }]);
}
