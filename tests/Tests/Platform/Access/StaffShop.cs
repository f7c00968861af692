using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Security;
using Wellmet.Platform.Storage;

namespace Wellmet.Tests.Platform.Access;

/// <summary>A shop with staff and a clock that the test moves; no web server.</summary>
internal sealed class StaffShop : IAsyncDisposable
{
    public const string Password = WebShop.Password;
    public static readonly Origin Office = new("203.0.113.0/24", "Firefox, Linux");

    private StaffShop(TestShop shop, ManualClock clock) => (Shop, Clock) = (shop, clock);

    public TestShop Shop { get; }
    public ManualClock Clock { get; }

    public static async Task<StaffShop> OpenAsync(Engine engine)
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 1, 9, 0, 0, TimeSpan.Zero));
        var web = new WebOptions(new Uri("https://crm.example.com"), []);
        return new StaffShop(await TestShop.OpenAsync(engine, workers: false, s => s.AddSingleton<TimeProvider>(clock).AddStaff(web), modules: []), clock);
    }

    /// <summary>Somebody who has signed in once by their invitation.</summary>
    public async Task<(Guid Id, SecretToken Session)> JoinAsync(Role role, string email)
    {
        var invited = await Shop.UseAsync<InviteStaff, InviteStaff.Answer>(u => u.RunAsync(new(role, "Test"), CancellationToken.None));
        var session = await Shop.UseAsync<RedeemSignInLink, SecretToken?>(
            u => u.RunAsync(new(invited.Link.Segments[^1], email, "Test", Password, Office), CancellationToken.None), Actor.Anonymous);
        return (invited.StaffId, session!.Value);
    }

    public Task<SignInAnswer> SignInAsync(string email, string password = Password, Origin? origin = null) =>
        Shop.UseAsync<SignIn, SignInAnswer>(u => u.RunAsync(new(email, password, origin ?? Office), CancellationToken.None), Actor.Anonymous);

    public Task<LiveSession?> FindAsync(SecretToken session, bool attended = true) => Shop.Get<SessionStore>().FindAsync(session.Text, attended, CancellationToken.None);

    /// <summary>Runs a use case as the holder of a session.</summary>
    public async Task<TResult> AsAsync<T, TResult>(SecretToken session, Func<T, Task<TResult>> use) where T : notnull
    {
        var live = await FindAsync(session) ?? throw new InvalidOperationException("The session has ended.");
        await using var scope = Shop.Services.CreateAsyncScope();
        var catalog = Shop.Get<ModuleCatalog>();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = new Actor(live.Member.Id, live.Member.Id.ToString(), live.Member.Role,
            p => catalog.Permissions.TryGetValue(p, out var roles) && roles.Contains(live.Member.Role));
        var current = scope.ServiceProvider.GetRequiredService<CurrentSession>();
        (current.Id, current.VerifiedAt, current.Origin) = (live.Id, live.VerifiedAt, live.Origin);
        return await use(scope.ServiceProvider.GetRequiredService<T>());
    }

    public Task AsAsync<T>(SecretToken session, Func<T, Task> use) where T : notnull => AsAsync<T, int>(session, async t => { await use(t); return 0; });

    public ValueTask DisposeAsync() => Shop.DisposeAsync();
}
