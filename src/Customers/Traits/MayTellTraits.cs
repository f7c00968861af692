using Microsoft.Extensions.DependencyInjection;
using Wellmet.Customers.Schema;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;

namespace Wellmet.Customers.Traits;

/// <summary>Of whom traits may stand in clear for segments: of those who do not object to being addressed by what is known of them. Their traits stay sealed.</summary>
internal sealed class MayTellTraits(TraitBook book, IServiceScopeFactory scopes)
{
    private static readonly DataUse Use = new(Purpose.Personalisation);

    /// <summary>Those of the subjects of whom it may be done; asked only where something would be told.</summary>
    public async Task<IReadOnlySet<Guid>> AskAsync(IEnumerable<TraitRun> said, CancellationToken ct)
    {
        var schema = await book.CurrentAsync(ct);
        return schema.TellsAny ? await AskAsync(said.Where(r => schema.Of(r.Name).IsTold).Select(r => r.SubjectId).ToHashSet(), ct) : new HashSet<Guid>();
    }

    public async Task<IReadOnlySet<Guid>> AskAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        if (subjects.Count == 0)
        {
            return new HashSet<Guid>();
        }
        // A scope of its own: the gate remembers its answers.
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        var answer = await scope.ServiceProvider.GetRequiredService<IPurposeGate>().AskAsync(Use, subjects, ct);
        return subjects.Where(s => answer[s].Allowed).ToHashSet();
    }
}
