using System.Text.Json;
using Microsoft.Playwright;

namespace Wellmet.Browser;

/// <summary>Passkeys in real Chromium with its virtual authenticator (WebAuthn over the developer tools' protocol).</summary>
public sealed class PasskeysTest(ProductionApp app) : IClassFixture<ProductionApp>
{
    [Fact]
    public async Task A_passkey_is_added_signs_in_confirms_and_is_removed()
    {
        var page = await app.OpenAsync();
        var authenticator = await VirtualAuthenticator.AddAsync(page);
        await page.GotoAsync("/console/account/passkeys");
        await CheckAsync(page, "passkeys-none");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Your recovery codes" }).WaitForAsync();
        (await page.Locator("main code").AllInnerTextsAsync()).Count.ShouldBe(10, "the first second factor brings recovery codes");
        (await authenticator.CredentialsAsync()).ShouldBe(1);

        await page.GotoAsync("/console/account/passkeys");
        (await page.GetByLabel("Name of the passkey").InputValueAsync()).ShouldBe("Laptop");
        await CheckAsync(page, "passkeys-one");
        await SignOutAsync(page);

        await page.GotoAsync("/sign-in?returnUrl=%2Fconsole%2Fsettings%2Fkeys");
        await CheckAsync(page, "passkeys-sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.WaitForURLAsync("**/console/settings/keys");
        await page.GotoAsync("/sign-in/confirm?returnUrl=%2Fconsole%2Faccount%2Fpasskeys");
        await CheckAsync(page, "passkeys-confirm");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use your passkey" }).ClickAsync();
        await page.WaitForURLAsync("**/console/account/passkeys");

        await SignOutAsync(page);
        await SignInPages.SignInAsync(page, ConsoleApp.Email, ConsoleApp.Password);
        await page.GetByText("One more step").WaitForAsync();
        await CheckAsync(page, "passkeys-second-step");
        await authenticator.VerifyAsync(false);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use your passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
        await authenticator.VerifyAsync(true);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use your passkey" }).ClickAsync();
        await page.WaitForURLAsync("**/console");

        await page.GotoAsync("/console/account/passkeys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await page.GetByText("No passkey yet").WaitForAsync();
        await SignOutAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.GetByText("This passkey was not accepted.").WaitForAsync();
    }

    private static async Task SignOutAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Olivia Owner" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByLabel("E-mail address").WaitForAsync();
    }

    private static async Task CheckAsync(IPage page, string name)
    {
        await Screenshots.TakeAsync(page, name);
        await Accessibility.CheckAsync(page, name);
    }

    private sealed class VirtualAuthenticator(ICDPSession devTools, string id)
    {
        public static async Task<VirtualAuthenticator> AddAsync(IPage page)
        {
            var devTools = await page.Context.NewCDPSessionAsync(page);
            await devTools.SendAsync("WebAuthn.enable");
            var made = await devTools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
            {
                ["options"] = new
                {
                    protocol = "ctap2", transport = "internal", hasResidentKey = true, hasUserVerification = true, isUserVerified = true, automaticPresenceSimulation = true,
                },
            });
            return new VirtualAuthenticator(devTools, made!.Value.GetProperty("authenticatorId").GetString()!);
        }

        public async Task<int> CredentialsAsync() =>
            (await devTools.SendAsync("WebAuthn.getCredentials", new() { ["authenticatorId"] = id }))!.Value.GetProperty("credentials").GetArrayLength();

        /// <summary>Whether the finger fits from now on.</summary>
        public Task<JsonElement?> VerifyAsync(bool fits) => devTools.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = id, ["isUserVerified"] = fits });
    }
}
