namespace Wellmet.Demo.Contract;

/// <summary>How far a demo shop has come.</summary>
public enum DemoStage
{
    Making,
    Ready,
    Removing,
}

/// <param name="DemoId">The id of its storefront, and the import id of everything in it.</param>
/// <param name="Done">Customers made, or removed, so far.</param>
public sealed record DemoShopState(Guid DemoId, DemoStage Stage, long Customers, int Months, long Done);

/// <summary>What other modules may ask about the demo shop.</summary>
public interface IDemoShop
{
    /// <summary>Null where there is none.</summary>
    Task<DemoShopState?> FindAsync(CancellationToken ct);
}
