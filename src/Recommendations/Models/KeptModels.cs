using System.Collections.Concurrent;

namespace Wellmet.Recommendations.Models;

/// <summary>Models of earlier days for the placements that name one: read once, and held as long as their files stand. Who was erased is in none (<see cref="ModelVersions.ForgetErasedAsync"/>).</summary>
public sealed class KeptModels(ModelStore models, ModelVersions versions)
{
    /// <summary>So many are held in memory: an experiment compares two, rarely three.</summary>
    private const int Held = 3;

    private readonly ConcurrentDictionary<DateOnly, Lazy<ShopModel?>> held = new();

    /// <summary>Null where there is none of the day any more, or its file is damaged.</summary>
    public ShopModel? Of(DateOnly day)
    {
        if (models.Current is { } current && current.Card.Day == day)
        {
            return current;
        }
        if (!versions.Has(day))
        {
            held.TryRemove(day, out _);
            return null;
        }
        var model = held.GetOrAdd(day, d => new Lazy<ShopModel?>(() => versions.Load(d))).Value;
        foreach (var other in held.Keys.Where(d => d != day).Skip(Held - 1))
        {
            held.TryRemove(other, out _);
        }
        return model;
    }
}

/// <summary>The model that answers this request. Take it once for each list.</summary>
public sealed class ServedModel(ModelStore models, KeptModels kept)
{
    private DateOnly? day;

    /// <summary>Null until something was trained.</summary>
    public ShopModel? Current => day is { } named && kept.Of(named) is { } earlier ? earlier : models.Current;

    /// <summary>From now on the kept model of a day answers, as long as there is one; null: the newest.</summary>
    internal void Use(DateOnly? ofDay) => day = ofDay;
}
