using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Members;

/// <summary>What was told of the shop's own traits and does not hold any more, in a run of deliveries: what stands is to go, and what comes late with it is passed over.</summary>
internal sealed class ForgottenTraits
{
    private readonly Dictionary<Guid, (long Seq, HashSet<string> Kinds)> bySubject;

    public ForgottenTraits(IEnumerable<Delivery> deliveries) => bySubject = deliveries.Where(d => d.Event is ShopTraitsForgotten).GroupBy(d => d.SubjectId)
        .ToDictionary(g => g.Key, g => (g.Max(d => d.Seq), g.SelectMany(d => ((ShopTraitsForgotten)d.Event).Names).Select(n => FactKinds.Trait + n).ToHashSet()));

    public IReadOnlyCollection<Guid> Subjects => bySubject.Keys;

    /// <summary>Whether a delivery was taken back by a later one.</summary>
    public bool Voids(Delivery delivery) => delivery.Event is ShopTraitsTold && bySubject.TryGetValue(delivery.SubjectId, out var forgotten) && delivery.Seq < forgotten.Seq;

    /// <summary>Whether a fact that stands is to go.</summary>
    public bool Covers(Guid subject, PackedFact fact, HistoryStore store) => bySubject.TryGetValue(subject, out var forgotten) && fact.Seq < forgotten.Seq && forgotten.Kinds.Contains(store.KindOf(fact));
}
