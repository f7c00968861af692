using Wellmet.Platform.Access;
using Wellmet.Platform.Modules;

namespace Wellmet.Platform.Ui.Commands;

/// <summary>The pages of the navigation, by their name in the viewer's language or in English.</summary>
internal sealed class MenuCommands(ModuleCatalog modules, CurrentActor actor, Words words) : ICommandSource
{
    public Task<IReadOnlyList<CommandItem>> FindAsync(string query, CancellationToken cancel)
    {
        var found = modules.Menu
            .Where(e => actor.May(e.Permission))
            .Where(e => Matches(words[e.Label], query) || Matches(e.Label, query))
            .Select(e => new CommandItem(words["Go to"], words[e.Label], e.Path, e.Icon, words[e.Group] == words[e.Label] ? null : words[e.Group]));
        return Task.FromResult<IReadOnlyList<CommandItem>>([.. found]);
    }

    private static bool Matches(string label, string query) => label.Contains(query, StringComparison.CurrentCultureIgnoreCase);
}
