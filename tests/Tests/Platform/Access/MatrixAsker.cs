using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Modules;
using Wellmet.Tests.Platform.Access.Keys;

namespace Wellmet.Tests.Platform.Access;

/// <summary>Somebody, or a program, who asks every route.</summary>
internal abstract class MatrixAsker(string name) : IDisposable
{
    public string Name => name;

    public abstract bool May(RouteRule rule);

    public abstract Task<MatrixAnswer> AskAsync(MatrixQuestion question);

    public abstract void Dispose();

    /// <summary>All roles, all scopes, and those who may nothing: nobody, a session that has ended, keys that have ended or come from a page.</summary>
    public static async Task<List<MatrixAsker>> AllAsync(WebShop shop)
    {
        var askers = new List<MatrixAsker> { new PersonAsker(shop, "nobody", null, shop.Anonymous()) };
        foreach (var role in Enum.GetValues<Role>())
        {
            askers.Add(new PersonAsker(shop, role.ToString(), role, await shop.SignInAsync(role)));
        }
        askers.Add(await PersonAsker.WithEndedSessionAsync(shop));
        var scopes = shop.Get<ModuleCatalog>().Scopes.Keys.ToHashSet();
        foreach (var scope in scopes)
        {
            askers.Add(new KeyAsker(shop, $"a key with {scope}", "Bearer " + (await shop.MakeKeyAsync(scope.Code)).Text, [scope]));
        }
        var write = await shop.MakeWriteKeyAsync();
        askers.Add(new KeyAsker(shop, "a write key", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(write.Text + ":")), [AccessPermissions.WriteEvents]));
        var all = await shop.MakeKeyAsync([.. scopes.Select(s => s.Code)]);
        askers.Add(new KeyAsker(shop, "a key with all scopes", "Bearer " + all.Text, scopes));
        askers.Add(new KeyAsker(shop, "a key with all scopes in a page", "Bearer " + all.Text, []) { Site = "cross-site" });
        var revoked = await shop.MakeKeyAsync([.. scopes.Select(s => s.Code)]);
        await shop.UseAsync<RevokeAccessKey>(u => u.RunAsync(revoked.KeyId, CancellationToken.None));
        askers.Add(new KeyAsker(shop, "a key that was revoked", "Bearer " + revoked.Text, []));
        return askers;
    }
}

internal sealed class PersonAsker(WebShop shop, string name, Role? role, WebBrowser browser, string? ended = null) : MatrixAsker(name)
{
    private const string Cookie = "__Host-wm-session";

    public static async Task<PersonAsker> WithEndedSessionAsync(WebShop shop)
    {
        var left = await shop.SignInAsync(Role.Owner);
        var reference = left.Cookies[Cookie];
        using var signedOut = await left.PostAsync("/sign-out");
        return new PersonAsker(shop, "a session that has ended", null, left, reference);
    }

    public override bool May(RouteRule rule) => rule.Allows(role);

    public override async Task<MatrixAnswer> AskAsync(MatrixQuestion question)
    {
        if (role is not null && question.Renew)
        {
            var session = await shop.Database.WriteAsync(tx => shop.Get<SessionStore>().StartAsync(tx, browser.StaffId, Origin.Local, CancellationToken.None), CancellationToken.None);
            browser.SetCookie(Cookie, session.Text);
        }
        else if (ended is not null)
        {
            browser.SetCookie(Cookie, ended);
        }
        using var response = await browser.SendAsync(question.ToRequest());
        var toSignIn = response.StatusCode == HttpStatusCode.Redirect && response.Headers.Location?.ToString().StartsWith("/sign-in?returnUrl=", StringComparison.Ordinal) == true;
        return new(toSignIn || response.Headers.WwwAuthenticate.Count > 0 || response.StatusCode == HttpStatusCode.Forbidden, response.StatusCode);
    }

    public override void Dispose() => browser.Dispose();
}

internal sealed class KeyAsker(WebShop shop, string name, string authorization, HashSet<Permission> scopes) : MatrixAsker(name)
{
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = shop.Address };

    /// <summary>What a browser says about where the request comes from.</summary>
    public string? Site { get; init; }

    public override bool May(RouteRule rule) => rule.Allows(scopes);

    public override async Task<MatrixAnswer> AskAsync(MatrixQuestion question)
    {
        var request = question.ToRequest();
        request.Headers.Add("Authorization", authorization);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (Site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", Site);
        }
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var toSignIn = response.StatusCode == HttpStatusCode.Unauthorized && (await response.Content.ReadAsStringAsync()).Contains("\"not_signed_in\"", StringComparison.Ordinal);
        return new(toSignIn || response.Headers.WwwAuthenticate.Count > 0 || response.StatusCode == HttpStatusCode.Forbidden, response.StatusCode);
    }

    public override void Dispose() => client.Dispose();
}
