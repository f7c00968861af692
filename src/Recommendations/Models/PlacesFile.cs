using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Places;

namespace Wellmet.Recommendations.Models;

/// <summary>What sells where, inside a model file: number of countries and their codes; offsets, products and shares, and counts, each array after its length.</summary>
internal static class PlacesFile
{
    public static void Write(BinaryWriter writer, ShopPlaces places)
    {
        writer.Write(places.Countries.Count);
        foreach (var country in places.Countries)
        {
            writer.Write(country);
        }
        HabitsFile.WriteArray(writer, places.Bestsellers.Offsets);
        HabitsFile.WriteArray(writer, places.Bestsellers.Entries);
        HabitsFile.WriteArray<int>(writer, [.. places.Orders]);
    }

    /// <exception cref="EndOfStreamException">Cut short.</exception>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public static ShopPlaces Read(BinaryReader reader)
    {
        var countries = new List<string>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            countries.Add(reader.ReadString());
        }
        return new ShopPlaces(countries, new PlaceRanking(HabitsFile.ReadArray<int>(reader), HabitsFile.ReadArray<Neighbour>(reader)), HabitsFile.ReadArray<int>(reader));
    }
}
