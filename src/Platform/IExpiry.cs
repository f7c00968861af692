namespace Wellmet.Platform;

/// <summary>What a module keeps for a time only. <see cref="Housekeeping"/> calls it once an hour, on every server.</summary>
public interface IExpiry
{
    /// <summary>Deletes what has expired; answers how many rows and files went.</summary>
    Task<int> DeleteExpiredAsync(CancellationToken ct);
}
