using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Rollups;

/// <summary>How counting shares the machine.</summary>
/// <param name="Bulk">Whether a command fills the shop and nobody waits for pages here: then large steps, which count a sale in a quarter of the time.</param>
public sealed record RollupOptions(bool Bulk = false)
{
    /// <summary>Sales in one transaction. Small ones, some 10,000 products, take 50 ms on SQLite; a server that runs beside a command on SQLite waits for its steps.</summary>
    internal int Step(Engine engine) => (Bulk, engine) switch
    {
        (false, _) => 500,
        (true, Engine.Sqlite) => 1_000,
        _ => 20_000,
    };
}
