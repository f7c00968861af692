using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Keys;

/// <summary>What the keys of programs are called, for pages that show what came in under them. Names only.</summary>
public sealed class AccessKeyNames(Database database)
{
    public async Task<IReadOnlyDictionary<Guid, string>> AllAsync(CancellationToken ct) =>
        (await database.ReadAsync(s => s.QueryAsync("select id, name from access_keys", null, r => (Id: r.Guid(0), Name: r.Text(1)), ct), ct)).ToDictionary(k => k.Id, k => k.Name);
}
