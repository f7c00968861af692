using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Experiments;
using Wellmet.Recommendations.Placements;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Effects;

/// <summary>
/// A page of the shop tells what a visitor saw at a placement, and what they chose. That is counted, of nobody; who is signed in, or whose visitor number the page names, and may be measured is remembered with what they
/// chose, so that an order can be put down to the place.
/// </summary>
public sealed class TellShown(PageVisitor visitor, PlacementStore placements, ICatalog catalog, IPurposeGate gate, ShownCounter counter, CountVariant variant, Database database, TimeProvider time)
{
    /// <summary>So many products stand in a list at most.</summary>
    public const int Most = Limit.Most;

    /// <param name="Shown">Codes of products that were seen.</param>
    /// <param name="Chosen">Code of the one that was chosen; null for none.</param>
    /// <param name="Proof">The identity proof of who is signed in; null for nobody.</param>
    /// <param name="PrivacyControl">The browser asks not to be measured (Global Privacy Control).</param>
    /// <param name="AnonymousId">The number that the page gave to the visitor; null for none.</param>
    /// <param name="Experiment">The one in which the list stood, as its answer said; null for none.</param>
    public sealed record Request(string Placement, IReadOnlyList<string> Shown, string? Chosen, string? Proof, bool PrivacyControl, Guid? Experiment = null, string? AnonymousId = null)
    {
        /// <summary>Of a mixed list: what the answer said of who gave them, by the codes of the products.</summary>
        public IReadOnlyDictionary<string, string>? Variants { get; init; }
    }

    /// <exception cref="ProblemException"><c>placement_unknown</c>.</exception>
    public async Task RunAsync(Request request, CancellationToken ct)
    {
        var customer = await visitor.EnterAsync(request.PrivacyControl ? null : request.Proof, RecommendationsPermissions.Read, ct);
        var placement = await placements.FindAsync(request.Placement, ct) ?? throw new ProblemException("placement_unknown", "There is no such placement.", 404);
        // Codes that nobody sells are no products: a public key must not fill the table.
        var known = await catalog.BySkuAsync([.. request.Shown, .. request.Chosen is null ? [] : new[] { request.Chosen }], ct);
        var chosen = request.Chosen is { } code ? known.GetValueOrDefault(code)?.ProductId : null;
        Guid[] shown = [.. request.Shown.Where(known.ContainsKey).Select(s => known[s].ProductId).Distinct()];
        counter.Count(placement.Name, shown, chosen);
        if (chosen is null && request.Experiment is null)
        {
            return;
        }
        if (await visitor.CountedAsync(customer, request.PrivacyControl ? null : request.AnonymousId, ct) is not { } subject || !(await gate.AskAsync(new DataUse(Purpose.Measurement, Channel.Web), [subject], ct))[subject].Allowed)
        {
            return;
        }
        if (request.Experiment is { } experiment)
        {
            await variant.RunAsync(new(experiment, placement.Name, subject, shown, chosen) { GivenCodes = CodesOf(request, known) }, ct);
        }
        if (chosen is { } product)
        {
            var now = time.GetUtcNow();
            await database.WriteAsync(tx => tx.ExecuteAsync("""
                insert into recommendations_choices (subject_id, product_id, placement, day, chosen_at) values (@subject, @product, @Name, @day, @now) on conflict do nothing
                """, new { subject, product, placement.Name, day = DateOnly.FromDateTime(now.UtcDateTime), now }, ct), ct);
        }
    }

    private static Dictionary<Guid, string> CodesOf(Request request, IReadOnlyDictionary<string, ProductLabel> known) =>
        (request.Variants ?? new Dictionary<string, string>()).Where(v => known.ContainsKey(v.Key)).GroupBy(v => known[v.Key].ProductId).ToDictionary(v => v.Key, v => v.First().Value);
}

/// <summary>Counts and choices are kept for sixty days.</summary>
internal sealed class EffectsExpiry(Database database, TimeProvider time) : IExpiry
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(60);

    public Task<int> DeleteExpiredAsync(CancellationToken ct) => database.WriteAsync(async tx =>
    {
        var before = time.GetUtcNow() - Kept;
        return await tx.ExecuteAsync("delete from recommendations_choices where chosen_at < @before", new { before }, ct)
            + await tx.ExecuteAsync("delete from recommendations_shown where day < @day", new { day = DateOnly.FromDateTime(before.UtcDateTime) }, ct);
    }, ct);
}
