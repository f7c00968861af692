using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Security;

/// <summary>Keeps the keys of Data Protection in the database, so that all nodes and the next start share them.</summary>
/// <remarks>Takes the database when it is first used: the framework makes this object before folders and keys are ready.</remarks>
internal sealed class KeyRing(IServiceProvider services, TimeProvider time) : IXmlRepository
{
    private Database Database => services.GetRequiredService<Database>();

    // The interface is synchronous; it is called at the start and once a day.
    public IReadOnlyCollection<XElement> GetAllElements() => Database.ReadAsync(s => s.QueryAsync(
        "select xml from access_key_ring order by created_at", null, r => XElement.Parse(r.Text(0)), CancellationToken.None), CancellationToken.None).GetAwaiter().GetResult();

    public void StoreElement(XElement element, string friendlyName) => Database.WriteAsync(tx => tx.ExecuteAsync("""
        insert into access_key_ring (name, xml, created_at) values (@friendlyName, @xml, @now)
        on conflict (name) do update set xml = excluded.xml
        """, new { friendlyName, xml = element.ToString(SaveOptions.DisableFormatting), now = time.GetUtcNow() }), CancellationToken.None).GetAwaiter().GetResult();
}
