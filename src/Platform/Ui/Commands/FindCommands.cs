namespace Wellmet.Platform.Ui.Commands;

/// <summary>Asks every source what the command bar should offer for a text.</summary>
internal sealed class FindCommands(IEnumerable<ICommandSource> sources)
{
    private const int MaximumQueryLength = 100;

    public async Task<IReadOnlyList<CommandItem>> RunAsync(string? query, CancellationToken cancel)
    {
        var text = (query ?? "").Trim();
        if (text.Length > MaximumQueryLength)
        {
            return [];
        }
        var items = new List<CommandItem>();
        foreach (var source in sources)
        {
            items.AddRange(await source.FindAsync(text, cancel));
        }
        return items;
    }
}
