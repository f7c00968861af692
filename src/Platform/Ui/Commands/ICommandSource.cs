namespace Wellmet.Platform.Ui.Commands;

/// <summary>
/// Something the command bar finds: customers, orders, products, pages. Register it as a service; it finds only what the
/// current actor may see, and at most a handful.
/// </summary>
public interface ICommandSource
{
    /// <param name="query">What was typed, trimmed, at most 100 characters; empty when the bar has just opened.</param>
    Task<IReadOnlyList<CommandItem>> FindAsync(string query, CancellationToken cancel);
}

/// <summary>One result, with translated texts.</summary>
/// <param name="Group">Heading it stands under: Pages, Customers, …</param>
/// <param name="Hint">Shown faintly at the right: an order's date, a customer's last order.</param>
public sealed record CommandItem(string Group, string Label, string Path, string Icon, string? Hint = null);
