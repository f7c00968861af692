using Wellmet.Platform.Storage;
using Wellmet.Science.Lifecycles;
using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Lifecycles;

/// <summary>What the last scoring found of a customer.</summary>
/// <param name="RhythmDays">Days that usually pass until their next purchase; null for who never ordered, as is all that follows.</param>
/// <param name="SpentMinor">What is left of their orders' revenue, in minor units of the shop's currency.</param>
/// <param name="Recency">1 to 5, 5 the most recent; frequency and monetary likewise.</param>
public sealed record CustomerScore(Guid CustomerId, LifecycleStage Stage, int Orders, DateTimeOffset? LastOrderAt, double? RhythmDays, long SpentMinor, int? Recency, int? Frequency, int? Monetary)
{
    /// <summary>Traits that rules can ask.</summary>
    public const string StageTrait = "lifecycle_stage", RecencyTrait = "rfm_recency", FrequencyTrait = "rfm_frequency", MonetaryTrait = "rfm_monetary", ValueTrait = "rfm_value", GroupTrait = "rfm_group";

    /// <summary>Frequency and monetary value as one score.</summary>
    public int? Value => Frequency is { } f && Monetary is { } m ? RfmGroups.ValueOf(f, m) : null;

    /// <summary>Null for who never ordered.</summary>
    public RfmGroup? Group => Recency is { } r && Value is { } v ? RfmGroups.Of(r, v) : null;

    /// <summary>Ten times the score of recency and that of value.</summary>
    public int? Cell => Recency * 10 + Value;

    /// <summary>What is noted of somebody.</summary>
    /// <param name="score">Null for who is scored no more.</param>
    internal static IReadOnlyList<NotedTrait> TraitsOf(CustomerScore? score)
    {
        static FactValue? Number(int? n) => n is { } given ? FactValue.Of((decimal)given) : null;
        return
        [
            new(StageTrait, score is null ? null : FactValue.Of(EnumText.Of(score.Stage))), new(RecencyTrait, Number(score?.Recency)), new(FrequencyTrait, Number(score?.Frequency)),
            new(MonetaryTrait, Number(score?.Monetary)), new(ValueTrait, Number(score?.Value)), new(GroupTrait, score?.Group is { } group ? FactValue.Of(EnumText.Of(group)) : null),
        ];
    }

    internal static readonly BulkInsert<CustomerScore> Insert = new("segments_scores",
        new("subject_id", typeof(Guid), s => s.CustomerId), new("stage", typeof(LifecycleStage), s => s.Stage), new("orders", typeof(int), s => s.Orders), new("last_order_at", typeof(DateTimeOffset), s => s.LastOrderAt),
        new("rhythm_days", typeof(double), s => s.RhythmDays), new("spent", typeof(long), s => s.SpentMinor), new("recency", typeof(int), s => s.Recency), new("frequency", typeof(int), s => s.Frequency),
        new("monetary", typeof(int), s => s.Monetary), new("cell", typeof(int), s => s.Cell))
    {
        OnConflict = """
            on conflict (subject_id) do update set stage = excluded.stage, orders = excluded.orders, last_order_at = excluded.last_order_at, rhythm_days = excluded.rhythm_days, spent = excluded.spent,
            recency = excluded.recency, frequency = excluded.frequency, monetary = excluded.monetary, cell = excluded.cell
            """,
    };

    internal const string Columns = "subject_id, stage, orders, last_order_at, rhythm_days, spent, recency, frequency, monetary";

    internal static CustomerScore Read(Row r)
    {
        int? Score(int i) => r.IsNull(i) ? null : r.Int(i);
        return new CustomerScore(r.Guid(0), r.Enum<LifecycleStage>(1), r.Int(2), r.TimeOrNull(3), r.IsNull(4) ? null : r.Double(4), r.Long(5), Score(6), Score(7), Score(8));
    }
}
