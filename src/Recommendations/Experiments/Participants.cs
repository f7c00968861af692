using System.Runtime.CompilerServices;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Experiments;
using Wellmet.Platform.Purposes;

namespace Wellmet.Recommendations.Experiments;

/// <summary>A customer who takes part in an experiment.</summary>
/// <param name="Units">As whom they were shown it, the first one first: several where they were merged since.</param>
/// <param name="Subjects">All of theirs.</param>
/// <param name="May">Whether they may be measured now.</param>
internal sealed record Participant(IReadOnlyList<ExperimentUnit> Units, IReadOnlyList<Guid> Subjects, bool May);

/// <summary>Who takes part in an experiment, customer by customer: what somebody did counts once, as however many units they were shown it.</summary>
public sealed class Participants(ICustomers customers, IPurposeGate gate)
{
    private const int Page = 500;

    /// <param name="units">The first ones first.</param>
    internal async IAsyncEnumerable<IReadOnlyList<Participant>> PagesAsync(IReadOnlyList<ExperimentUnit> units, [EnumeratorCancellation] CancellationToken ct)
    {
        var owners = new Dictionary<Guid, Guid>();
        foreach (var page in units.Select(u => u.SubjectId).Distinct().Chunk(Page))
        {
            var of = await customers.CustomersOfAsync(page, ct);
            page.ToList().ForEach(subject => owners[subject] = of.GetValueOrDefault(subject, subject));
        }
        foreach (var page in units.GroupBy(u => owners[u.SubjectId]).Chunk(Page))
        {
            var may = await gate.AskAsync(new DataUse(Purpose.Measurement, Channel.Web), [.. page.Select(p => p.Key)], ct);
            var subjects = await customers.SubjectsOfAsync([.. page.Select(p => p.Key)], ct);
            yield return [.. page.Select(person => new Participant([.. person], [.. subjects[person.Key].Append(person.Key).Concat(person.Select(u => u.SubjectId)).Distinct()], may[person.Key].Allowed))];
        }
    }
}
