using System.Runtime.InteropServices;
using Wellmet.Science.Products;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Clocks;
using Wellmet.Science.Recommenders.Types;

namespace Wellmet.Recommendations.Models;

/// <summary>The habits inside a model file: names of the types, the type of each item, clocks, relations, complements; each array after its length.</summary>
internal static class HabitsFile
{
    public static void Write(BinaryWriter writer, ShopHabits habits)
    {
        writer.Write(habits.TypeNames.Count);
        foreach (var name in habits.TypeNames)
        {
            writer.Write(name);
        }
        var types = habits.Clocks.Types;
        WriteArray(writer, Enumerable.Range(0, types.ItemCount).Select(types.Of).ToArray());
        WriteArray(writer, habits.Clocks.Clocks);
        WriteArray(writer, habits.Relations.Offsets);
        WriteArray(writer, habits.Relations.Entries);
        WriteNeighbours(writer, habits.Complements);
    }

    /// <summary>How many each item has, then all of them.</summary>
    public static void WriteNeighbours(BinaryWriter writer, Neighbours neighbours)
    {
        WriteArray(writer, Enumerable.Range(0, neighbours.ItemCount).Select(item => neighbours.Of(item).Length).ToArray());
        WriteArray(writer, Enumerable.Range(0, neighbours.ItemCount).SelectMany(item => neighbours.Of(item).ToArray()).ToArray());
    }

    /// <inheritdoc cref="Read"/>
    public static Neighbours ReadNeighbours(BinaryReader reader, int items)
    {
        var lengths = ReadArray<int>(reader);
        var offsets = new int[items + 1];
        for (var item = 0; item < Math.Min(items, lengths.Length); item++)
        {
            offsets[item + 1] = offsets[item] + lengths[item];
        }
        return new Neighbours(offsets, ReadArray<Neighbour>(reader));
    }

    /// <exception cref="EndOfStreamException">Cut short.</exception>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public static ShopHabits Read(BinaryReader reader, int items)
    {
        var names = new string[Length(reader, 1)];
        for (var type = 0; type < names.Length; type++)
        {
            names[type] = reader.ReadString();
        }
        var types = new ItemTypes(TypeTree.Flat(names.Length), ReadArray<int>(reader));
        var clocks = new RepurchaseClocks(types, ReadArray<TypeClock>(reader));
        var relations = new TypeRelations(ReadArray<int>(reader), ReadArray<TypeRelation>(reader));
        return new ShopHabits(names, clocks, relations, ReadNeighbours(reader, items));
    }

    public static void WriteArray<T>(BinaryWriter writer, ReadOnlySpan<T> values) where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }

    public static T[] ReadArray<T>(BinaryReader reader) where T : unmanaged
    {
        var values = new T[Length(reader, Marshal.SizeOf<T>())];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <summary>A damaged length ends here, not in a huge allocation.</summary>
    private static int Length(BinaryReader reader, int size)
    {
        var length = reader.ReadInt32();
        return length >= 0 && length * (long)size <= reader.BaseStream.Length - reader.BaseStream.Position ? length : throw new EndOfStreamException();
    }
}
