using System.Net;
using System.Text.RegularExpressions;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;

namespace Wellmet.Tests.Platform.Access.Keys;

public sealed partial class KeyPagesTest
{
    private const string Path = "/console/settings/keys";

    [Fact]
    public async Task A_key_is_made_shown_once_rotated_and_revoked()
    {
        await using var shop = await WebShop.OpenAsync();
        using var owner = await shop.SignInAsync();
        (await owner.PageAsync(Path)).ShouldContain("No key yet");
        (await owner.PageAsync(Path + "/new?kind=secret")).ShouldContain("Read orders, shipments and returns");

        var text = await KeyInAsync(await owner.PostAsync(Path, ("kind", "secret"), ("name", "Report <b>"), ("scopes", "orders.read"), ("scopes", "products.read"), ("life", "90")));
        text.ShouldStartWith("wm_live_sk_");
        var list = await owner.PageAsync(Path);
        list.ShouldNotContain(text);
        list.ShouldContain("wm_live_sk_…" + text[^4..]);
        list.ShouldContain("Report &lt;b&gt;");
        list.ShouldContain("orders.read");
        list.ShouldContain("Test Owner");
        (await FindAsync(shop, text)).ShouldNotBeNull();

        var page = KeyLink().Match(list).Value;
        (await owner.PageAsync(page)).ShouldNotContain(text);
        var renewed = await KeyInAsync(await owner.PostAsync(page + "/rotate", ("grace", "24")));
        (await owner.PageAsync(page)).ShouldContain("Two secrets");
        using (var revoked = await owner.PostAsync(page + "/revoke"))
        {
            revoked.Headers.Location!.ToString().ShouldBe(Path);
        }
        (await FindAsync(shop, text)).ShouldBeNull();
        (await FindAsync(shop, renewed)).ShouldBeNull();
        (await owner.PageAsync(Path)).ShouldContain("Revoked");
        (await owner.PageAsync(page)).ShouldNotContain("Revoke the key");
    }

    [Fact]
    public async Task A_write_key_needs_a_storefront_and_names_it()
    {
        await using var shop = await WebShop.OpenAsync();
        using var owner = await shop.SignInAsync();
        (await owner.PageAsync(Path + "/new?kind=write")).ShouldContain("There is no storefront yet.");
        var site = await KeyShop.AddStorefrontAsync(shop.Database);

        (await owner.PageAsync(Path + "/new?kind=write")).ShouldContain(site.ToString());
        (await KeyInAsync(await owner.PostAsync(Path, ("kind", "write"), ("name", "Snippet"), ("site", site.ToString()), ("life", "")))).ShouldStartWith("wm_write_");
        (await owner.PageAsync(Path)).ShouldContain($"Send events of Shop {site:N}");
    }

    [Fact]
    public async Task A_refused_form_comes_back_with_what_was_typed()
    {
        await using var shop = await WebShop.OpenAsync();
        using var owner = await shop.SignInAsync();
        foreach (var (form, code, message) in new ((string, string)[], int, string)[]
        {
            ([("kind", "secret"), ("name", "My report")], 400, "Choose at least one thing that the key may do."),
            ([("kind", "secret"), ("name", "My report"), ("scopes", "staff.manage")], 400, "There is no scope staff.manage."),
            ([("kind", "secret"), ("name", "My report"), ("scopes", "orders.read"), ("life", "soon")], 400, "A key lives from 1 to 3,650 days"),
            ([("kind", "write"), ("name", "My report"), ("site", "x")], 400, "Choose the storefront"),
            ([("kind", "secret"), ("name", "My report" + new string('!', 100)), ("scopes", "orders.read")], 400, "Enter a name of at most 100 characters."),
        })
        {
            using var refused = await owner.PostAsync(Path, form);
            ((int)refused.StatusCode).ShouldBe(code, message);
            var page = await refused.Content.ReadAsStringAsync();
            page.ShouldContain(message);
            page.ShouldContain("My report");
        }
        using var grace = await owner.PostAsync($"{Path}/{(await shop.MakeKeyAsync("orders.read")).KeyId}/rotate", ("grace", "ever"));
        grace.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_auditor_reads_the_list_and_finds_no_button()
    {
        await using var shop = await WebShop.OpenAsync();
        await shop.MakeKeyAsync("orders.read");
        using var auditor = await shop.SignInAsync(Role.Auditor);
        var list = await auditor.PageAsync(Path);
        list.ShouldContain("orders.read");
        list.ShouldNotContain(Path + "/");
    }

    private static Task<LiveKey?> FindAsync(WebShop shop, string text) => shop.Get<AccessKeyDirectory>().FindAsync(text, CancellationToken.None);

    private static async Task<string> KeyInAsync(HttpResponseMessage response)
    {
        using (response)
        {
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            response.Headers.CacheControl!.NoStore.ShouldBeTrue();
            return Key().Match(await response.Content.ReadAsStringAsync()).Value;
        }
    }

    [GeneratedRegex("wm_(live_sk|write)_[A-Za-z0-9_-]{43}", RegexOptions.None, 1000)]
    private static partial Regex Key();

    [GeneratedRegex("/console/settings/keys/[0-9a-f-]{36}", RegexOptions.None, 1000)]
    private static partial Regex KeyLink();
}
