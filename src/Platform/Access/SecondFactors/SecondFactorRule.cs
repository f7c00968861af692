using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.SecondFactors;

/// <summary>
/// Owners need a second factor: they may do everything, so a stolen password must not be enough. From their first sign-in on they have a week to set
/// one up; then every other page waits for it. Nobody is locked out: signing in and one's own account stay open. On unless an owner turned it off.
/// </summary>
public sealed class SecondFactorRule(Database database)
{
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);
    private const string Name = "owners_need_second_factor", Off = "off";

    public async Task<bool> IsOnAsync(CancellationToken ct) =>
        await database.ReadAsync(s => s.FirstAsync("select value from access_settings where name = @Name", new { Name }, r => r.Text(0), ct), ct) != Off;

    /// <summary>From when on this person's pages wait for a second factor; null where nothing is asked of them.</summary>
    public async Task<DateTimeOffset?> DueAtAsync(StaffMember member, CancellationToken ct) =>
        member is { Role: Role.Owner, HasSecondFactor: false, SecondFactorDueAt: { } due } && await IsOnAsync(ct) ? due : null;

    internal static Task SetAsync(Transaction tx, bool on, CancellationToken ct) => tx.ExecuteAsync(
        "insert into access_settings (name, value) values (@Name, @value) on conflict (name) do update set value = excluded.value", new { Name, value = on ? "on" : Off }, ct);
}
